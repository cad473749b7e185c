//! What is debugged.

use core::fmt;

use crate::Register;

/// What was asked for cannot be done: there is no memory at that address, or no room for another breakpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// A processor that has stopped, with its memory.
pub trait Target {
    /// Reads a register; those of 32 bits in the lower half.
    fn register(&mut self, register: Register) -> u64;

    /// Writes a register.
    fn set_register(&mut self, register: Register, value: u64);

    /// Reads memory at an effective address, and says how many bytes from its beginning could be read.
    fn read(&mut self, address: u32, into: &mut [u8]) -> usize;

    /// Writes memory at an effective address.
    ///
    /// # Errors
    ///
    /// [`Refused`] if not all of it lies in memory; what does may have been written.
    fn write(&mut self, address: u32, from: &[u8]) -> Result<(), Refused>;

    /// Has the processor stop before it executes what lies at an effective address. Twice is once.
    ///
    /// # Errors
    ///
    /// [`Refused`].
    fn set_breakpoint(&mut self, address: u32) -> Result<(), Refused>;

    /// Forgets a breakpoint, if it is there.
    fn clear_breakpoint(&mut self, address: u32);

    /// Does what the user asks for by gdb's `monitor`, in words of the target's own.
    ///
    /// # Errors
    ///
    /// What `out` answers.
    fn command(&mut self, words: &str, out: &mut impl fmt::Write) -> fmt::Result;
}
