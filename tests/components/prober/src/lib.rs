//! Misbehaves as its config says, for tests of what the kernel then does.

#![no_std]

mod act;
mod machine;

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, WireError, system};

use act::Act;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Says what it is about to do, does it, and says so if it is still there.
pub struct Prober<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Prober<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Prober<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let name = self.config.act;
        let Some(act) = Act::named(name) else {
            self.say(format_args!("there is no act `{name}`"))?;
            return Err(WireError::Malformed);
        };
        self.say(format_args!("about to: {name}"))?;
        match act {
            Act::Scribble => self.scribble(),
            _ => act.perform()?,
        }
        self.say(format_args!("survived: {name}"))
    }
}

impl<P: Ports> Prober<P> {
    /// Writes over memory that it shares with a server, and wakes the server in the midst of it.
    fn scribble(&self) {
        let Config { address, bytes, rounds, .. } = self.config;
        let mut random = 0x2545_F491_u32;
        for _ in 0..rounds {
            for place in (address..address + bytes).step_by(4) {
                random ^= random << 13;
                random ^= random >> 17;
                random ^= random << 5;
                // Small numbers are indices and lengths that could be true.
                machine::write(place as usize, if random & 1 == 0 { random % 9 } else { random });
                if random.is_multiple_of(61) {
                    system::signal(act::SERVER);
                }
            }
        }
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
