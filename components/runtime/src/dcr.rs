//! Grant ports: device control registers.

use abi::Slot;

use crate::system;

/// A range of device control registers. The kernel reads and writes them: the instructions are
/// privileged.
pub trait Dcr {
    /// Reads the register with a number within the range, from 0.
    fn read(&self, number: u32) -> u32;

    /// Writes it.
    fn write(&mut self, number: u32, value: u32);
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
    fn read(&self, number: u32) -> u32 {
        system::read_dcr(self.slot, number)
    }

    fn write(&mut self, number: u32, value: u32) {
        system::write_dcr(self.slot, number, value);
    }
}
