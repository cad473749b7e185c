//! Device control registers with constant numbers.
#![expect(unsafe_code, reason = "device control registers are reached by assembly only")]

use core::arch::asm;

/// Reads DCR `NUMBER`, below 0x400.
///
/// # Safety
///
/// The register exists on the board, and reading it does what the caller expects: some have effects.
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
pub unsafe fn write<const NUMBER: u32>(value: u32) {
    const { assert!(NUMBER < 0x400, "mtdcr has ten bits for the number") };
    // SAFETY: the caller answers for the register and the value.
    unsafe {
        asm!("mtdcr {number}, {value}", value = in(reg) value, number = const NUMBER, options(nostack))
    };
}
