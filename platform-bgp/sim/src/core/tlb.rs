//! The TLB of a core: 64 entries that software manages (hardware reference, section 2.6).

use serde::{Deserialize, Serialize};

/// How many entries there are.
pub const ENTRIES: usize = 64;

/// One entry, as its three words and its TID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// EPN, V, TS, SIZE. The parity bits are never kept.
    pub word0: u32,
    /// RPN, ERPN.
    pub word1: u32,
    /// Attributes and rights.
    pub word2: u32,
    /// Process: 0 is everybody's.
    pub tid: u8,
}

/// Word 0: valid.
pub const VALID: u32 = 0x200;
/// Word 0: the address space.
pub const TS: u32 = 0x100;
/// Word 0: bits that are kept.
const WORD0: u32 = 0xFFFF_FFF0;
/// Word 1: bits that are kept.
const WORD1: u32 = 0xFFFF_FC0F;
/// Word 2: bits that are kept.
const WORD2: u32 = 0x003F_FFBF;

/// Word 2: the L1 writes through, on a 450.
pub const WL1: u32 = 0x0010_0000;
/// Word 2: write-through.
pub const W: u32 = 0x800;
/// Word 2: caching inhibited.
pub const I: u32 = 0x400;
/// Word 2: memory coherent.
pub const M: u32 = 0x200;
/// Word 2: guarded.
pub const G: u32 = 0x100;
/// Word 2: little-endian.
pub const E: u32 = 0x80;
/// Word 2: rights of users: to fetch, to write, to read. Supervisors' are these shifted right by three.
pub const UX: u32 = 0x20;
/// Users may write.
pub const UW: u32 = 0x10;
/// Users may read.
pub const UR: u32 = 0x08;
/// Supervisors may fetch.
pub const SX: u32 = 0x04;
/// Supervisors may write.
pub const SW: u32 = 0x02;
/// Supervisors may read.
pub const SR: u32 = 0x01;

impl Entry {
    /// An entry that maps a page of everybody's in space 0.
    ///
    /// `size` is the code of the page's size: 1 KiB times four to its power.
    pub const fn new(effective: u32, physical: u64, size: u32, word2: u32) -> Self {
        Self {
            word0: effective & 0xFFFF_FC00 | VALID | size << 4,
            word1: physical as u32 & 0xFFFF_FC00 | (physical >> 32) as u32,
            word2,
            tid: 0,
        }
    }

    /// Whether the entry takes part in translation.
    pub const fn is_valid(&self) -> bool {
        self.word0 & VALID != 0
    }

    /// The code of the page's size.
    pub const fn size(&self) -> u32 {
        self.word0 >> 4 & 15
    }

    /// The bits of an address inside the page. Codes that the core does not have (4 and 64 MB, 4 GB) count
    /// like their neighbours: four times the next smaller.
    pub const fn offset_mask(&self) -> u32 {
        let bits = 10 + 2 * self.size();
        if bits >= 32 { u32::MAX } else { (1 << bits) - 1 }
    }

    /// Whether the core has pages of this size: 4 and 64 MB it has not.
    pub const fn has_known_size(&self) -> bool {
        matches!(self.size(), 0..=5 | 7 | 9 | 10)
    }

    /// Whether the entry maps an address of a space (0 or 1) for a process.
    #[inline(always)]
    pub const fn matches(&self, effective: u32, space: bool, process: u8) -> bool {
        self.is_valid()
            && (self.word0 & TS != 0) == space
            && (self.tid == 0 || self.tid == process)
            && (effective ^ self.word0) & !self.offset_mask() & 0xFFFF_FC00 == 0
    }

    /// The physical address of an effective one that the entry maps.
    pub const fn physical(&self, effective: u32) -> u64 {
        let mask = self.offset_mask();
        let low = self.word1 & 0xFFFF_FC00 & !mask | effective & mask;
        (self.word1 as u64 & 15) << 32 | low as u64
    }
}

/// The entries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tlb {
    entries: Vec<Entry>,
}

