//! The guest's TLB: 64 entries, as the guest wrote them, and an index that finds one.
//!
//! Entries of 4 KiB stand in a bucket by their address, all others in one set of their own, which in practice are the
//! few that hold a kernel. So a search, also one that finds nothing, looks at few entries. Sets are 64-bit words, the
//! lowest index in the highest bit, so that the first match is the lowest one, and `cntlzw` finds it.
//!
//! Two entries that translate one address are undefined on the 440; here the one with the lowest index counts.

/// Word 0: the entry is valid.
pub(super) const VALID: u32 = 0x200;
/// Word 0: translation space 1.
pub(super) const SPACE: u32 = 0x100;
/// The largest size code: 256 MiB. The manual reserves 6 and 8, which are sizes here, and those above 9, which match
/// nothing.
const LARGEST: u32 = 9;
/// What the hardware keeps of each word (PPC440 user's manual, memory management, TLB entry fields).
const KEPT: [u32; 3] = [0xFFFF_FFF0, 0xFFFF_FC0F, 0x0000_FFBF];

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct GuestEntry {
    /// As `tlbwe` takes them.
    pub words: [u32; 3],
    /// The process that it belongs to; 0 for all.
    pub tid: u32,
    /// Slots of the hardware's TLB that may hold an alias of this entry. The slots' owners know whether they still do.
    pub aliases: u64,
}

impl GuestEntry {
    const EMPTY: Self = Self { words: [0; 3], tid: 0, aliases: 0 };

    /// Whether it translates anything.
    pub const fn is_valid(&self) -> bool {
        self.words[0] & VALID != 0
    }

    /// The size's code: 1 KiB shifted by two for each step.
    pub const fn size(&self) -> u32 {
        self.words[0] >> 4 & 0xF
    }

    /// Ones where addresses in its page agree.
    pub(super) const fn mask(&self) -> u32 {
        !((1024_u64 << (2 * self.size())) - 1) as u32
    }

    /// Whether it translates an address, the space and the process aside.
    pub(super) const fn covers(&self, address: u32) -> bool {
        self.is_valid() && self.size() <= LARGEST && (self.words[0] ^ address) & self.mask() == 0
    }

    /// Whether it translates an address of a space for a process.
    pub const fn matches(&self, address: u32, space: bool, pid: u8) -> bool {
        self.covers(address)
            && (self.words[0] & SPACE != 0) == space
            && (self.tid == 0 || self.tid == pid as u32)
    }

    /// The guest-physical address of an address in its page.
    pub const fn physical(&self, address: u32) -> u64 {
        let lower = self.words[1] & 0xFFFF_FC00 & self.mask() | address & !self.mask();
        ((self.words[1] & 0xF) as u64) << 32 | lower as u64
    }
}

/// The guest's TLB.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct GuestTlb {
    /// By their indices.
    pub(crate) entries: [GuestEntry; 64],
    /// Valid entries of 4 KiB, by the lower six bits of their page's number.
    pub(crate) buckets: [u64; 64],
    /// All other valid entries.
    pub(crate) others: u64,
}

/// The set that holds one index.
pub(super) const fn only(index: usize) -> u64 {
    1 << (63 - (index & 63))
}

/// Takes the lowest index out of a set.
pub(super) fn take(set: &mut u64) -> Option<usize> {
    let index = set.leading_zeros() as usize;
    (index < 64).then(|| {
        *set &= !only(index);
        index
    })
}

impl GuestTlb {
    /// No entry is valid.
    pub const EMPTY: Self = Self { entries: [GuestEntry::EMPTY; 64], buckets: [0; 64], others: 0 };

    /// An entry; of the index six bits count.
    pub fn entry(&self, index: usize) -> &GuestEntry {
        &self.entries[index & 63]
    }

    /// The entry that translates an address.
    pub fn find(&self, address: u32, space: bool, pid: u8) -> Option<usize> {
        let mut candidates = self.buckets[bucket(address)] | self.others;
        while let Some(index) = take(&mut candidates) {
            if self.entry(index).matches(address, space, pid) {
                return Some(index);
            }
        }
        None
    }

    /// Writes a word of an entry, 0 to 2; word 0 brings the TID. Returns the slots that may hold aliases which
    /// mean something else from now on.
    pub fn write(&mut self, index: usize, word: usize, value: u32, tid: u8) -> u64 {
        let index = index & 63;
        let Some(kept) = KEPT.get(word) else { return 0 };
        let before = self.entries[index];
        let mut after = before;
        after.words[word] = value & kept;
        if word == 0 {
            after.tid = tid.into();
        }
        if after == before {
            return 0;
        }
        after.aliases = 0;
        if word == 0 {
            *self.set_of(&before) &= !only(index);
            if after.is_valid() {
                *self.set_of(&after) |= only(index);
            }
        }
        self.entries[index] = after;
        before.aliases
    }

    /// Remembers that a slot holds an alias of an entry.
    pub(super) fn add_alias(&mut self, index: usize, slot: usize) {
        self.entries[index & 63].aliases |= only(slot);
    }

    /// Where an entry stands while it is valid.
    fn set_of(&mut self, entry: &GuestEntry) -> &mut u64 {
        if entry.size() == 1 { &mut self.buckets[bucket(entry.words[0])] } else { &mut self.others }
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
        let mut tlb = GuestTlb::EMPTY;
        for index in 0..64 {
            tlb.write(index, 0, (index as u32) << 12 | VALID | (index as u32 & 3) << 4, 0);
        }
        for index in 0..64 {
            tlb.write(index, 0, index as u32, 0);
        }
        assert_eq!((tlb.others, tlb.buckets), (0, [0; 64]));
    }
}
