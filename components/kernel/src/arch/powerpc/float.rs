//! Saving and loading the floating-point registers.
//!
//! The kernel is compiled without them, so the assembler knows no such instruction: they are emitted as words.
//! It runs with MSR\[FP\] clear but for the few instructions here.
#![expect(unsafe_code, reason = "assembly on the floating-point registers")]

use core::arch::asm;
use ppc440::msr;

/// The floating-point registers of a thread that does not own them.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub struct FloatState {
    /// f0 to f31, then FPSCR in the lower half of a doubleword.
    pub(super) words: [u64; 33],
}

impl FloatState {
    /// With which a thread starts: zero, round to nearest, no exception enabled.
    pub const ZERO: Self = Self { words: [0; 33] };
}

/// Saves the registers of whoever has them, if anybody has, and loads those of another.
///
/// # Safety
///
/// 1. `from` may be written, or is null.
/// 2. `to` may be read.
pub(super) unsafe fn switch(from: *mut FloatState, to: *const FloatState) {
    // SAFETY: the caller keeps both conditions; MSR is as before afterwards. Soft-float code holds nothing in these
    // registers.
    unsafe {
        asm!(
            "mfmsr {old}",
            "ori {new}, {old}, {fp}",
            "mtmsr {new}",
            "isync",
            "cmpwi {from}, 0",
            "beq 2f",
            ".irp f, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            ".long 0xD8000000 | \\f << 21 | {from} << 16 | 8 * \\f", // stfd \f, 8*\f(from)
            ".endr",
            ".long 0xFC00048E",                      // mffs 0
            ".long 0xD8000000 | {from} << 16 | 256", // stfd 0, 256(from)
            "2:",
            ".long 0xC8000000 | {to} << 16 | 256", // lfd 0, 256(to)
            ".long 0xFDFE058E",                    // mtfsf 0xff, 0
            ".irp f, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
            ".long 0xC8000000 | \\f << 21 | {to} << 16 | 8 * \\f", // lfd \f, 8*\f(to)
            ".endr",
            "mtmsr {old}",
            "isync",
            old = out(reg) _, new = out(reg) _, fp = const msr::FP,
            from = in(reg_nonzero) from, to = in(reg_nonzero) to, options(nostack),
        );
    }
}
