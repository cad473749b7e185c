//! Enters the kernel with every register as a test wants it, and shows every register afterwards.
//!
//! Components of the test suite use it where the runtime is too well-behaved. It is no part of an image that
//! ships.

#![no_std]

#[cfg(not(target_arch = "powerpc"))]
extern crate std;

mod entry;
mod machine;
mod marks;
mod random;
mod registers;

pub use entry::Entry;
pub use machine::{enter, leave_mark, user_registers};
pub use marks::{Marker, Spoilt};
pub use random::Random;
pub use registers::Registers;

use abi::{Call, Tag, Words};

/// What a system call left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// `r0`.
    pub status: u32,
    /// `r3` to `r10`.
    pub words: Words,
    /// `r11`.
    pub badge: u32,
    /// `r12`.
    pub tag: Tag,
}

/// Makes a system call as it stands in the tables: any number, any slot, any tag.
pub fn call(number: u32, slot: u32, tag: Tag, words: &[u32]) -> Outcome {
    let mut registers = Registers::ZERO;
    registers.set_call(number, slot, tag, words);
    enter(Entry::Call, &mut registers);
    registers.outcome()
}

/// Makes a system call that the tables have.
pub fn system_call(call: Call, slot: u32, words: &[u32]) -> Outcome {
    self::call(call as u32, slot, Tag::new(0, words.len()), words)
}
