//! The kernel's own record of the TLB, and the search of a domain's map on a miss.
//!
//! The record is needed because the hardware cannot be asked: QEMU's `tlbsx` ignores the translation
//! space. Pinned entries lie above `Tlb::replaceable` and are never in the record.

use crate::machine::Machine;
use ppc440::tlb::{ENTRIES, Page};

/// Which address space each replaceable entry belongs to.
#[derive(Clone, Debug)]
pub struct Tlb {
    /// PID by slot; 0 where the slot is free.
    pids: [u8; ENTRIES],
    /// The slot to replace next.
    next: u8,
    /// How many slots may be replaced: 0 up to this.
    replaceable: u8,
}

impl Tlb {
    /// A TLB of which the first `replaceable` slots are empty and the others pinned.
    ///
    /// # Panics
    ///
    /// When `replaceable` is 0 or more than the TLB has; a const table makes that an error of the build.
    pub const fn new(replaceable: u8) -> Self {
        assert!(replaceable > 0 && replaceable as usize <= ENTRIES);
        Self { pids: [0; ENTRIES], next: 0, replaceable }
    }

    /// Loads a page in place of the oldest.
    pub fn load(&mut self, machine: &mut impl Machine, pid: u8, page: &Page) {
        let slot = self.next;
        self.next = if slot + 1 < self.replaceable { slot + 1 } else { 0 };
        self.pids[slot as usize] = pid;
        machine.load_page(slot, pid, page);
    }

    /// Drops every entry of an address space.
    pub fn drop_space(&mut self, machine: &mut impl Machine, pid: u8) {
        for slot in 0..self.replaceable {
            if self.pids[slot as usize] == pid {
                self.pids[slot as usize] = 0;
                machine.drop_page(slot);
            }
        }
    }
}

/// The page of a sorted map that holds the address, in time logarithmic in the map's length.
pub fn find(map: &[Page], address: u32) -> Option<&Page> {
    let above = map.partition_point(|page| page.virt() <= address);
    let page = map.get(above.checked_sub(1)?)?;
    page.contains(address).then_some(page)
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
            prop_assert_eq!(find(MAP, address), scan);
        }
    }

    #[test]
    fn ends_of_the_address_space_are_no_page() {
        assert_eq!(find(MAP, 0), None);
        assert_eq!(find(MAP, u32::MAX), None);
        assert_eq!(find(&[], 0x4000), None);
    }

    #[test]
    fn a_space_leaves_nothing_behind() {
        let mut machine = Recorder::default();
        let mut tlb = Tlb::new(4);
        for page in MAP.iter().cycle().take(7) {
            tlb.load(&mut machine, 1, page);
        }
        tlb.load(&mut machine, 2, &MAP[0]);
        tlb.drop_space(&mut machine, 1);
        let left: Vec<u8> = machine.tlb.iter().flatten().map(|(pid, _)| *pid).collect();
        assert_eq!(left, [2]);
    }
}
