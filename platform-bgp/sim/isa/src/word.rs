//! An encoded instruction and its fields.

/// A 32-bit instruction word. Field names are the architecture's; bits count from the most significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word(pub u32);

impl Word {
    /// Bits 6 to 10: target or source register, BO, TO, or the bit of a condition.
    #[inline(always)]
    pub const fn t(self) -> usize {
        (self.0 >> 21 & 31) as usize
    }

    /// Bits 11 to 15: the first operand or the base of an address.
    #[inline(always)]
    pub const fn a(self) -> usize {
        (self.0 >> 16 & 31) as usize
    }

    /// Bits 16 to 20: the second operand, a shift, or a number of bytes.
    #[inline(always)]
    pub const fn b(self) -> usize {
        (self.0 >> 11 & 31) as usize
    }

    /// Bits 21 to 25: the third operand of multiply-adds, or where a mask begins.
    #[inline(always)]
    pub const fn c(self) -> usize {
        (self.0 >> 6 & 31) as usize
    }

    /// Bits 26 to 30: where a mask ends.
    #[inline(always)]
    pub const fn e(self) -> usize {
        (self.0 >> 1 & 31) as usize
    }

    /// Bits 16 to 31, sign-extended.
    #[inline(always)]
    pub const fn signed(self) -> u32 {
        self.0 as i16 as u32
    }

    /// Bits 16 to 31.
    #[inline(always)]
    pub const fn unsigned(self) -> u32 {
        self.0 & 0xFFFF
    }

    /// Bit 31: record, or link.
    #[inline(always)]
    pub const fn record(self) -> bool {
        self.0 & 1 != 0
    }

    /// Bit 21: record overflow.
    #[inline(always)]
    pub const fn overflow(self) -> bool {
        self.0 & 0x400 != 0
    }

    /// Bit 30: the branch's target is absolute.
    #[inline(always)]
    pub const fn absolute(self) -> bool {
        self.0 & 2 != 0
    }

    /// Displacement of a conditional branch in bytes, sign-extended.
    #[inline(always)]
    pub const fn short_displacement(self) -> u32 {
        (self.0 & 0xFFFC) as i16 as u32
    }

    /// Displacement of an unconditional branch in bytes, sign-extended.
    #[inline(always)]
    pub const fn long_displacement(self) -> u32 {
        (((self.0 & 0x03FF_FFFC) << 6) as i32 >> 6) as u32
    }

    /// Number of a special or device control register: its two halves are swapped in the word.
    #[inline(always)]
    pub const fn register_number(self) -> u32 {
        (self.0 >> 16 & 31) | (self.0 >> 6 & 0x3E0)
    }

    /// Bits 6 to 8: the condition field that is written.
    #[inline(always)]
    pub const fn field(self) -> usize {
        (self.0 >> 23 & 7) as usize
    }

    /// Bits 11 to 13: the condition field that is read.
    #[inline(always)]
    pub const fn source_field(self) -> usize {
        (self.0 >> 18 & 7) as usize
    }

    /// Bits 12 to 19: which condition fields a move writes.
    #[inline(always)]
    pub const fn field_mask(self) -> u32 {
        self.0 >> 12 & 0xFF
    }

    /// The mask of a rotate: ones from bit `begin` to bit `end`, around the word's ends if `begin > end`.
    #[inline(always)]
    pub const fn rotate_mask(self) -> u32 {
        let begin = u32::MAX >> self.c();
        let until = u32::MAX << (31 - self.e());
        if self.c() <= self.e() { begin & until } else { begin | until }
    }
}
