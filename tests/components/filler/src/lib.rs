//! Fills every register, enters the kernel in every way, and looks at every register afterwards.

#![no_std]
#![forbid(unsafe_code)]

mod entries;
mod judge;
mod paths;

use core::fmt::Write;

use interfaces::Probe;
use interfaces::console::Text;
use raw::Marker;
use runtime::{Active, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Slots as composer gives them: the domain, its notification, then what the manifest lists.
pub(crate) mod slots {
    /// The thread's notification.
    pub(crate) const NOTIFICATION: u32 = 1;
    /// The mirror.
    pub(crate) const PROBE: u32 = 2;
    /// The timer.
    pub(crate) const PACER: u32 = 4;
}

/// Fills registers.
pub struct Filler<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Filler<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Filler<P> {
    fn run(&mut self) -> Result<(), WireError> {
        // From here on the mirror has the thread of its domain.
        self.wires.probe.nothing()?;
        match self.config.mode {
            "entries" => self.entries()?,
            "pace" => return self.pace(),
            "paths" => self.paths()?,
            mode => {
                self.say(format_args!("there is no mode `{mode}`"))?;
                return Err(WireError::Malformed);
            }
        }
        self.say(format_args!("filled"))
    }
}

impl<P: Ports> Filler<P> {
    fn marker(&self) -> Marker {
        Marker(self.config.id)
    }

    /// Takes the core from whoever has it, again and again, and leaves marks everywhere.
    fn pace(&mut self) -> Result<(), WireError> {
        let mut round = 0;
        loop {
            raw::leave_mark(self.marker().special());
            let mut registers = self.marker().fill(round);
            registers.ctr = 1;
            raw::enter(raw::Entry::Spin, &mut registers);
            entries::touch(round);
            round = round.wrapping_add(1);
            let pacer = &mut self.wires.pacer;
            pacer.arm(pacer.now() + u64::from(self.config.pace));
            pacer.wait()?;
        }
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = writeln!(text, "{what}");
        text.flush()
    }
}
