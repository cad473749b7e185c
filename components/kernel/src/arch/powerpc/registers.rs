//! Special purpose registers, the time base and the TLB, one typed function each.
//!
//! Numbers: *PPC440 Processor User's Manual*, appendix B ('Register summary').
#![expect(unsafe_code, reason = "privileged registers are reached by assembly only")]

use core::arch::asm;
use ppc440::tlb::Page;

macro_rules! written {
    ($number:literal, $write:ident, $what:literal) => {
        #[doc = concat!("Writes ", $what, ".")]
        ///
        /// # Safety
        ///
        /// The register governs how the machine runs; the caller knows what the value does.
        #[inline(always)]
        pub unsafe fn $write(value: u32) {
            // SAFETY: the caller answers for the value; the kernel runs in supervisor state.
            unsafe { asm!(concat!("mtspr ", $number, ", {}"), in(reg) value, options(nostack)) };
        }
    };
}

// None of these is ever read back: the kernel knows what it wrote, and QEMU's DEC reads wrong.
written!("22", set_decrementer, "DEC");
written!("272", set_sprg0, "SPRG0");
#[cfg(feature = "vm")]
written!("304", clear_dbsr, "DBSR (a written 1 clears)");
written!("308", set_dbcr0, "DBCR0");
#[cfg(feature = "vm")]
written!("48", set_pid, "PID");
written!("336", clear_tsr, "TSR (a written 1 clears)");
written!("340", set_tcr, "TCR");
written!("408", set_ivor8, "IVOR8: the low half of where system calls go");
written!("413", set_ivor13, "IVOR13: the low half of where data misses go");
written!("414", set_ivor14, "IVOR14: the low half of where instruction misses go");
written!("946", set_mmucr, "MMUCR");

/// Writes IVPR, and IVOR0 to IVOR15 for vectors that follow each other.
///
/// # Safety
///
/// A vector for every exception stands there, `bytes` apart, for as long as the machine runs.
#[inline(always)]
pub unsafe fn set_vectors(first: u32, bytes: u32) {
    // SAFETY: the caller keeps the condition. IVPR takes the upper half of what it gets, an IVOR the lower.
    unsafe {
        asm!(
            "mtspr 63, {vector}",
            ".irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15",
            "mtspr 400 + \\number, {vector}",
            "add {vector}, {vector}, {bytes}",
            ".endr",
            vector = inout(reg) first => _, bytes = in(reg) bytes, options(nomem, nostack),
        );
    }
}

/// The time base, in ticks.
#[inline(always)]
pub fn time_base() -> u64 {
    loop {
        let (upper, lower, again): (u32, u32, u32);
        // SAFETY: reads the time base only.
        unsafe {
            asm!(
                "mfspr {upper}, 269",
                "mfspr {lower}, 268",
                "mfspr {again}, 269",
                upper = out(reg) upper, lower = out(reg) lower, again = out(reg) again,
                options(nomem, nostack),
            );
        }
        if upper == again {
            return u64::from(upper) << 32 | u64::from(lower);
        }
    }
}

/// PID.
#[cfg(feature = "vm")]
#[inline(always)]
pub fn pid() -> u32 {
    let value: u32;
    // SAFETY: reads PID only.
    unsafe { asm!("mfspr {}, 48", out(reg) value, options(nomem, nostack, preserves_flags)) };
    value
}

/// The lower half of the time base.
#[inline(always)]
pub fn time_base_lower() -> u32 {
    let lower: u32;
    // SAFETY: reads the time base only. Not `nomem`, so that it stays where it is among other registers' writes.
    unsafe { asm!("mfspr {}, 268", out(reg) lower, options(nostack, preserves_flags)) };
    lower
}

/// The stack pointer, for a report's back chain.
#[inline(always)]
pub fn stack_pointer() -> u32 {
    let value: u32;
    // SAFETY: reads r1 only.
    unsafe { asm!("mr {}, 1", out(reg) value, options(nomem, nostack, preserves_flags)) };
    value
}

/// Writes a TLB entry whose TID is what MMUCR\[STID\] holds. The entry is invalidated first: QEMU does
/// not notice rights that are taken away from a valid one.
///
/// # Safety
///
/// 1. The slot is not one of the kernel's own.
/// 2. The page gives its users no more than the tables say.
#[inline(always)]
pub unsafe fn write_tlb(slot: u8, page: &Page) {
    // SAFETY: the caller keeps both conditions; no other memory is touched.
    unsafe {
        asm!(
            "tlbwe {zero}, {slot}, 0",
            "tlbwe {one}, {slot}, 1",
            // `tlbwe two, slot, 2`: LLVM 22 drops the upper bit of the word's number.
            ".long 0x7C0017A4 | {two} << 21 | {slot} << 16",
            "tlbwe {word}, {slot}, 0",
            "isync",
            zero = in(reg) 0, slot = in(reg) u32::from(slot),
            word = in(reg) page.word0, one = in(reg) page.word1, two = in(reg) page.word2,
            options(nostack),
        );
    }
}

/// The PID of the address space whose entry stands in a slot. `tlbre` of word 0 leaves it in MMUCR.
#[inline(always)]
pub fn tlb_owner(slot: u8) -> u8 {
    let mmucr: u32;
    // SAFETY: reads the slot; MMUCR is written anew before each use.
    unsafe {
        asm!(
            "tlbre {mmucr}, {slot}, 0",
            "mfspr {mmucr}, 946",
            mmucr = out(reg) mmucr, slot = in(reg) u32::from(slot),
            options(nomem, nostack),
        );
    }
    mmucr as u8
}

/// Invalidates a TLB entry.
///
/// # Safety
///
/// The slot is not one that the kernel runs on.
#[inline(always)]
pub unsafe fn clear_tlb(slot: u8) {
    // SAFETY: the caller keeps the condition.
    unsafe {
        asm!("tlbwe {zero}, {slot}, 0", "isync", zero = in(reg) 0, slot = in(reg) u32::from(slot), options(nostack));
    }
}
