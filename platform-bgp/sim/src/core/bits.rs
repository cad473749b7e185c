//! Bits of the machine state and of the registers that exceptions set (hardware reference, sections 2.1 to 2.4).

/// MSR: the machine state.
pub mod msr {
    /// Wait state enable.
    pub const WE: u32 = 0x0004_0000;
    /// Critical interrupt enable.
    pub const CE: u32 = 0x0002_0000;
    /// External interrupt enable.
    pub const EE: u32 = 0x0000_8000;
    /// Problem state: a user's.
    pub const PR: u32 = 0x0000_4000;
    /// Floating point available.
    pub const FP: u32 = 0x0000_2000;
    /// Machine check enable.
    pub const ME: u32 = 0x0000_1000;
    /// Floating-point exception mode, first bit.
    pub const FE0: u32 = 0x0000_0800;
    /// Debug wait enable.
    pub const DWE: u32 = 0x0000_0400;
    /// Debug interrupt enable.
    pub const DE: u32 = 0x0000_0200;
    /// Floating-point exception mode, second bit.
    pub const FE1: u32 = 0x0000_0100;
    /// Address space of fetches.
    pub const IS: u32 = 0x0000_0020;
    /// Address space of data.
    pub const DS: u32 = 0x0000_0010;
    /// Every bit that exists.
    pub const ALL: u32 = WE | CE | EE | PR | FP | ME | FE0 | DWE | DE | FE1 | IS | DS;
}

/// ESR: why an exception happened.
pub mod esr {
    /// Machine check of a fetch.
    pub const MCI: u32 = 0x8000_0000;
    /// Illegal instruction.
    pub const PIL: u32 = 0x0800_0000;
    /// Privileged instruction.
    pub const PPR: u32 = 0x0400_0000;
    /// Trap instruction.
    pub const PTR: u32 = 0x0200_0000;
    /// A floating-point instruction did it.
    pub const FP: u32 = 0x0100_0000;
    /// A store did it.
    pub const ST: u32 = 0x0080_0000;
    /// An auxiliary processor's instruction did it: a Double Hummer's here.
    pub const AP: u32 = 0x0008_0000;
    /// Byte order.
    pub const BO: u32 = 0x0002_0000;
    /// The floating-point exception is reported late.
    pub const PIE: u32 = 0x0001_0000;
}

/// MCSR: why a machine check happened.
pub mod mcsr {
    /// Summary: one of the others is set.
    pub const MCS: u32 = 0x8000_0000;
    /// An error of the bus while fetching.
    pub const IB: u32 = 0x4000_0000;
    /// An error of the bus while reading.
    pub const DRB: u32 = 0x2000_0000;
    /// An error of the bus while writing.
    pub const DWB: u32 = 0x1000_0000;
}

/// DBCR0 and DBSR, which have their events in the same places.
pub mod debug {
    /// DBCR0: external debug mode.
    pub const EDM: u32 = 0x8000_0000;
    /// DBCR0: internal debug mode, in which events interrupt.
    pub const IDM: u32 = 0x4000_0000;
    /// DBSR: an event came while interrupts were off.
    pub const IDE: u32 = 0x8000_0000;
    /// DBCR0: reset, and of what; DBSR: the most recent reset.
    pub const RST: u32 = 0x3000_0000;
    /// Instruction complete.
    pub const ICMP: u32 = 0x0800_0000;
    /// Branch taken.
    pub const BRT: u32 = 0x0400_0000;
    /// Interrupt taken.
    pub const IRPT: u32 = 0x0200_0000;
    /// Trap instruction.
    pub const TRAP: u32 = 0x0100_0000;
    /// Instruction address compare 1; 2 to 4 follow to the right.
    pub const IAC1: u32 = 0x0080_0000;
    /// All four instruction address compares.
    pub const IAC: u32 = 0x00F0_0000;
    /// Data address compare 1, reads; writes and compare 2 follow to the right.
    pub const DAC1R: u32 = 0x0008_0000;
    /// All data address compares.
    pub const DAC: u32 = 0x000F_0000;
    /// Return from interrupt.
    pub const RET: u32 = 0x0000_8000;
    /// DBCR0: timers stand still while an event is noted.
    pub const FT: u32 = 0x0000_0001;
    /// DBSR: the range of compares 1 and 2 is entered or left next; that of 3 and 4 follows to the right.
    pub const IAC12ATS: u32 = 0x0000_0002;
    /// Every event.
    pub const EVENTS: u32 = ICMP | BRT | IRPT | TRAP | IAC | DAC | RET;
}

/// TCR and TSR: the timers.
pub mod timer {
    /// TCR: watchdog interrupt enable.
    pub const WIE: u32 = 0x0800_0000;
    /// TCR: decrementer interrupt enable.
    pub const DIE: u32 = 0x0400_0000;
    /// TCR: fixed interval timer interrupt enable.
    pub const FIE: u32 = 0x0080_0000;
    /// TCR: the decrementer reloads itself.
    pub const ARE: u32 = 0x0040_0000;
    /// TSR: the watchdog has expired once.
    pub const ENW: u32 = 0x8000_0000;
    /// TSR: watchdog interrupt.
    pub const WIS: u32 = 0x4000_0000;
    /// TSR: decrementer interrupt.
    pub const DIS: u32 = 0x0800_0000;
    /// TSR: fixed interval timer interrupt.
    pub const FIS: u32 = 0x0400_0000;
}
