//! Grant ports: device control registers.

use abi::Slot;

use crate::{WireError, system};

/// A range of device control registers. The kernel reads and writes them: the instructions are
/// privileged.
pub trait Dcr {
    /// Reads the register with a number within the range, from 0.
    ///
    /// # Errors
    ///
    /// [`WireError::Hardware`] if the machine has no such register, though its board's description lists it.
    fn read(&self, number: u32) -> Result<u32, WireError>;

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    fn write(&mut self, number: u32, value: u32) -> Result<(), WireError>;
}

/// A `Dcr` grant by its capability.
#[derive(Clone, Copy, Debug)]
pub struct DcrRange {
    slot: Slot,
}

impl DcrRange {
    /// The grant that the slot holds.
    pub const fn new(slot: Slot) -> Self {
        Self { slot }
    }
}

impl Dcr for DcrRange {
    fn read(&self, number: u32) -> Result<u32, WireError> {
        system::read_dcr(self.slot, number)
    }

    fn write(&mut self, number: u32, value: u32) -> Result<(), WireError> {
        system::write_dcr(self.slot, number, value)
    }
}
