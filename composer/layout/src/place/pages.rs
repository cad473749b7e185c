//! Covering a range with TLB pages, as few as its two addresses allow.
//!
//! The TLB has 64 entries for the whole node, RAM has megabytes: so small segments are rounded up to one
//! page, and a physical place is chosen so that the large page sizes apply.

use ppc440::tlb::{Attributes, Page, PageSize};

use crate::range::align_up;
use crate::window::SEGMENT_ALIGNMENT;

/// The smallest page, and so the unit of protection.
pub(crate) const PAGE: u64 = PageSize::K4.bytes() as u64;

/// The page of exactly so many bytes.
pub(crate) fn page_size(bytes: u64) -> Option<PageSize> {
    PageSize::DESCENDING.into_iter().find(|page| u64::from(page.bytes()) == bytes)
}

/// How much to map for `size` bytes: one page up to 64 KiB, then multiples of 64 KiB.
///
/// Rounding is bounded by the segment's own alignment; the tail belongs to the segment.
pub(crate) fn mapped_size(size: u64) -> Option<u64> {
    let single = [PageSize::K4, PageSize::K16].map(|page| u64::from(page.bytes()));
    let single = single.into_iter().find(|page| size <= *page);
    single.or_else(|| align_up(size, SEGMENT_ALIGNMENT))
}

/// What the physical address must agree in with the effective one, so that the largest pages apply: the
/// greatest page size of which an aligned one lies within the `size` bytes at `virt`.
pub(crate) fn agreement(virt: u64, size: u64) -> u64 {
    let fits = |page: &u64| {
        align_up(virt, *page).and_then(|start| start.checked_add(*page)).is_some_and(|end| end <= virt + size)
    };
    PageSize::DESCENDING.map(|page| u64::from(page.bytes())).into_iter().find(fits).unwrap_or(PAGE)
}

/// The fewest pages that translate the `size` bytes at `virt` to those at `physical`, by address.
///
/// # Panics
///
/// When an address or the size is no multiple of [`PAGE`], or the range leaves its space. The planner
/// rounds both; a caller that does not is wrong, whatever the spec says.
pub(crate) fn cover(virt: u64, physical: u64, size: u64, attributes: Attributes) -> Vec<Page> {
    assert!((virt | physical | size).is_multiple_of(PAGE), "pages are whole");
    let mut pages = Vec::new();
    let mut done = 0;
    while done < size {
        let (at, to) = (virt + done, physical + done);
        let fits = |page: &PageSize| {
            let bytes = u64::from(page.bytes());
            (at | to).is_multiple_of(bytes) && bytes <= size - done
        };
        let page = PageSize::DESCENDING.into_iter().find(fits).expect("4 KiB always fits");
        let virt = u32::try_from(at).expect("effective addresses have 32 bits");
        pages.push(Page::new(virt, to, page, attributes));
        done += u64::from(page.bytes());
    }
    pages
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_segments_take_one_page() {
        let sizes = [1, 0x1000, 0x1001, 0x4001, 0x1_0001].map(mapped_size);
        assert_eq!(sizes, [0x1000, 0x1000, 0x4000, 0x1_0000, 0x2_0000].map(Some));
        for size in [1, 0x1000, 0x1001, 0x4001] {
            let size = mapped_size(size).expect("small");
            assert_eq!(cover(0x10_0000, 0x40_0000, size, Attributes::UR).len(), 1);
        }
    }

    #[test]
    fn a_megabyte_is_one_page_where_both_addresses_allow() {
        assert_eq!(cover(0x4000_0000, 0x10_0000, 0x10_0000, Attributes::UR).len(), 1);
        assert_eq!(cover(0x4000_0000, 0x10_1000, 0x10_0000, Attributes::UR).len(), 256);
    }

    proptest! {
        #[test]
        fn pages_translate_the_range_and_nothing_else(
            virt in 0u64..0x4000, physical in 0u64..0x40_0000, count in 1u64..2000,
        ) {
            let (virt, physical, size) = (virt * PAGE, physical * PAGE, count * PAGE);
            let pages = cover(virt, physical, size, Attributes::UR);
            let mut at = 0;
            for page in &pages {
                prop_assert_eq!(u64::from(page.virt()), virt + at);
                prop_assert_eq!(page.physical(), physical + at);
                at += u64::from(page.bytes());
            }
            prop_assert_eq!(at, size);
        }

        #[test]
        fn agreement_lets_the_largest_page_apply(virt in 0u64..0x4000, count in 1u64..5000) {
            let (virt, size) = (virt * PAGE, count * PAGE);
            let align = agreement(virt, size);
            let best = |physical| cover(virt, physical, size, Attributes::UR).iter().map(Page::bytes).max();
            prop_assert_eq!(best(align * 8 + virt % align), best(virt));
            prop_assert_eq!(best(virt).map(u64::from), Some(align));
        }
    }
}
