//! Device control registers with constant numbers.
#![expect(unsafe_code, reason = "device control registers are reached by assembly only")]

use core::arch::asm;

/// Reads DCR `NUMBER`, below 0x400.
///
/// # Safety
///
/// The register exists on the board, and reading it does what the caller expects: some have effects.
#[inline(always)]
pub unsafe fn read<const NUMBER: u32>() -> u32 {
    const { assert!(NUMBER < 0x400, "mfdcr has ten bits for the number") };
    let value: u32;
    // SAFETY: the caller answers for the register.
    unsafe {
        asm!("mfdcr {value}, {number}", value = out(reg) value, number = const NUMBER, options(nostack))
    };
    value
}

/// Writes DCR `NUMBER`, below 0x400.
///
/// # Safety
///
/// The register exists on the board, and the caller knows what the value does to the device.
#[inline(always)]
pub unsafe fn write<const NUMBER: u32>(value: u32) {
    const { assert!(NUMBER < 0x400, "mtdcr has ten bits for the number") };
    // SAFETY: the caller answers for the register and the value.
    unsafe {
        asm!("mtdcr {number}, {value}", value = in(reg) value, number = const NUMBER, options(nostack))
    };
}

/// Reads the DCR of any number; cores from the 450 on have the indexed form.
///
/// # Safety
///
/// The core implements `mfdcrx`, the register exists, and reading it does what the caller expects.
#[inline(always)]
pub unsafe fn read_indexed(number: u32) -> u32 {
    let value: u32;
    // SAFETY: the caller answers for core and register. `mfdcrx value, number` (31/259), which LLVM does not
    // know for this processor.
    unsafe {
        asm!(".long 0x7C000206 | {value} << 21 | {number} << 16", value = out(reg) value, number = in(reg) number, options(nostack));
    }
    value
}

/// Writes the DCR of any number; cores from the 450 on have the indexed form.
///
/// # Safety
///
/// The core implements `mtdcrx`, the register exists, and the caller knows what the value does.
#[inline(always)]
pub unsafe fn write_indexed(number: u32, value: u32) {
    // SAFETY: the caller answers for core, register and value. `mtdcrx number, value` (31/387), which
    // LLVM does not know for this processor.
    unsafe {
        asm!(".long 0x7C000306 | {value} << 21 | {number} << 16", value = in(reg) value, number = in(reg) number, options(nostack));
    }
}
