//! What only the machine can do, and what stands for it on the host.
#![cfg_attr(
    target_arch = "powerpc",
    expect(unsafe_code, reason = "an illegal instruction is written as a word")
)]

/// Executes an illegal instruction; the domain's fault handler lets it go on behind.
#[inline(always)]
pub(crate) fn illegal() {
    #[cfg(target_arch = "powerpc")]
    // SAFETY: the kernel hands the fault to the handler that the spec names, which goes on at the next
    // instruction; without one, the domain ends here. Either way nothing of this domain's changes.
    unsafe {
        core::arch::asm!(".long 0", options(nostack))
    };
}
