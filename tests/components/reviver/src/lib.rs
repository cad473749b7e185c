//! Starts a domain again whenever it has stopped, some times; then it ends the node.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Control, Halt, Inspection, Observe, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The reviver.
pub struct Reviver<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Reviver<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Reviver<P> {
    fn run(&mut self) -> Result<(), WireError> {
        for life in 1..=self.config.lives {
            let victim = self.end()?;
            let mut text = Text::new(&mut self.wires.console);
            // `flush` says what went wrong.
            let _ = writeln!(
                text,
                "it has stopped after life {} and faults {}",
                victim.generation, victim.faults
            );
            text.flush()?;
            if life < self.config.lives {
                self.wires.victim.restart()?;
            }
        }
        self.wires.node.halt(0)
    }
}

impl<P: Ports> Reviver<P> {
    /// Waits until the victim has stopped. That it starts afresh is told as well, and passed over.
    fn end(&mut self) -> Result<Inspection, WireError> {
        loop {
            self.wires.victim.wait()?;
            let victim = self.wires.victim.inspect();
            if !victim.running {
                return Ok(victim);
            }
        }
    }
}
