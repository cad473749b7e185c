//! Pages: as large as they can be, with all attributes, and those that stay in the TLB.

use composer_model::{InstanceId, System};
use composer_syntax::Code;
use ppc440::tlb::Attributes;

use super::tests::{images, page, placed};
use crate::sample::{Wiring, hello, region};

/// The sizes of a domain's pages of an owner, by address.
fn sizes(system: &System, domain: usize, owner: &str) -> Vec<String> {
    let placed = placed(system, &images()).expect("it fits");
    let pages = placed.kernel.domains[domain].pages.iter();
    pages.filter(|row| row.owner == owner).map(|row| row.size.clone()).collect()
}

#[test]
fn a_region_as_large_as_a_page_takes_one() {
    for (size, name) in
        [(0x1000, "K4"), (0x4000, "K16"), (0x1_0000, "K64"), (0x10_0000, "M1"), (0x100_0000, "M16")]
    {
        let mut system = hello(Wiring::Call);
        // Something small first, so that nothing is aligned by accident.
        region(&mut system, "odd", 0x1000, None, 1);
        region(&mut system, "frame", size, None, 1);
        system.regions[1].users.push(InstanceId(2));
        assert_eq!(sizes(&system, 1, "region frame"), [name], "{size:#x}");
        assert_eq!(sizes(&system, 2, "region frame"), [name], "{size:#x}");
    }
}

#[test]
fn a_larger_region_takes_the_largest_pages_first() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "frame", 0x12_0000, None, 1);
    assert_eq!(sizes(&system, 1, "region frame"), ["M1", "K64", "K64"]);
}

#[test]
fn a_pinned_region_is_seen_where_its_large_pages_apply() {
    let mut system = hello(Wiring::Call);
    // 1 MiB and two pages of 64 KiB below it.
    region(&mut system, "frame", 0x12_0000, Some(0x10E_0000), 1);
    assert_eq!(sizes(&system, 1, "region frame"), ["K64", "K64", "M1"]);
}

#[test]
fn pages_have_all_the_attributes_of_their_board_and_no_others() {
    let mut system = hello(Wiring::Call);
    let storage = Attributes::I | Attributes::G | Attributes::U1 | Attributes::U3;
    system.board.devices[0].attributes = storage;
    system.board.ram_attributes = Attributes::W | Attributes::U0;
    let placed = placed(&system, &images()).expect("it fits");
    for row in placed.kernel.domains.iter().flat_map(|domain| &domain.pages) {
        let rights = match row.owner.rsplit(' ').next() {
            Some("text") => Attributes::UR | Attributes::UX,
            Some("rodata") => Attributes::UR,
            _ => Attributes::UR | Attributes::UW,
        };
        let of_board = if row.owner.starts_with("device") { storage } else { system.board.ram_attributes };
        assert_eq!(page(row).attributes(), rights | of_board, "{}", row.owner);
    }
    let device = page(&placed.kernel.boot.devices[0]).attributes();
    assert_eq!(device, Attributes::SR | Attributes::SW | storage);
}

/// Pins the pages of a domain.
fn pin(system: &mut System, domain: usize) {
    system.domains[domain].pinned = Some(system.domains[domain].origin);
}

/// Gives an instance this many pages that no larger ones can replace.
fn pages(system: &mut System, count: usize, user: usize) {
    for number in 0..count {
        region(system, &format!("page{number}"), 0x1000, None, user);
    }
}

#[test]
fn pinned_domains_are_told_to_the_kernel_and_to_people() {
    let mut system = hello(Wiring::Call);
    pin(&mut system, 1);
    let placed = placed(&system, &images()).expect("it fits");
    let pinned: Vec<_> = placed.kernel.domains.iter().map(|domain| domain.pinned).collect();
    assert_eq!(pinned, [false, true, false]);
    let text = crate::view::View::new(&system, &placed).to_string();
    assert!(text.contains("\ndomain alice: pid 2, 5 of 64 TLB entries are pinned for it\n"), "{text}");
}

#[test]
fn pinned_pages_leave_eight_entries_to_those_that_are_not() {
    let with = |count| {
        let mut system = hello(Wiring::Call);
        pin(&mut system, 1);
        pages(&mut system, count, 1);
        placed(&system, &images()).map_err(|found| found[0].clone())
    };
    // The kernel has 4 pages and the console's, alice 5 of her own.
    assert!(with(64 - 8 - 5 - 5).is_ok());
    let found = with(64 - 8 - 5 - 5 + 1).expect_err("one page too many");
    assert_eq!(found.code, Code::TlbFull);
    assert!(found.message.contains("57 of 64 entries, and 8 must be left"), "{}", found.message);
    assert_eq!(found.labels[0].text, "`alice` has 52 pages");
    assert!(found.notes[0].to_string().contains("the kernel has 5"));
}

#[test]
fn without_others_one_entry_is_left() {
    let with = |count| {
        let mut system = hello(Wiring::Call);
        (0..3).for_each(|domain| pin(&mut system, domain));
        pages(&mut system, count, 1);
        placed(&system, &images()).map_err(|found| found[0].code)
    };
    let own = placed(&hello(Wiring::Call), &images()).expect("it fits");
    let own: usize = own.kernel.domains.iter().map(|domain| domain.pages.len()).sum();
    assert!(with(64 - 1 - 5 - own).is_ok());
    assert!(matches!(with(64 - 1 - 5 - own + 1), Err(Code::TlbFull)));
}
