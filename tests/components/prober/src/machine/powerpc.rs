//! The acts as instructions. None of them is allowed but those with marks; the kernel ends the domain at each.

#![expect(unsafe_code, reason = "the acts break the rules on purpose")]

use core::arch::asm;

pub(crate) fn load(address: usize) {
    // SAFETY: none is needed, since the domain ends here: no domain has anything at that address.
    unsafe { asm!("lwz {0}, 0({0})", inout(reg_nonzero) address => _, options(nostack)) };
}

pub(crate) fn store(address: usize) {
    // SAFETY: the domain ends here: the address is not mapped, or not writable.
    unsafe { asm!("stw {0}, 0({0})", in(reg_nonzero) address, options(nostack)) };
}

pub(crate) fn write(address: usize, word: u32) {
    // SAFETY: the spec says where composer has mapped memory that another domain writes as well, so that
    // nothing here relies on it. At any other address the domain ends, or harms itself.
    unsafe { asm!("stw {0}, 0({1})", in(reg) word, in(reg_nonzero) address, options(nostack)) };
}

pub(crate) fn jump(address: usize) {
    // SAFETY: the domain ends here: the address is not mapped, or not executable.
    unsafe { asm!("mtctr {0}", "bctr", in(reg) address, options(nostack)) };
}

pub(crate) fn unknown_call() {
    // SAFETY: the domain ends here: there is no call of that number.
    unsafe { asm!("sc", in("r0") 0xFFFF, in("r11") 0, in("r12") 0, options(nostack)) };
}

pub(crate) fn privileged() {
    // SAFETY: the domain ends here: user mode may not read the machine state register.
    unsafe { asm!("mfmsr {0}", out(reg) _, options(nostack)) };
}

pub(crate) fn illegal() {
    // SAFETY: the domain ends here: the word 0 is no instruction.
    unsafe { asm!(".long 0", options(nostack)) };
}

pub(crate) fn trap() {
    // SAFETY: the domain ends here.
    unsafe { asm!("trap", options(nostack)) };
}

pub(crate) fn float() {
    // SAFETY: the domain ends here: it has no floating-point unit. The word is `fmr 0, 0`, which a
    // soft-float assembler refuses by name.
    unsafe { asm!(".long 0xFC000090", options(nostack)) };
}

pub(crate) fn misaligned() {
    let words = [0_u32; 2];
    let address = (&raw const words).addr() + 1;
    // SAFETY: the domain ends here: a reservation is on a whole word.
    unsafe { asm!("lwarx {0}, 0, {1}", out(reg) _, in(reg) address, options(nostack)) };
}

pub(crate) fn leave_mark(mark: u32) {
    // SAFETY: USPRG0 is the user's to write, and no compiler uses it.
    unsafe { asm!("mtspr 256, {0}", in(reg) mark, options(nomem, nostack, preserves_flags)) };
}

pub(crate) fn find_mark() -> u32 {
    let mark;
    // SAFETY: USPRG0 is the user's to read.
    unsafe { asm!("mfspr {0}, 256", out(reg) mark, options(nomem, nostack, preserves_flags)) };
    mark
}
