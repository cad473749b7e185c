//! How an instruction is encoded, and what else the table says about it.

use crate::Op;

/// What kind of work an instruction does: counters and trace filters group by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Arithmetic, logic, rotates, compares on general registers.
    Integer,
    /// The condition register.
    Condition,
    /// Branches, system call and traps.
    Branch,
    /// Loads to general registers.
    Load,
    /// Stores from general registers.
    Store,
    /// Scalar floating point, loads and stores included.
    Float,
    /// Double Hummer, loads and stores included.
    Double,
    /// Caches.
    Cache,
    /// Barriers, special registers, device control registers, TLB, returns from interrupts.
    System,
}

impl Class {
    /// Every class, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Integer,
        Self::Condition,
        Self::Branch,
        Self::Load,
        Self::Store,
        Self::Float,
        Self::Double,
        Self::Cache,
        Self::System,
    ];

    /// The class's name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Condition => "condition",
            Self::Branch => "branch",
            Self::Load => "load",
            Self::Store => "store",
            Self::Float => "float",
            Self::Double => "double",
            Self::Cache => "cache",
            Self::System => "system",
        }
    }
}

/// The fixed bits of an instruction, and which suffixes its mnemonic can take.
///
/// Fixed bits are the primary opcode (bits 0 to 5) and some of the low eleven; the rest are operands or
/// reserved. Reserved bits are ignored, as the core does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Which bits are fixed.
    pub mask: u32,
    /// Their values.
    pub value: u32,
    /// Bit 31 records into CR0 or CR1 and adds a `.`.
    pub record: bool,
    /// Bit 21 records overflow and adds an `o`.
    pub overflow: bool,
    /// Bit 31 sets the link register and adds an `l`.
    pub link: bool,
    /// Bit 30 makes the target absolute and adds an `a`.
    pub absolute: bool,
}

const PRIMARY: u32 = 0xFC00_0000;

const fn fixed(primary: u32, mask: u32, value: u32) -> Encoding {
    Encoding {
        mask: PRIMARY | mask,
        value: primary << 26 | value,
        record: false,
        overflow: false,
        link: false,
        absolute: false,
    }
}

/// The primary opcode alone.
pub(crate) const fn d(primary: u32) -> Encoding {
    fixed(primary, 0, 0)
}

/// The primary opcode, bit 31 records (rotates).
pub(crate) const fn m(primary: u32) -> Encoding {
    Encoding { record: true, ..fixed(primary, 0, 0) }
}

/// A ten-bit extended opcode; bit 31 is 0.
pub(crate) const fn x(primary: u32, extended: u32) -> Encoding {
    fixed(primary, 0x7FF, extended << 1)
}

/// A ten-bit extended opcode; bit 31 records.
pub(crate) const fn xr(primary: u32, extended: u32) -> Encoding {
    Encoding { record: true, ..fixed(primary, 0x7FE, extended << 1) }
}

/// A ten-bit extended opcode; bit 31 is 1 and part of the name.
pub(crate) const fn xd(primary: u32, extended: u32) -> Encoding {
    fixed(primary, 0x7FF, extended << 1 | 1)
}

/// A ten-bit extended opcode; bit 31 links.
pub(crate) const fn xl(primary: u32, extended: u32) -> Encoding {
    Encoding { link: true, ..fixed(primary, 0x7FE, extended << 1) }
}

/// A nine-bit extended opcode; bit 21 records overflow, bit 31 records.
pub(crate) const fn xo(primary: u32, extended: u32) -> Encoding {
    Encoding { record: true, overflow: true, ..fixed(primary, 0x3FE, extended << 1) }
}

/// A five-bit extended opcode; bit 31 records.
pub(crate) const fn a(primary: u32, extended: u32) -> Encoding {
    Encoding { record: true, ..fixed(primary, 0x3E, extended << 1) }
}

/// A five-bit extended opcode; bit 31 is 0.
pub(crate) const fn an(primary: u32, extended: u32) -> Encoding {
    fixed(primary, 0x3F, extended << 1)
}

/// A branch: bit 30 makes the target absolute, bit 31 links.
pub(crate) const fn b(primary: u32) -> Encoding {
    Encoding { link: true, absolute: true, ..fixed(primary, 0, 0) }
}

/// The system call: bit 30 is 1.
pub(crate) const fn sc() -> Encoding {
    fixed(17, 0x2, 0x2)
}

/// One instruction, as the table has it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name for programs.
    pub op: Op,
    /// Its name for people, without suffixes.
    pub mnemonic: &'static str,
    /// Its fixed bits.
    pub encoding: Encoding,
    /// Its operands in the assembler's order, by the names of [`Disassembly`](crate::Disassembly).
    pub operands: &'static str,
    /// What kind of work it does.
    pub class: Class,
    /// Only supervisors may execute it.
    pub privileged: bool,
}
