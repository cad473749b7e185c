//! Grant ports: authority over the node or over another domain.

use abi::Slot;

use crate::{WireError, system};

/// The authority to end the node's run.
pub trait Halt {
    /// Ends the node's run with an exit code. It comes back only from a mock.
    ///
    /// # Errors
    ///
    /// None on the node; a mock can answer what a test needs.
    fn halt(&mut self, code: u32) -> Result<(), WireError>;
}

/// The authority over another domain.
pub trait Control {
    /// Stops the domain: its threads end, and its peers learn it. One that has stopped stays so.
    ///
    /// # Errors
    ///
    /// None on the node today; a mock can answer what a test needs.
    fn stop(&mut self) -> Result<(), WireError>;
}

/// A `Halt` grant by its capability.
#[derive(Clone, Copy, Debug)]
pub struct NodeHalt {
    slot: Slot,
}

impl NodeHalt {
    /// The grant that the slot holds.
    pub const fn new(slot: Slot) -> Self {
        Self { slot }
    }
}

impl Halt for NodeHalt {
    fn halt(&mut self, code: u32) -> Result<(), WireError> {
        system::halt(self.slot, code)
    }
}

/// A `Control` grant by its capability.
#[derive(Clone, Copy, Debug)]
pub struct DomainControl {
    slot: Slot,
}

impl DomainControl {
    /// The grant that the slot holds.
    pub const fn new(slot: Slot) -> Self {
        Self { slot }
    }
}

impl Control for DomainControl {
    fn stop(&mut self) -> Result<(), WireError> {
        system::stop(self.slot)
    }
}
