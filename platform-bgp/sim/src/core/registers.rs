//! The registers that software can see.

use bgp_isa::Word;
use serde::{Deserialize, Serialize};

/// XER, in parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Xer {
    /// Summary overflow.
    pub so: bool,
    /// Overflow.
    pub ov: bool,
    /// Carry.
    pub ca: bool,
    /// Transfer byte count, seven bits.
    pub count: u8,
}

impl Xer {
    /// The register's value.
    pub const fn value(self) -> u32 {
        (self.so as u32) << 31 | (self.ov as u32) << 30 | (self.ca as u32) << 29 | self.count as u32
    }

    /// The parts of a value.
    pub const fn from_value(value: u32) -> Self {
        Self {
            so: value >> 31 & 1 != 0,
            ov: value >> 30 & 1 != 0,
            ca: value >> 29 & 1 != 0,
            count: (value & 0x7F) as u8,
        }
    }
}

/// Special registers that only the supervisor reaches, or that are plain storage (section 2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each has the name of the manual")]
pub struct Special {
    pub srr0: u32,
    pub srr1: u32,
    pub csrr0: u32,
    pub csrr1: u32,
    pub mcsrr0: u32,
    pub mcsrr1: u32,
    pub pid: u32,
    pub dear: u32,
    pub esr: u32,
    pub mcsr: u32,
    pub ivpr: u32,
    pub ivor: [u32; 16],
    pub usprg0: u32,
    pub sprg: [u32; 8],
    pub dbsr: u32,
    pub dbcr: [u32; 3],
    pub iac: [u32; 4],
    pub dac: [u32; 2],
    pub dvc: [u32; 2],
    pub mmucr: u32,
    pub ccr0: u32,
    pub ccr1: u32,
    pub rstcfg: u32,
    /// INV, ITV, DNV, DTV, four of each: victims in the caches, plain storage.
    pub victims: [u32; 16],
    /// DVLIM, IVLIM: likewise.
    pub limits: [u32; 2],
    /// What `dcread` and `icread` leave: DCDBTRL, DCDBTRH, ICDBTRL, ICDBTRH, ICDBDR.
    pub cache_debug: [u32; 5],
    pub dbdr: u32,
    /// A valid entry has been written to the TLB since reset, so that the reset page's translation ends at
    /// the next context-synchronising event.
    pub left_reset_page: bool,
}

/// General, floating-point and special registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registers {
    /// General registers.
    pub gpr: [u32; 32],
    /// Floating-point registers: the primary file.
    pub fpr: [u64; 32],
    /// The secondary file of the Double Hummer.
    pub secondary: [u64; 32],
    /// Status and control of floating point.
    pub fpscr: u32,
    /// The condition register.
    pub cr: u32,
    /// Carry, overflow, byte count.
    pub xer: Xer,
    /// The link register.
    pub lr: u32,
    /// The count register.
    pub ctr: u32,
    /// Address of the next instruction.
    pub pc: u32,
    /// The machine state.
    pub msr: u32,
    /// The rest.
    pub special: Special,
    /// The core's number, as PIR has it.
    pub pir: u32,
}

/// PVR, as the one public source has it (section 1).
pub(super) const PVR: u32 = 0x5212_1880;

impl Registers {
    /// The registers after reset. What the manual leaves undefined is 0.
    pub fn reset(core: usize) -> Self {
        Self {
            gpr: [0; 32],
            fpr: [0; 32],
            secondary: [0; 32],
            fpscr: 0,
            cr: 0,
            xer: Xer::default(),
            lr: 0,
            ctr: 0,
            pc: 0xFFFF_FFFC,
            msr: 0,
            special: Special::default(),
            pir: core as u32,
        }
    }

    /// The register in the target's place.
    #[inline(always)]
    pub fn t(&self, word: Word) -> u32 {
        self.gpr[word.t()]
    }

    /// The register in the first operand's place.
    #[inline(always)]
    pub fn a(&self, word: Word) -> u32 {
        self.gpr[word.a()]
    }

    /// The register in the second operand's place.
    #[inline(always)]
    pub fn b(&self, word: Word) -> u32 {
        self.gpr[word.b()]
    }

    /// The register in the first operand's place, or 0 if that is register 0.
    #[inline(always)]
    pub fn a_or_zero(&self, word: Word) -> u32 {
        if word.a() == 0 { 0 } else { self.gpr[word.a()] }
    }

    /// A condition field, as four bits.
    pub fn field(&self, field: usize) -> u32 {
        self.cr >> (28 - 4 * field) & 15
    }

    /// Sets a condition field.
    #[inline(always)]
    pub fn set_field(&mut self, field: usize, value: u32) {
        let shift = 28 - 4 * field;
        self.cr = self.cr & !(15 << shift) | value << shift;
    }

    /// A condition bit, counted from the left.
    #[inline(always)]
    pub fn condition(&self, bit: usize) -> bool {
        self.cr << bit & 0x8000_0000 != 0
    }

    /// Compares a result with 0 into CR0.
    #[inline(always)]
    pub fn record(&mut self, result: u32) {
        let result = result as i32;
        let relation = if result < 0 {
            8
        } else if result > 0 {
            4
        } else {
            2
        };
        self.set_field(0, relation | u32::from(self.xer.so));
    }

    /// Notes whether a result overflowed.
    #[inline(always)]
    pub fn overflowed(&mut self, overflow: bool) {
        self.xer.ov = overflow;
        self.xer.so |= overflow;
    }
}
