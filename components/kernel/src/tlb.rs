//! The TLB's replaceable entries, and the search of a domain's map on a miss.
//!
//! Pinned entries lie at the top and are never replaced. A miss is answered by assembly, which does what `find` and
//! `Tlb::load` do under test: the search takes as many steps as the image's maps are deep, whatever the address.

use crate::machine::Machine;
use ppc440::tlb::{ENTRIES, Page};

/// A page as the search finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Entry {
    /// Its effective address.
    pub virt: u32,
    /// Ones where an address must equal word 0 to lie in the page.
    pub mask: u32,
    /// What `tlbwe` takes.
    pub page: Page,
}

impl Entry {
    /// Behind the last page: above every address but one, which it does not hold.
    #[doc(hidden)]
    pub const END: Self =
        Self { virt: u32::MAX, mask: u32::MAX, page: Page { word0: 0, word1: 0, word2: 0 } };
}

/// A map, padded to `N` entries, a power of two.
///
/// # Panics
///
/// When there are no pages, or they do not fit; a const table makes that an error of the build.
pub const fn padded<const N: usize>(pages: &[Page]) -> [Entry; N] {
    assert!(N.is_power_of_two() && !pages.is_empty());
    let mut entries = [Entry::END; N];
    let mut index = 0;
    while index < pages.len() {
        let page = pages[index];
        entries[index] = Entry { virt: page.virt(), mask: !(page.bytes() - 1), page };
        index += 1;
    }
    entries
}

/// The page of a padded map that holds the address.
#[cfg(test)]
pub(crate) fn find(map: &[Entry], address: u32) -> Option<&Page> {
    let mut place = 0;
    let mut step = map.len();
    while step > 1 {
        step /= 2;
        if map.get(place + step).is_some_and(|entry| entry.virt <= address) {
            place += step;
        }
    }
    let entry = map.get(place)?;
    ((entry.page.word0 ^ address) & entry.mask == 0).then_some(&entry.page)
}

/// Which entry to replace next.
#[derive(Clone, Copy, Debug)]
pub struct Tlb {
    /// The slot to replace next.
    pub next: u8,
    /// The slot to replace after each.
    pub(crate) successor: [u8; ENTRIES],
    /// How many slots may be replaced: 0 up to this.
    pub(crate) replaceable: u8,
}

impl Tlb {
    /// A TLB of which the first `replaceable` slots are empty and the others pinned.
    ///
    /// # Panics
    ///
    /// When `replaceable` is 0 or more than the TLB has; a const table makes that an error of the build.
    pub const fn new(replaceable: u8) -> Self {
        assert!(replaceable > 0 && replaceable as usize <= ENTRIES);
        Self { next: 0, successor: ring(replaceable), replaceable }
    }

    /// Keeps a page for good, in a slot that is replaced no more. Composer has proved that enough are left.
    pub fn pin(&mut self, machine: &mut impl Machine, pid: u8, page: &Page) {
        if self.replaceable > 1 {
            self.replaceable -= 1;
            self.successor = ring(self.replaceable);
            machine.load_page(self.replaceable, pid, page);
        }
    }

    /// Loads a page in place of the oldest.
    #[cfg(test)]
    pub(crate) fn load(&mut self, machine: &mut impl Machine, pid: u8, page: &Page) {
        let slot = self.take();
        machine.load_page(slot, pid, page);
    }

    /// The slot to replace now.
    #[cfg(any(test, feature = "vm"))]
    pub(crate) fn take(&mut self) -> u8 {
        let slot = self.next;
        self.next = self.successor[slot as usize % ENTRIES];
        slot
    }
}

/// The slots below `replaceable`, each followed by the next, the last by the first.
const fn ring(replaceable: u8) -> [u8; ENTRIES] {
    let mut successor = [0; ENTRIES];
    let mut slot = 0;
    while slot + 1 < replaceable {
        // The remainder only spares a check.
        successor[slot as usize % ENTRIES] = slot + 1;
        slot += 1;
    }
    successor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Recorder;
    use ppc440::tlb::{Attributes, PageSize};
    use proptest::prelude::*;

    const MAP: &[Page] = &[
        Page::new(0x0000_4000, 0x10_0000, PageSize::K16, Attributes::UR),
        Page::new(0x0010_0000, 0x20_0000, PageSize::M1, Attributes::UR),
        Page::new(0x0020_0000, 0x30_0000, PageSize::K4, Attributes::UR),
    ];

    proptest! {
        #[test]
        fn the_search_agrees_with_a_scan(address in 0_u32..0x0030_0000) {
            let scan = MAP.iter().find(|page| page.contains(address));
            let (small, large) = (padded::<4>(MAP), padded::<16>(MAP));
            prop_assert_eq!(find(&small, address), scan);
            prop_assert_eq!(find(&large, address), scan);
        }
    }

    #[test]
    fn a_full_map_needs_no_padding() {
        let full = padded::<2>(&MAP[..2]);
        for (address, page) in [(0, None), (0x4000, Some(0)), (0x8000, None), (0x1F_FFFF, Some(1))] {
            assert_eq!(find(&full, address), page.map(|index: usize| &MAP[index]));
        }
    }

    #[test]
    fn ends_of_the_address_space_are_no_page() {
        for map in [&padded::<4>(MAP)[..], &[]] {
            assert_eq!(find(map, 0), None);
            assert_eq!(find(map, u32::MAX), None);
        }
    }

    #[test]
    fn every_replaceable_slot_has_its_turn_and_no_pinned_one() {
        let mut recorder = Recorder::default();
        let mut machine = &mut recorder;
        let mut tlb = Tlb::new(4);
        tlb.pin(&mut machine, 9, &MAP[2]);
        for page in MAP.iter().cycle().take(7) {
            tlb.load(&mut machine, 1, page);
        }
        let owners: Vec<u8> = recorder.tlb.iter().flatten().map(|(pid, _)| *pid).collect();
        assert_eq!(owners, [1, 1, 1, 9]);
        assert_eq!(recorder.tlb[0], Some((1, MAP[0])), "the seventh replaced the first slot again");
    }
}
