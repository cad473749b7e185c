//! Grant ports: authority over the node.

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
