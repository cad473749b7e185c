//! Special purpose registers, the time base and the TLB, one typed function each.
//!
//! Numbers: *PPC440 Processor User's Manual*, appendix B ('Register summary').
#![expect(unsafe_code, reason = "privileged registers are reached by assembly only")]

use core::arch::asm;
use ppc440::tlb::Page;

macro_rules! read {
    ($instruction:literal, $read:ident, $what:literal) => {
        #[doc = $what]
        #[inline(always)]
        pub fn $read() -> u32 {
            let value: u32;
            // SAFETY: reads the register only. Not `nomem`, so that it stays where it is among others' writes.
            unsafe { asm!($instruction, out(reg) value, options(nostack, preserves_flags)) };
            value
        }
    };
}

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

read!("mfspr {}, 269", time_base_upper, "The upper half of the time base.");
read!("mfspr {}, 268", time_base_lower, "The lower half of the time base.");
read!("mr {}, 1", stack_pointer, "The stack pointer, for a report's back chain.");
#[cfg(feature = "vm")]
read!("mfspr {}, 48", pid, "PID.");

/// The time base, in ticks.
pub fn time_base() -> u64 {
    loop {
        let (upper, lower) = (time_base_upper(), time_base_lower());
        if upper == time_base_upper() {
            return u64::from(upper) << 32 | u64::from(lower);
        }
    }
}

/// Writes a TLB entry whose TID is what MMUCR\[STID\] holds. The entry is invalidated first: QEMU does
/// not notice rights that are taken away from a valid one.
///
/// # Safety
///
/// 1. The slot is not one of the kernel's own.
/// 2. The page gives its users no more than the tables say.
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
pub unsafe fn clear_tlb(slot: u8) {
    // SAFETY: the caller keeps the condition.
    unsafe {
        asm!("tlbwe {zero}, {slot}, 0", "isync", zero = in(reg) 0, slot = in(reg) u32::from(slot), options(nostack));
    }
}
