//! Ends and restarts two domains, as a watcher would, now while they run and now while they wait.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::Console;
use runtime::{Active, Control, Halt, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Ends and restarts two domains.
pub struct Landlord<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Landlord<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Landlord<P> {
    fn pause(&mut self) -> Result<(), WireError> {
        let timer = &mut self.wires.pause;
        timer.arm(timer.now() + timer.frequency() / 50);
        timer.wait()
    }
}

impl<P: Ports> Active for Landlord<P> {
    fn run(&mut self) -> Result<(), WireError> {
        for _ in 0..self.config.rounds {
            self.pause()?;
            // Stopped for a while, or without a pause.
            self.wires.first.stop()?;
            self.wires.second.restart()?;
            self.pause()?;
            self.wires.console.write(b"again\n")?;
            self.wires.first.restart()?;
            self.wires.second.stop()?;
            self.pause()?;
            self.wires.second.restart()?;
        }
        self.pause()?;
        self.wires.node.halt(0)
    }
}
