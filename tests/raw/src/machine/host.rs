//! The host has neither the registers nor the kernel.

use crate::{Entry, Registers};

/// Loads all registers, executes the entry's instruction, and stores all registers.
///
/// # Panics
///
/// On the host, always.
pub fn enter(entry: Entry, _: &mut Registers) {
    panic!("{entry:?} needs a PowerPC");
}

/// USPRG0 and SPRG4 to SPRG7: the special registers that a user program can read and no thread's registers hold.
pub fn user_registers() -> [u32; 5] {
    [0; 5]
}

/// Writes USPRG0.
pub fn leave_mark(_: u32) {}
