//! The guest's TLB: 64 entries, as the guest wrote them, and an index that finds one.
//!
//! An entry of space 0 stands in a bucket for each 4 KiB that it covers, by six bits of the address: a small page in one, a
//! kernel's large one in all. So a search, also one that finds nothing, looks at one bucket. Buckets are sets of 64 bits,
//! the lowest index in the highest bit, so that the first match is the lowest one, and `cntlzw` finds it. Space 1, which
//! few guests use, is searched entry by entry.
//!
//! Two entries that translate one address are undefined on the 440; here the one with the lowest index counts.
//!
//! Assembly reads and writes this, too (`guest_tlb.rs` beside the vectors): the order of the fields is its.

use super::spaces::NONE;

/// Word 0: the entry is valid.
pub(super) const VALID: u32 = 0x200;
/// Word 0: translation space 1.
pub(super) const SPACE: u32 = 0x100;
/// The largest size code: 256 MiB. The manual reserves 6 and 8, which are sizes here, and those above 9, which match
/// nothing.
const LARGEST: u32 = 9;

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct GuestEntry {
    /// Word 1.
    pub(crate) frame: u32,
    /// Word 2.
    pub(crate) attributes: u32,
    /// This entry in its half of a bucket.
    pub(crate) bit: u32,
    /// Where an address above a PID has to equal the tag.
    pub(crate) mask: u32,
    /// Word 0 of an alias as large as the page; 0 if there is none.
    pub(crate) alias: u32,
    /// The slot of its newest alias, as [`Owner::older`](super::spaces::Owner::older) says it.
    pub(crate) newest: u32,
    /// The page's address, and below it the process that it belongs to; 0 for all.
    pub(crate) tag: u32,
    /// Word 0.
    pub(crate) page: u32,
}

impl GuestEntry {
    const EMPTY: Self =
        Self { frame: 0, attributes: 0, bit: 0, mask: 0, alias: 0, newest: NONE, tag: 0, page: 0 };

    /// As `tlbre` reads them.
    pub const fn words(&self) -> [u32; 3] {
        [self.page, self.frame, self.attributes]
    }

    /// The process that it belongs to; 0 for all.
    pub const fn tid(&self) -> u32 {
        self.tag & 0xFF
    }

    /// Whether it translates anything.
    pub const fn is_valid(&self) -> bool {
        self.page & VALID != 0
    }

    /// The size's code: 1 KiB shifted by two for each step.
    pub const fn size(&self) -> u32 {
        self.page >> 4 & 0xF
    }

    /// Ones where addresses in its page agree.
    pub(super) const fn mask(&self) -> u32 {
        !((1024_u64 << (2 * self.size())) - 1) as u32
    }

    /// Whether it translates an address, the space and the process aside.
    pub(super) const fn covers(&self, address: u32) -> bool {
        self.is_valid() && self.size() <= LARGEST && (self.page ^ address) & self.mask() == 0
    }

    /// Whether it translates an address of a space for a process.
    pub const fn matches(&self, address: u32, space: bool, pid: u8) -> bool {
        self.covers(address)
            && (self.page & SPACE != 0) == space
            && (self.tid() == 0 || self.tid() == pid as u32)
    }

    /// The guest-physical address of an address in its page.
    pub const fn physical(&self, address: u32) -> u64 {
        let lower = self.frame & 0xFFFF_FC00 & self.mask() | address & !self.mask();
        ((self.frame & 0xF) as u64) << 32 | lower as u64
    }
}

/// The guest's TLB.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct GuestTlb {
    /// By their indices.
    pub(crate) entries: [GuestEntry; 64],
    /// Entries of space 0, by the lower six bits of the numbers of the pages that they cover.
    pub(crate) buckets: [u64; 64],
    /// Those that stand in all buckets.
    pub(crate) everywhere: u64,
    /// The size of the largest page for which one alias can be enough.
    largest: u32,
}

/// The set that holds one index.
const fn only(index: usize) -> u64 {
    1 << (63 - (index & 63))
}

