//! Decoding of the 440's privileged instructions, and of the few others that the kernel has to know.

use super::interrupts::Level;

/// The unconditional trap, `tw 31, 0, 0`.
pub const TRAP: u32 = 0x7FE0_0008;

/// A privileged instruction. Registers are numbers below 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// `mfmsr`.
    MoveFromMsr {
        /// Target.
        target: u32,
    },
    /// `mtmsr`.
    MoveToMsr {
        /// Source.
        source: u32,
    },
    /// `wrtee`.
    WriteExternalEnable {
        /// Source, of which MSR\[EE\] counts.
        source: u32,
    },
    /// `wrteei`.
    WriteExternalEnableImmediate {
        /// The new MSR\[EE\].
        enable: bool,
    },
    /// `rfi`, `rfci`, `rfmci`.
    Return(Level),
    /// `mfspr`, of any register.
    MoveFromSpr {
        /// Target.
        target: u32,
        /// The register's number.
        spr: u32,
    },
    /// `mtspr`, of any register.
    MoveToSpr {
        /// Source.
        source: u32,
        /// The register's number.
        spr: u32,
    },
    /// `mfdcr`.
    MoveFromDcr {
        /// The register's number.
        dcr: u32,
    },
    /// `mtdcr`.
    MoveToDcr {
        /// The register's number.
        dcr: u32,
    },
    /// `tlbwe`.
    TlbWrite {
        /// Source.
        source: u32,
        /// The register that holds the index.
        index: u32,
        /// Which word, 0 to 2.
        word: u32,
    },
    /// `tlbre`.
    TlbRead {
        /// Target.
        target: u32,
        /// The register that holds the index.
        index: u32,
        /// Which word, 0 to 2.
        word: u32,
    },
    /// `tlbsx`, `tlbsx.`.
    TlbSearch {
        /// Target.
        target: u32,
        /// Registers whose sum is the address; of the first, number 0 means none.
        address: (u32, u32),
        /// CR0 says whether there is an entry.
        record: bool,
    },
    /// `dcbi`.
    DataInvalidate {
        /// Registers whose sum is the address; of the first, number 0 means none.
        address: (u32, u32),
    },
    /// `iccci`.
    InvalidateInstructions,
    /// `dcread`.
    DataCacheRead {
        /// Target.
        target: u32,
    },
    /// `tlbsync`, `dccci`, `icread`: nothing that a guest could see.
    Nothing,
}

impl Instruction {
    /// Decodes a privileged instruction; none if it is another.
    pub const fn decode(word: u32) -> Option<Self> {
        let (target, first, second) = (word >> 21 & 31, word >> 16 & 31, word >> 11 & 31);
        // The halves of a register's number stand the other way round.
        let number = second << 5 | first;
        Some(match (word >> 26, word >> 1 & 0x3FF) {
            (19, 38) => Self::Return(Level::MachineCheck),
            (19, 50) => Self::Return(Level::Normal),
            (19, 51) => Self::Return(Level::Critical),
            (31, 83) => Self::MoveFromMsr { target },
            (31, 131) => Self::WriteExternalEnable { source: target },
            (31, 146) => Self::MoveToMsr { source: target },
            (31, 163) => Self::WriteExternalEnableImmediate { enable: word & 0x8000 != 0 },
            (31, 323) => Self::MoveFromDcr { dcr: number },
            (31, 339) => Self::MoveFromSpr { target, spr: number },
            (31, 451) => Self::MoveToDcr { dcr: number },
            (31, 454 | 566 | 998) => Self::Nothing,
            (31, 467) => Self::MoveToSpr { source: target, spr: number },
            (31, 470) => Self::DataInvalidate { address: (first, second) },
            (31, 486) => Self::DataCacheRead { target },
            (31, 914) => Self::TlbSearch { target, address: (first, second), record: word & 1 != 0 },
            (31, 946) if second < 3 => Self::TlbRead { target, index: first, word: second },
            (31, 966) => Self::InvalidateInstructions,
            (31, 978) if second < 3 => Self::TlbWrite { source: target, index: first, word: second },
            _ => return None,
        })
    }

    /// The number of the register that an `mfspr` or `mtspr` names which user state may use, as the number tells.
    pub const fn is_user_register(word: u32) -> bool {
        matches!((word >> 26, word >> 1 & 0x3FF), (31, 339 | 467)) && word & 1 << 20 == 0
    }
}

/// Whether an instruction loads or stores a floating-point register.
pub const fn is_float_access(word: u32) -> bool {
    match word >> 26 {
        48..=55 => true,
        31 => matches!(word >> 1 & 0x3FF, 535 | 567 | 599 | 631 | 663 | 695 | 727 | 759 | 983),
        _ => false,
    }
}

/// The registers of the loop by which Linux invalidates its TLB, from the words that follow `tlbwe` rS, rS, 0 at its
/// head: `addi` rS, rS, 1; `cmpw` rS, rL; `ble` to the head. Returns rL.
pub const fn flush_loop_limit(source: u32, words: [u32; 3]) -> Option<u32> {
    let [add, compare, branch] = words;
    let is_loop = source != 0
        && add == 14 << 26 | source << 21 | source << 16 | 1
        && compare & !(31 << 11) == 31 << 26 | source << 16
        // The hint of a branch is the lowest bit of BO.
        && branch & !(1 << 21) == 16 << 26 | 4 << 21 | 1 << 16 | 0xFFF4;
    if is_loop { Some(compare >> 11 & 31) } else { None }
}
