//! Saving and loading the floating-point registers.
//!
//! The kernel is compiled without them, so the assembler knows no such instruction: they are emitted as words.
//! It runs with MSR\[FP\] clear but for the few instructions here.
#![expect(unsafe_code, reason = "assembly on the floating-point registers")]

use core::arch::asm;
use ppc440::msr;

/// With MSR\[FP\] set, these instructions on the state to which r3 leads.
macro_rules! with_float {
    ($state:expr, [$($line:literal,)*], $($option:ident),*) => {
        asm!(
            "mfmsr {old}",
            "ori {new}, {old}, {fp}",
            "mtmsr {new}",
            "isync",
            $($line,)*
            "mtmsr {old}",
            "isync",
            old = out(reg) _, new = out(reg) _, fp = const msr::FP, in("r3") $state,
            options($($option),*),
        )
    };
}

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

/// Saves the registers.
///
/// # Safety
///
/// `state` may be written.
pub(super) unsafe fn save(state: *mut FloatState) {
    // SAFETY: the caller keeps the condition; MSR is as before afterwards.
    unsafe {
        with_float!(
            state,
            [
                ".irp f, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
                ".long 0xD8000000 | \\f << 21 | 3 << 16 | 8 * \\f", // stfd \f, 8*\f(3)
                ".endr",
                ".long 0xFC00048E",                 // mffs 0
                ".long 0xD8000000 | 3 << 16 | 256", // stfd 0, 256(3)
            ],
            nostack
        );
    }
}

/// Loads the registers.
///
/// # Safety
///
/// `state` may be read.
pub(super) unsafe fn load(state: *const FloatState) {
    // SAFETY: the caller keeps the condition; MSR is as before afterwards. Soft-float code holds nothing in
    // these registers.
    unsafe {
        with_float!(
            state,
            [
                ".long 0xC8000000 | 3 << 16 | 256", // lfd 0, 256(3)
                ".long 0xFDFE058E",                 // mtfsf 0xff, 0
                ".irp f, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
                ".long 0xC8000000 | \\f << 21 | 3 << 16 | 8 * \\f", // lfd \f, 8*\f(3)
                ".endr",
            ],
            nostack,
            readonly
        );
    }
}
