//! Stops a victim, and then the node.
//!
//! The console may be the victim: what the reaper cannot say any more, it does all the same.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Control, Halt, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Stops a victim, and then the node.
pub struct Reaper<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Reaper<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Reaper<P> {
    fn run(&mut self) -> Result<(), WireError> {
        self.pause()?;
        match self.wires.victim.stop() {
            Ok(()) => self.say(format_args!("the victim is stopped")),
            Err(error) => self.say(format_args!("the victim: {error}")),
        }
        self.pause()?;
        self.say(format_args!("the node ends"));
        self.wires.node.halt(self.config.code)
    }
}

impl<P: Ports> Reaper<P> {
    fn pause(&mut self) -> Result<(), WireError> {
        let pacer = &mut self.wires.pacer;
        let mut deadline = pacer.now();
        for _ in 0..self.config.rounds {
            deadline += u64::from(self.config.pause);
            pacer.arm(deadline);
            pacer.wait()?;
        }
        Ok(())
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) {
        let mut text = Text::new(&mut self.wires.console);
        // Nobody is left to hear that nobody hears it.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        let _ = text.flush();
    }
}
