//! From an instruction word to what it does to memory.
//!
//! PowerPC Book E, chapters 4 and 6 (storage access), and the PPC440 user's manual, chapter 9 (instruction set).

use virtual_device::Width;

/// What an instruction does to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Loads a general register.
    Load {
        /// 1, 2 or 4.
        bytes: u32,
        /// The sign fills the register.
        algebraic: bool,
        /// The first byte is the least significant.
        reversed: bool,
    },
    /// Stores a general register's last bytes.
    Store {
        /// 1, 2 or 4.
        bytes: u32,
        /// The first byte is the least significant.
        reversed: bool,
    },
    /// `lmw`: a word for each register up to the last.
    LoadMultiple,
    /// `stmw`.
    StoreMultiple,
    /// `lswi`, `lswx`: four bytes for each register from the given one on, around the end.
    LoadString(Count),
    /// `stswi`, `stswx`.
    StoreString(Count),
    /// `lwarx`.
    LoadReserved,
    /// `stwcx.`
    StoreConditional,
    /// `lfs`, `lfd` and their forms.
    LoadFloat {
        /// Four bytes in memory, not eight.
        single: bool,
    },
    /// `stfs`, `stfd` and their forms.
    StoreFloat {
        /// Four bytes in memory, not eight.
        single: bool,
    },
    /// `stfiwx`: the lower word of a floating-point register as it is.
    StoreFloatWord,
    /// `dcbz`: zeroes a line of the cache.
    ZeroLine,
    /// Any other instruction on a cache line: without effect on what is not cached.
    Cache,
}

/// How many bytes a string instruction moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many: 1 to 32.
    Fixed(u32),
    /// As many as the last seven bits of XER say: 0 to 127.
    Register,
}

/// What is added to the base register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// A number in the instruction, sign-extended.
    Displacement(u32),
    /// A general register.
    Register(usize),
}

/// An instruction that reaches memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What it does there.
    pub operation: Operation,
    /// The register that is loaded or stored, 0 to 31.
    pub register: usize,
    /// The base register; none for the number 0.
    pub base: Option<usize>,
    /// What is added to it.
    pub index: Index,
    /// The sum replaces the base register.
    pub update: bool,
}

impl Operation {
    /// Whether it moves a floating-point register.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::LoadFloat { .. } | Self::StoreFloat { .. } | Self::StoreFloatWord)
    }

    /// Whether it stores.
    pub const fn is_store(self) -> bool {
        matches!(
            self,
            Self::Store { .. }
                | Self::StoreMultiple
                | Self::StoreString(_)
                | Self::StoreConditional
                | Self::StoreFloat { .. }
                | Self::StoreFloatWord
                | Self::ZeroLine
        )
    }

    /// Bytes at the effective address; `xer` says it for those that have the number there.
    pub const fn bytes(self, register: usize, xer: u32) -> u32 {
        match self {
            Self::Load { bytes, .. } | Self::Store { bytes, .. } => bytes,
            Self::LoadMultiple | Self::StoreMultiple => 4 * (32 - register as u32),
            Self::LoadString(count) | Self::StoreString(count) => match count {
                Count::Fixed(bytes) => bytes,
                Count::Register => xer & 0x7F,
            },
            Self::LoadFloat { single: false } | Self::StoreFloat { single: false } => 8,
            Self::LoadReserved
            | Self::StoreConditional
            | Self::LoadFloat { single: true }
            | Self::StoreFloat { single: true }
            | Self::StoreFloatWord => 4,
            // A line, which `extent` says: it does not begin at the effective address.
            Self::ZeroLine | Self::Cache => 0,
        }
    }
}

const fn load(bytes: u32) -> Operation {
    Operation::Load { bytes, algebraic: false, reversed: false }
}

const fn store(bytes: u32) -> Operation {
    Operation::Store { bytes, reversed: false }
}

const ALGEBRAIC: Operation = Operation::Load { bytes: 2, algebraic: true, reversed: false };

/// A load or store of one register at a displacement, and nothing besides: what drivers use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain {
    /// How much it moves.
    pub width: Width,
    /// It stores.
    pub is_store: bool,
}

/// An instruction word that is such a load or store.
#[inline(always)]
pub const fn plain(word: u32) -> Option<Plain> {
    let (width, is_store) = match word >> 26 {
        32 => (Width::Word, false),
        34 => (Width::Byte, false),
        36 => (Width::Word, true),
        38 => (Width::Byte, true),
        40 => (Width::Half, false),
        44 => (Width::Half, true),
        _ => return None,
    };
    Some(Plain { width, is_store })
}

