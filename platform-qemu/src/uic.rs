//! The universal interrupt controller UIC0, as numbers.
//!
//! Source: *PPC440EP Embedded Processor User's Manual*, chapter 'Universal Interrupt Controller'.
//! Interrupt *n* is bit *n* counted from the most significant.

/// DCR of the status register; a written 1 clears.
pub const SR: u32 = 0xC0;
/// DCR of the enable register.
pub const ER: u32 = 0xC2;
/// DCR of the critical register: a 1 routes the line to the critical input.
pub const CR: u32 = 0xC3;
/// DCR of the masked status register: status and enable.
pub const MSR: u32 = 0xC6;

/// How many lines there are.
pub const LINES: u16 = 32;

/// The bit of a line, or none beyond the last.
pub const fn bit(line: u16) -> u32 {
    if line < LINES { 0x8000_0000 >> line } else { 0 }
}

/// The first line of a masked status.
pub const fn first(status: u32) -> Option<u16> {
    if status == 0 { None } else { Some(status.leading_zeros() as u16) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_the_most_significant_bit() {
        for line in 0..LINES {
            assert_eq!(first(bit(line)), Some(line));
        }
        assert_eq!((bit(LINES), first(0)), (0, None));
        assert_eq!(first(bit(3) | bit(30)), Some(3));
    }
}
