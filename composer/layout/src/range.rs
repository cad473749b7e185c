//! A range of addresses.

use serde::{Deserialize, Serialize};

/// A range of addresses. Holding one proves that it is not empty and that its last address exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Range {
    start: u64,
    size: u64,
}

impl Range {
    /// `size` bytes from `start`; none if that is empty or runs past the last 64-bit address.
    pub fn new(start: u64, size: u64) -> Option<Self> {
        let last = size.checked_sub(1)?;
        start.checked_add(last)?;
        Some(Self { start, size })
    }

    /// First address.
    pub fn start(self) -> u64 {
        self.start
    }

    /// Length in bytes, at least 1.
    pub fn size(self) -> u64 {
        self.size
    }

    /// Last address.
    pub fn last(self) -> u64 {
        self.start + (self.size - 1)
    }

    /// Whether an address lies in it.
    pub fn contains(self, address: u64) -> bool {
        self.start <= address && address <= self.last()
    }

    /// Whether all of `other` lies in it.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.last() <= self.last()
    }

    /// The addresses that both have.
    pub fn common(self, other: Self) -> Option<Self> {
        let start = self.start.max(other.start);
        let last = self.last().min(other.last());
        (start <= last).then(|| Self { start, size: last - start + 1 })
    }
}

/// The least multiple of `align`, a power of two, that is not below `address`; none if there is none.
pub(crate) fn align_up(address: u64, align: u64) -> Option<u64> {
    debug_assert!(align.is_power_of_two());
    Some(address.checked_add(align - 1)? & !(align - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_empty_nor_wrapping_ranges_exist() {
        assert_eq!(Range::new(7, 0), None);
        assert_eq!(Range::new(u64::MAX, 2), None);
        assert_eq!(Range::new(u64::MAX, 1).map(Range::last), Some(u64::MAX));
    }

    #[test]
    fn the_common_part_is_symmetric() {
        let (low, high) = (Range::new(0x1000, 0x1000), Range::new(0x1800, 0x1000));
        let (low, high) = (low.expect("a range"), high.expect("a range"));
        assert_eq!(low.common(high), Range::new(0x1800, 0x800));
        assert_eq!(low.common(high), high.common(low));
        assert_eq!(low.common(Range::new(0x2000, 1).expect("a range")), None);
    }

    #[test]
    fn alignment_stops_at_the_end_of_the_space() {
        assert_eq!(align_up(0x1001, 0x1000), Some(0x2000));
        assert_eq!(align_up(u64::MAX, 0x1000), None);
    }
}