/// What an instruction word does to memory; nothing for one that does not reach memory, or whose form is invalid:
/// update without a base register, or of the register that is loaded.
pub fn decode(word: u32) -> Option<Instruction> {
    let (operation, update, index) = match word >> 26 {
        31 => {
            let (operation, update) = indexed(word)?;
            let is_immediate = matches!(
                operation,
                Operation::LoadString(Count::Fixed(_)) | Operation::StoreString(Count::Fixed(_))
            );
            let index = if is_immediate {
                Index::Displacement(0)
            } else {
                Index::Register((word >> 11 & 31) as usize)
            };
            (operation, update, index)
        }
        primary => {
            let (operation, update) = displaced(primary)?;
            (operation, update, Index::Displacement(word as u16 as i16 as u32))
        }
    };
    let register = (word >> 21 & 31) as usize;
    let base = Some((word >> 16 & 31) as usize).filter(|base| *base != 0);
    let is_valid = match base {
        None => !update,
        Some(base) => !(update && base == register && matches!(operation, Operation::Load { .. })),
    };
    is_valid.then_some(Instruction { operation, register, base, index, update })
}

/// The forms with a displacement, by primary opcode.
fn displaced(primary: u32) -> Option<(Operation, bool)> {
    let operation = match primary {
        32 | 33 => load(4),
        34 | 35 => load(1),
        36 | 37 => store(4),
        38 | 39 => store(1),
        40 | 41 => load(2),
        42 | 43 => ALGEBRAIC,
        44 | 45 => store(2),
        46 => return Some((Operation::LoadMultiple, false)),
        47 => return Some((Operation::StoreMultiple, false)),
        48 | 49 => Operation::LoadFloat { single: true },
        50 | 51 => Operation::LoadFloat { single: false },
        52 | 53 => Operation::StoreFloat { single: true },
        54 | 55 => Operation::StoreFloat { single: false },
        _ => return None,
    };
    Some((operation, primary & 1 != 0))
}

/// The forms of primary opcode 31, by extended opcode.
fn indexed(word: u32) -> Option<(Operation, bool)> {
    // lswi and stswi hold the number of bytes where others name a register; 0 means 32.
    let count = Count::Fixed(match word >> 11 & 31 {
        0 => 32,
        bytes => bytes,
    });
    let reversed_load = |bytes| Operation::Load { bytes, algebraic: false, reversed: true };
    let reversed_store = |bytes| Operation::Store { bytes, reversed: true };
    let plain = |operation| Some((operation, false));
    let updating = |operation| Some((operation, true));
    match word >> 1 & 0x3FF {
        23 => plain(load(4)),
        55 => updating(load(4)),
        87 => plain(load(1)),
        119 => updating(load(1)),
        279 => plain(load(2)),
        311 => updating(load(2)),
        343 => plain(ALGEBRAIC),
        375 => updating(ALGEBRAIC),
        151 => plain(store(4)),
        183 => updating(store(4)),
        215 => plain(store(1)),
        247 => updating(store(1)),
        407 => plain(store(2)),
        439 => updating(store(2)),
        534 => plain(reversed_load(4)),
        790 => plain(reversed_load(2)),
        662 => plain(reversed_store(4)),
        918 => plain(reversed_store(2)),
        533 => plain(Operation::LoadString(Count::Register)),
        597 => plain(Operation::LoadString(count)),
        661 => plain(Operation::StoreString(Count::Register)),
        725 => plain(Operation::StoreString(count)),
        20 => plain(Operation::LoadReserved),
        // Without the record bit this is no instruction.
        150 if word & 1 != 0 => plain(Operation::StoreConditional),
        535 => plain(Operation::LoadFloat { single: true }),
        567 => updating(Operation::LoadFloat { single: true }),
        599 => plain(Operation::LoadFloat { single: false }),
        631 => updating(Operation::LoadFloat { single: false }),
        663 => plain(Operation::StoreFloat { single: true }),
        695 => updating(Operation::StoreFloat { single: true }),
        727 => plain(Operation::StoreFloat { single: false }),
        759 => updating(Operation::StoreFloat { single: false }),
        983 => plain(Operation::StoreFloatWord),
        1014 => plain(Operation::ZeroLine),
        // icbt, dcbst, dcbf, dcbtst, dcbt, dcbi, dcba, icbi; icbt also with the 405's number.
        22 | 54 | 86 | 246 | 262 | 278 | 470 | 758 | 982 => plain(Operation::Cache),
        _ => None,
    }
}
