//! Counters of the DMA: how much of a message is left, and where its memory begins (sections 6.6 and 6.10).

use serde::{Deserialize, Serialize};

/// Counters of one direction in a group.
pub(super) const COUNTERS: usize = 64;

/// What may go wrong with a counter: an interrupt of its own each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// Counted below 0.
    Underflow,
    /// Incremented past 32 bits.
    Overflow,
}

/// A counter's record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counter {
    /// Bytes that are left.
    pub(super) value: u32,
    /// Where memory begins: a physical address without its lower four bits.
    pub(super) base: u32,
    /// Where a direct put's memory ends; of reception counters only.
    pub(super) limit: u32,
}

impl Counter {
    /// Adds to what is left. A counter that would overflow stays as it is (open question 8).
    pub(super) fn increment(&mut self, bytes: u32) -> Result<(), Mistake> {
        self.value = self.value.checked_add(bytes).ok_or(Mistake::Overflow)?;
        Ok(())
    }

    /// So many bytes are done. Answers whether nothing is left; a counter that would underflow stays as it is.
    pub(super) fn count(&mut self, bytes: u32) -> Result<bool, Mistake> {
        self.value = self.value.checked_sub(bytes).ok_or(Mistake::Underflow)?;
        Ok(self.value == 0)
    }
}

/// One direction's counters of a group: records, which of them are enabled, and which have hit zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counters {
    /// The records.
    pub(super) records: Vec<Counter>,
    /// Counter 0 in the most significant bit.
    pub(super) enabled: [u32; 2],
    /// Latched until software clears it.
    pub(super) hit_zero: [u32; 2],
}

impl Default for Counters {
    fn default() -> Self {
        Self { records: vec![Counter::default(); COUNTERS], enabled: [0; 2], hit_zero: [0; 2] }
    }
}

impl Counters {
    /// Whether a counter is enabled.
    pub(super) fn is_enabled(&self, counter: usize) -> bool {
        self.enabled[(counter / 32) & 1] & 0x8000_0000 >> (counter % 32) != 0
    }

    /// So many bytes of a counter's message are done.
    pub(super) fn count(&mut self, counter: usize, bytes: usize) -> Result<(), Mistake> {
        if self.records[counter].count(bytes as u32)? {
            self.hit_zero[counter / 32] |= 0x8000_0000 >> (counter % 32);
        }
        Ok(())
    }

    /// Which of the eight subgroups, of eight counters each, hold one that has hit zero: the first in the bit of
    /// value 0x80.
    pub(super) fn subgroups(&self) -> u32 {
        let all = u64::from(self.hit_zero[0]) << 32 | u64::from(self.hit_zero[1]);
        (0..8)
            .filter(|subgroup| all >> (56 - 8 * subgroup) & 0xFF != 0)
            .fold(0, |bits, subgroup| bits | 0x80 >> subgroup)
    }

    /// Reads the registers at 0x300 or 0xB00, from there on.
    pub(super) fn read_status(&self, offset: u32) -> Option<u32> {
        let half = (offset >> 2 & 1) as usize;
        match offset {
            0x00 | 0x04 => Some(self.enabled[half]),
            0x20 | 0x24 => Some(self.hit_zero[half]),
            _ => None,
        }
    }

    /// Writes the registers at 0x300 or 0xB00, from there on. `None`: there is nothing to be written.
    pub(super) fn write_status(&mut self, offset: u32, value: u32) -> Option<()> {
        let half = (offset >> 2 & 1) as usize;
        match offset {
            0x08 | 0x0C => self.enabled[half] |= value,
            0x10 | 0x14 => self.enabled[half] &= !value,
            0x28 | 0x2C => self.hit_zero[half] &= !value,
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_hit_zero_exactly() {
        let mut counters = Counters::default();
        counters.records[63].value = 500;
        assert_eq!(counters.count(63, 240), Ok(()));
        assert_eq!((counters.hit_zero, counters.subgroups()), ([0, 0], 0));
        assert_eq!(counters.count(63, 260), Ok(()));
        assert_eq!((counters.hit_zero, counters.subgroups()), ([0, 1], 1));
        assert_eq!(counters.count(63, 1), Err(Mistake::Underflow));
        assert_eq!(counters.records[63].value, 0);
        assert_eq!(counters.records[63].increment(u32::MAX), Ok(()));
        assert_eq!(counters.records[63].increment(1), Err(Mistake::Overflow));
        assert_eq!(counters.write_status(0x2C, 1), Some(()));
        assert_eq!(counters.hit_zero, [0, 0]);
    }

    #[test]
    fn enabling_and_disabling_touch_the_bits_that_are_set() {
        let mut counters = Counters::default();
        assert_eq!(counters.write_status(0x08, 0xC000_0000), Some(()));
        assert_eq!(counters.write_status(0x10, 0x8000_0000), Some(()));
        assert_eq!((counters.read_status(0), counters.read_status(4)), (Some(0x4000_0000), Some(0)));
        assert!(!counters.is_enabled(0) && counters.is_enabled(1) && !counters.is_enabled(33));
        assert_eq!(counters.write_status(0x00, 1), None);
        assert_eq!(counters.read_status(0x08), None);
    }
}
