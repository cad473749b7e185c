//! Grant ports: the registers of another domain's thread.

use abi::{Slot, Words};

use crate::{WireError, system};

/// The right to a thread's registers. What a fault handler needs to do more than skip an instruction.
///
/// Registers have numbers: 0 to 31 are the general ones, 32 CR, 33 LR, 34 CTR, 35 XER, 36 the next
/// instruction.
pub trait Registers {
    /// Eight registers from `first` on; those that do not exist read as zero.
    fn read(&self, first: u32) -> Words;

    /// Writes a register of a thread that waits for its fault handler. The next instruction is the
    /// handler's answer, and not written.
    ///
    /// # Errors
    ///
    /// [`WireError::PeerGone`] if the thread does not wait for its handler: perhaps somebody has restarted its domain
    /// meanwhile.
    fn write(&mut self, register: u32, value: u32) -> Result<(), WireError>;
}

/// A `Debug` grant by its capability.
#[derive(Clone, Copy, Debug)]
pub struct ThreadRegisters {
    slot: Slot,
}

impl ThreadRegisters {
    /// The grant that the slot holds.
    pub const fn new(slot: Slot) -> Self {
        Self { slot }
    }
}

impl Registers for ThreadRegisters {
    fn read(&self, first: u32) -> Words {
        system::read_registers(self.slot, first)
    }

    fn write(&mut self, register: u32, value: u32) -> Result<(), WireError> {
        system::write_register(self.slot, register, value)
    }
}
