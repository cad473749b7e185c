//! A thread's registers, as kernel entry saves them and the way out restores them.

use abi::{Badge, MESSAGE_WORDS, Status, Tag, Words};

/// The registers of a thread that does not run.
///
/// The assembly of `arch` addresses the fields by their names; nothing else fixes the layout. The MSR is
/// not among them: every thread runs with [`USER_MSR`](crate::arch::USER_MSR), and what a Program
/// interrupt leaves in SRR1 is not the MSR (QEMU adds reason bits to it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Context {
    /// General registers.
    pub gpr: [u32; 32],
    /// Condition register.
    pub cr: u32,
    /// Link register.
    pub lr: u32,
    /// Count register.
    pub ctr: u32,
    /// Integer exception register.
    pub xer: u32,
    /// Next instruction.
    pub pc: u32,
}

/// The number of the next instruction's address among the [registers](Context::register).
pub const PROGRAM_COUNTER: u32 = 36;

/// First register of a message's words, and that of notification bits.
pub const FIRST_WORD: usize = 3;

impl Context {
    /// All registers zero.
    pub const ZERO: Self = Self { gpr: [0; 32], cr: 0, lr: 0, ctr: 0, xer: 0, pc: 0 };

    /// The registers with which a thread starts.
    #[cfg(test)]
    pub(crate) const fn start(entry: u32, stack_pointer: u32) -> Self {
        let mut context = Self::ZERO;
        context.pc = entry;
        context.gpr[1] = stack_pointer;
        context
    }

    /// The tag in `r12`.
    pub fn tag(&self) -> Tag {
        Tag::from_bits(self.gpr[12])
    }

    /// The words that the tag says were sent; the others zero.
    #[inline(always)]
    pub fn words(&self) -> Words {
        let sent = self.tag().words();
        core::array::from_fn(|index| if index < sent { self.gpr[FIRST_WORD + index] } else { 0 })
    }

    /// Completes a system call without a message: the status, and zero in every other register that a
    /// call may change.
    pub fn answer(&mut self, status: Status) {
        self.answer_bits(status, 0);
    }

    /// Completes a system call with notification bits in `r3`.
    #[inline(never)]
    pub fn answer_bits(&mut self, status: Status, bits: u32) {
        // Were the zero known, the compiler would call `memset`, which takes eighty instructions for these nine.
        let zero = core::hint::black_box(0);
        let words = [bits, zero, zero, zero, zero, zero, zero, zero];
        self.deliver(status, Badge(zero), Tag::from_bits(zero), words);
    }

    /// The register of a number, as [`ReadRegisters`](abi::Call::ReadRegisters) counts them.
    #[inline(never)]
    pub fn register(&mut self, number: u32) -> Option<&mut u32> {
        match number {
            0..=31 => self.gpr.get_mut(number as usize),
            32 => Some(&mut self.cr),
            33 => Some(&mut self.lr),
            34 => Some(&mut self.ctr),
            35 => Some(&mut self.xer),
            PROGRAM_COUNTER => Some(&mut self.pc),
            _ => None,
        }
    }

    /// Completes a system call with a message.
    #[inline(always)]
    pub fn deliver(&mut self, status: Status, badge: Badge, tag: Tag, words: Words) {
        self.gpr[0] = status as u32;
        self.gpr[FIRST_WORD..FIRST_WORD + MESSAGE_WORDS].copy_from_slice(&words);
        self.gpr[11] = badge.0;
        self.gpr[12] = tag.bits();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_were_not_sent_are_zero() {
        let mut context = Context::ZERO;
        context.gpr = [0xAAAA_AAAA; 32];
        context.gpr[12] = Tag::new(7, 2).bits();
        assert_eq!(context.words(), [0xAAAA_AAAA, 0xAAAA_AAAA, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn an_answer_leaves_nothing_of_the_request() {
        let mut context = Context::ZERO;
        context.gpr = [0xAAAA_AAAA; 32];
        context.answer(Status::PeerGone);
        assert_eq!(context.gpr[0], Status::PeerGone as u32);
        assert!(context.gpr[3..13].iter().all(|word| *word == 0));
        assert!(context.gpr[13..].iter().all(|word| *word == 0xAAAA_AAAA));
    }
}
