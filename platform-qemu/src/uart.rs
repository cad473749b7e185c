//! The 16550 UART as the kernel borrows it: polled output, no state.
//!
//! Registers: *National Semiconductor PC16550D data sheet*, section 8.

/// Offset of the transmitter holding register.
pub const THR: u32 = 0;

/// Offset of the line status register.
pub const LSR: u32 = 5;

/// LSR bit: the transmitter holding register is empty.
pub const LSR_THRE: u8 = 0x20;
