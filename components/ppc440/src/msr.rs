//! Bits of the machine state register and of the exception syndrome register.

/// MSR\[WE\]: wait state enable.
pub const WE: u32 = 0x0004_0000;
/// MSR\[CE\]: critical interrupts enabled.
pub const CE: u32 = 0x0002_0000;
/// MSR\[EE\]: external interrupts and the decrementer enabled.
pub const EE: u32 = 0x0000_8000;
/// MSR\[PR\]: problem (user) state.
pub const PR: u32 = 0x0000_4000;
/// MSR\[FP\]: floating point available.
pub const FP: u32 = 0x0000_2000;
/// MSR\[ME\]: machine checks enabled.
pub const ME: u32 = 0x0000_1000;
/// MSR\[FE0\] and FE1: exceptions of floating point that a program has enabled interrupt it.
pub const FE: u32 = 0x0000_0900;
/// MSR\[DE\]: debug interrupts enabled.
pub const DE: u32 = 0x0000_0200;
/// MSR\[IS\]: instruction translation space.
pub const IS: u32 = 0x0000_0020;
/// MSR\[DS\]: data translation space.
pub const DS: u32 = 0x0000_0010;

/// ESR\[PIL\]: illegal instruction.
pub const ESR_PIL: u32 = 0x0800_0000;
/// ESR\[PPR\]: privileged instruction.
pub const ESR_PPR: u32 = 0x0400_0000;
/// ESR\[PTR\]: trap instruction.
pub const ESR_PTR: u32 = 0x0200_0000;
/// ESR\[FP\]: floating-point operation.
pub const ESR_FP: u32 = 0x0100_0000;
/// ESR\[ST\]: store.
pub const ESR_ST: u32 = 0x0080_0000;