/// What a look-up found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One entry, by its number.
    One(usize),
    /// None.
    None,
    /// More than one, which software must never let happen: the lowest two.
    Several(usize, usize),
}

impl Tlb {
    /// Entries of which none is valid.
    pub fn new() -> Self {
        Self { entries: vec![Entry::default(); ENTRIES] }
    }

    /// An entry. Numbers count modulo 64.
    pub fn get(&self, number: u32) -> Entry {
        self.entries[number as usize % ENTRIES]
    }

    /// Replaces an entry.
    pub fn set(&mut self, number: u32, entry: Entry) {
        self.entries[number as usize % ENTRIES] = entry;
    }

    /// Writes one of an entry's three words as `tlbwe` does; word 0 takes the TID from MMUCR. `false`: no such word.
    pub fn write(&mut self, number: u32, word: u32, value: u32, tid: u8) -> bool {
        let entry = &mut self.entries[number as usize % ENTRIES];
        match word {
            0 => {
                entry.word0 = value & WORD0;
                entry.tid = tid;
            }
            1 => entry.word1 = value & WORD1,
            2 => entry.word2 = value & WORD2,
            _ => return false,
        }
        true
    }

    /// The entry that maps an address.
    pub fn find(&self, effective: u32, space: bool, process: u8) -> Found {
        let mut matching = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.matches(effective, space, process))
            .map(|(number, _)| number);
        match (matching.next(), matching.next()) {
            (None, _) => Found::None,
            (Some(one), None) => Found::One(one),
            (Some(one), Some(other)) => Found::Several(one, other),
        }
    }
}

impl Default for Tlb {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_maps_its_page_space_and_process() {
        let entry = Entry { tid: 7, ..Entry::new(0xFFF4_0000, 0x0_7FFC_0000, 4, SR | SX) };
        assert!(entry.matches(0xFFF7_FFFF, false, 7));
        assert!(!entry.matches(0xFFF8_0000, false, 7));
        assert!(!entry.matches(0xFFF4_0000, true, 7));
        assert!(!entry.matches(0xFFF4_0000, false, 6));
        assert!(Entry { tid: 0, ..entry }.matches(0xFFF4_0000, false, 6));
        assert_eq!(entry.physical(0xFFF5_2345), 0x7FFD_2345);
        assert_eq!(Entry::new(0, 0x7_3000_0000, 1, 0).physical(0x123), 0x7_3000_0123);
    }

    #[test]
    fn low_bits_of_a_large_pages_numbers_are_ignored() {
        let entry = Entry { word0: 0x1234_FC00 | VALID | 0x70, word1: 0x0FFF_FC03, word2: 0, tid: 0 };
        assert!(entry.matches(0x12FF_FFFF, false, 1));
        assert_eq!(entry.physical(0x12AB_CDEF), 0x3_0FAB_CDEF);
        let largest = Entry::new(0x4000_0000, 0x8000_0000, 10, 0);
        assert!(largest.matches(0x7FFF_FFFF, false, 1));
        assert_eq!(largest.physical(0x7FFF_FFFF), 0xBFFF_FFFF);
    }

    #[test]
    fn words_lose_parity_and_reserved_bits() {
        let mut tlb = Tlb::new();
        assert!(
            tlb.write(65, 0, u32::MAX, 9) && tlb.write(1, 1, u32::MAX, 0) && tlb.write(1, 2, u32::MAX, 0)
        );
        assert!(!tlb.write(1, 3, 0, 0));
        assert_eq!(tlb.get(1), Entry { word0: 0xFFFF_FFF0, word1: 0xFFFF_FC0F, word2: 0x003F_FFBF, tid: 9 });
    }

    #[test]
    fn two_matches_are_told() {
        let mut tlb = Tlb::new();
        tlb.set(3, Entry::new(0, 0, 7, SR));
        assert_eq!(tlb.find(0x1000, false, 0), Found::One(3));
        tlb.set(9, Entry::new(0x1000, 0, 1, SR));
        assert_eq!(tlb.find(0x1000, false, 0), Found::Several(3, 9));
        assert_eq!(tlb.find(0x0100_0000, false, 0), Found::None);
    }
}