/// Takes the lowest index out of a set.
fn take(set: &mut u64) -> Option<usize> {
    let index = set.leading_zeros() as usize;
    (index < 64).then(|| {
        *set &= !only(index);
        index
    })
}

/// Whether the hardware has pages of a size: not of 4 or 64 MiB.
pub(super) const fn exists(size: u32) -> bool {
    size % 2 == 1 || size < 6
}

impl GuestTlb {
    /// No entry is valid, and no alias is larger than the size.
    pub const fn new(largest: u32) -> Self {
        let mut entries = [GuestEntry::EMPTY; 64];
        let mut index = 0;
        while index < 64 {
            entries[index].bit = 1 << (31 - index % 32);
            index += 1;
        }
        Self { entries, buckets: [0; 64], everywhere: 0, largest }
    }

    /// An entry; of the index six bits count.
    pub fn entry(&self, index: usize) -> &GuestEntry {
        &self.entries[index & 63]
    }

    /// The entry that translates an address.
    pub fn find(&self, address: u32, space: bool, pid: u8) -> Option<usize> {
        let mut candidates = if space { u64::MAX } else { self.buckets[bucket(address)] };
        while let Some(index) = take(&mut candidates) {
            if self.entry(index).matches(address, space, pid) {
                return Some(index);
            }
        }
        None
    }

    /// Writes a word of an entry, 0 to 2; word 0 brings the TID. Says whether aliases of the entry mean something else
    /// from now on. Of each word counts what the hardware keeps (PPC440 user's manual, memory management, TLB entry
    /// fields).
    pub fn write(&mut self, index: usize, word: usize, value: u32, tid: u8) -> bool {
        let index = index & 63;
        let entry = &mut self.entries[index];
        match word {
            0 => self.write_page(index, value & 0xFFFF_FFF0, tid.into()),
            1 => core::mem::replace(&mut entry.frame, value & 0xFFFF_FC0F) != entry.frame,
            2 => core::mem::replace(&mut entry.attributes, value & 0x0000_FFBF) != entry.attributes,
            _ => false,
        }
    }

    fn write_page(&mut self, index: usize, page: u32, tid: u32) -> bool {
        let entry = &mut self.entries[index];
        let tag = page & 0xFFFF_FC00 | tid;
        if (entry.page, entry.tag) == (page, tag) {
            return false;
        }
        self.show(index, false);
        let entry = &mut self.entries[index];
        (entry.page, entry.tag) = (page, tag);
        let (size, mask) = (entry.size(), entry.mask());
        entry.mask = mask & 0xFFFF_FC00 | if tid == 0 { 0 } else { 0xFF };
        let whole = size <= self.largest && exists(size);
        entry.alias = if whole { page & mask & 0xFFFF_FC00 | VALID | SPACE | size << 4 } else { 0 };
        self.show(index, true);
        true
    }

    /// Puts an entry into its buckets, or takes it out of them.
    fn show(&mut self, index: usize, is_there: bool) {
        let entry = self.entries[index];
        if !entry.is_valid() || entry.page & SPACE != 0 || entry.size() > LARGEST {
            return;
        }
        let count = 1 << (2 * entry.size().clamp(1, 4) - 2);
        let first = bucket(entry.page) & !(count - 1);
        let set = |set: &mut u64| *set = *set & !only(index) | if is_there { only(index) } else { 0 };
        self.buckets[first..first + count].iter_mut().for_each(set);
        if count == 64 {
            set(&mut self.everywhere);
        }
    }
}

/// The bucket of an address.
const fn bucket(address: u32) -> usize {
    (address >> 12) as usize & 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_forgets_what_is_no_longer_valid() {
        let mut tlb = GuestTlb::new(9);
        for index in 0..64 {
            tlb.write(index, 0, (index as u32) << 12 | VALID | (index as u32 % 5) << 4, 0);
        }
        assert_eq!(tlb.everywhere.count_ones(), 12);
        for index in 0..64 {
            tlb.write(index, 0, index as u32, 0);
        }
        assert_eq!((tlb.everywhere, tlb.buckets), (0, [0; 64]));
    }
}
