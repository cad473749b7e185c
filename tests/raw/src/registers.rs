//! The registers that a user program has.

use abi::Tag;

use crate::Outcome;

/// All registers that [`enter`](crate::enter) loads and stores. `r1` is not among them: it holds the place where
/// the others are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(8))]
pub struct Registers {
    /// General registers; that of `r1` is not used.
    pub gpr: [u32; 32],
    /// Condition register.
    pub cr: u32,
    /// Link register.
    pub lr: u32,
    /// Count register.
    pub ctr: u32,
    /// Integer exception register: bits 0 to 2 and 25 to 31 exist.
    pub xer: u32,
    /// Where `enter` keeps its own stack pointer.
    stack: u32,
    /// FPSCR, in the floating-point entries.
    pub fpscr: u32,
    /// Floating-point registers, as bits, in the floating-point entries.
    pub fpr: [u64; 32],
}

/// The bits of XER that exist.
pub(crate) const XER_BITS: u32 = 0xE000_007F;

impl Registers {
    /// All zero.
    pub const ZERO: Self =
        Self { gpr: [0; 32], cr: 0, lr: 0, ctr: 0, xer: 0, stack: 0, fpscr: 0, fpr: [0; 32] };

    /// Every register holds `mark` and, in the low byte, its own number: general registers 0 to 31, CR 32, LR 33,
    /// CTR 34, XER 35, floating-point registers 64 to 95.
    pub fn marked(mark: u32) -> Self {
        let of = |number: usize| mark | number as u32;
        Self {
            gpr: core::array::from_fn(of),
            cr: of(32),
            lr: of(33),
            ctr: of(34),
            // Its byte count steers the string instructions only: there, in place of the number, is whose it is.
            xer: 0x2000_0000 | mark >> 16 & 0x7F,
            stack: 0,
            fpscr: 0,
            fpr: core::array::from_fn(|number| u64::from(of(64 + number)) << 32 | u64::from(of(number))),
        }
    }

    /// Puts a system call into the registers that it takes.
    pub fn set_call(&mut self, number: u32, slot: u32, tag: Tag, words: &[u32]) {
        self.gpr[0] = number;
        self.gpr[11] = slot;
        self.gpr[12] = tag.bits();
        for (register, word) in self.gpr[3..11].iter_mut().zip(words) {
            *register = *word;
        }
    }

    /// What a system call left.
    pub fn outcome(&self) -> Outcome {
        Outcome {
            status: self.gpr[0],
            words: core::array::from_fn(|index| self.gpr[3 + index]),
            badge: self.gpr[11],
            tag: Tag::from_bits(self.gpr[12]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::offset_of;

    #[test]
    fn the_assembly_finds_every_register() {
        assert_eq!(offset_of!(Registers, cr), 128);
        assert_eq!(offset_of!(Registers, lr), 132);
        assert_eq!(offset_of!(Registers, ctr), 136);
        assert_eq!(offset_of!(Registers, xer), 140);
        assert_eq!(offset_of!(Registers, stack), 144);
        assert_eq!(offset_of!(Registers, fpscr), 148);
        assert_eq!(offset_of!(Registers, fpr), 152);
    }

    #[test]
    fn no_two_marks_are_alike() {
        let marked = Registers::marked(0x5D01_0200);
        assert_eq!((marked.gpr[31], marked.cr, marked.ctr), (0x5D01_021F, 0x5D01_0220, 0x5D01_0222));
        assert_eq!(marked.fpr[1], 0x5D01_0241_5D01_0201);
    }
}
