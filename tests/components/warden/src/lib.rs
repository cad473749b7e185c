//! Stops a machine, lets it go on and starts it afresh, in each state that it can be in.
//!
//! The guest is `apps/lifecycle-guest`. Its lives: a reboot, a watchdog's reset, a death, one that waits for ever, a death
//! again, and one that says every two milliseconds that it lives.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::{Arguments, Write};

use interfaces::Machine;
use interfaces::console::Text;
use interfaces::machine::{self, Status};
use runtime::{Active, Halt, Timer, Wire, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Has a machine's life in its hands.
pub struct Warden<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for Warden<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Warden<P> {
    fn say(&mut self, what: Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_char('\n'));
        text.flush()
    }

    /// Says how the machine is.
    fn tell(&mut self) -> Result<(), WireError> {
        let status = self.wires.machine.status()?;
        match Status::from_bytes(status) {
            Some(Status { phase, reason, starts }) => self.say(format_args!("{phase:?} {reason:?} {starts}")),
            None => self.say(format_args!("no status")),
        }
    }

    fn pause(&mut self, milliseconds: u64) -> Result<(), WireError> {
        let timer = &mut self.wires.pause;
        timer.arm(timer.now() + milliseconds * timer.frequency() / 1000);
        timer.wait()
    }

    /// Waits until the guest ends.
    fn end(&mut self) -> Result<(), WireError> {
        self.wires.machine.wait(machine::ENDED.into())?;
        self.tell()
    }

    fn stop(&mut self) -> Result<(), WireError> {
        let stopped = self.wires.machine.stop()?;
        self.say(format_args!("stop {stopped}"))
    }

    fn resume(&mut self) -> Result<(), WireError> {
        let runs = self.wires.machine.resume()?;
        self.say(format_args!("resume {runs}"))
    }
}

impl<P: Ports> Active for Warden<P> {
    fn run(&mut self) -> Result<(), WireError> {
        for _ in 0..3 {
            self.end()?;
        }
        // It waits for ever.
        self.pause(20)?;
        self.stop()?;
        self.stop()?;
        self.tell()?;
        self.pause(20)?;
        self.resume()?;
        self.tell()?;
        self.stop()?;
        self.wires.machine.reset()?;
        // It is dead.
        self.end()?;
        self.resume()?;
        self.stop()?;
        self.tell()?;
        self.wires.machine.reset()?;
        // It computes.
        self.pause(20)?;
        self.stop()?;
        self.pause(20)?;
        self.say(format_args!("silence"))?;
        self.resume()?;
        self.pause(20)?;
        self.tell()?;
        self.wires.machine.reset()?;
        self.tell()?;
        self.wires.node.halt(0)
    }
}
