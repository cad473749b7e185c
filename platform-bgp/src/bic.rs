//! The Blue Gene interrupt controller (BIC), as numbers: ten groups of 32 lines, memory-mapped.
//!
//! A line's number is `group * 32 + bit`, bits counted from the most significant. Each line has a
//! four-bit target code, eight of them in a register.

/// How many groups exist.
pub const GROUPS: u16 = 10;

/// How many lines there are.
pub const LINES: u16 = GROUPS * 32;

/// Bytes from one group's registers to the next group's.
const GROUP_BYTES: u32 = 0x80;

/// Within a group: a written 1 clears that status.
const STATUS_CLEAR: u32 = 0x08;

/// Within a group: the first of four target registers.
const TARGETS: u32 = 0x10;

/// Within a group: the lines that ask core 0 for a non-critical interrupt.
const MASKED_STATUS: u32 = 0x20;

/// The groups in which a line asks core 0 for a non-critical interrupt.
pub const HIERARCHY: u32 = 0x780;

/// A line that goes nowhere.
pub const TARGET_NONE: u32 = 0;

/// A line that interrupts core 0, non-critical.
pub const TARGET_CORE_0: u32 = 4;

/// Where a line's registers and bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    group: u32,
    bit: u32,
}

impl Line {
    /// The line of a number, if there is one.
    pub const fn new(number: u16) -> Option<Self> {
        if number < LINES { Some(Self { group: number as u32 / 32, bit: number as u32 % 32 }) } else { None }
    }

    /// The line's bit in its group's registers.
    pub const fn mask(self) -> u32 {
        0x8000_0000 >> self.bit
    }

    /// Offset of the register that clears its status.
    pub const fn status_clear(self) -> u32 {
        status_clear(self.group)
    }

    /// Offset of the register that holds its target.
    pub const fn target(self) -> u32 {
        self.group * GROUP_BYTES + TARGETS + self.bit / 8 * 4
    }

    /// The target register's value with this line's code put in.
    pub const fn with_target(self, register: u32, code: u32) -> u32 {
        let shift = 28 - self.bit % 8 * 4;
        register & !(0xF << shift) | code << shift
    }
}

/// Offset of a group's register that clears statuses.
pub const fn status_clear(group: u32) -> u32 {
    group * GROUP_BYTES + STATUS_CLEAR
}

/// Offset of one of a group's four target registers.
pub const fn targets(group: u32, number: u32) -> u32 {
    group * GROUP_BYTES + TARGETS + number * 4
}

/// Offset of the lines of a group that ask core 0.
pub const fn masked_status(group: u32) -> u32 {
    group * GROUP_BYTES + MASKED_STATUS
}

/// The number of the first line of a group's masked status.
pub const fn first(group: u32, status: u32) -> Option<u16> {
    if status == 0 { None } else { Some((group * 32 + status.leading_zeros()) as u16) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_group_bit_and_nibble() {
        let line = Line::new(3 * 32 + 9).expect("a line");
        assert_eq!(line.mask(), 0x0040_0000);
        assert_eq!(line.status_clear(), 0x188);
        assert_eq!(line.target(), 0x194);
        assert_eq!(line.with_target(0xFFFF_FFFF, TARGET_CORE_0), 0xF4FF_FFFF);
        assert_eq!(first(3, line.mask()), Some(3 * 32 + 9));
    }

    #[test]
    fn numbers_beyond_the_last_group_are_no_lines() {
        assert!(Line::new(LINES - 1).is_some());
        assert_eq!(Line::new(LINES), None);
        assert_eq!(first(0, 0), None);
    }
}
