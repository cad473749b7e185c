//! The 16550 UART as the kernel borrows it: polled output, whatever state its owner has left it in.
//!
//! Registers: *National Semiconductor PC16550D data sheet*, section 8.

/// Offset of the transmitter holding register.
pub const THR: u32 = 0;

/// Offset of the line control register.
pub const LCR: u32 = 3;

/// LCR bit: offsets 0 and 1 are the divisor.
pub const LCR_DLAB: u8 = 0x80;

/// Offset of the modem control register.
pub const MCR: u32 = 4;

/// MCR bit: what is sent comes back, and goes nowhere else.
pub const MCR_LOOP: u8 = 0x10;

/// Offset of the line status register.
pub const LSR: u32 = 5;

/// LSR bit: the transmitter holding register is empty.
pub const LSR_THRE: u8 = 0x20;
