//! Ends the node's run after a while.

#![no_std]
#![forbid(unsafe_code)]

use runtime::{Active, Halt, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Waits, then halts.
pub struct Halter<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Halter<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Halter<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let delay = &mut self.wires.delay;
        delay.arm(delay.now() + u64::from(self.config.after));
        delay.wait()?;
        self.wires.node.halt(self.config.code)
    }
}
