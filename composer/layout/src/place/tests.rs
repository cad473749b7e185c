use composer_model::{DomainId, System};
use composer_syntax::Code;
use ppc440::tlb::{Attributes, Page, PageSize};
use proptest::prelude::*;

use super::*;
use crate::input::{LinkedRights, LinkedSegment, StackFrame, StackNeed};
use crate::lowered::PageRow;
use crate::plan::plan;
use crate::sample::{Wiring, hello, region};
use crate::{Owner, Space, window};

/// A need of so many bytes.
fn deep(bytes: u64) -> StackNeed {
    let frame = |function: &str, bytes| StackFrame { function: function.to_owned(), bytes };
    StackNeed::Bounded { bytes, path: vec![frame("_start", 16), frame("main", bytes as u32 - 16)] }
}

/// A linked domain with so many bytes of text, constants, data and zeroed data.
fn image(domain: usize, text: u64, rodata: u64, data: u64, bss: u64) -> DomainImage {
    let align = |address: u64| address.next_multiple_of(window::SEGMENT_ALIGNMENT);
    let constants = align(window::TEXT + text);
    let rights = |write, execute| LinkedRights { read: true, write, execute };
    let segment = |name: &str, virt, load, file_bytes, memory_bytes, rights| LinkedSegment {
        name: name.to_owned(),
        virt,
        load,
        file_bytes,
        memory_bytes,
        rights,
    };
    DomainImage {
        domain: DomainId(domain),
        entry: window::TEXT as u32,
        segments: vec![
            segment("text", window::TEXT, window::TEXT, text, text, rights(false, true)),
            segment("rodata", constants, constants, rodata, rodata, rights(false, false)),
            segment("data", window::DATA, constants + rodata, data, data + bss, rights(true, false)),
        ],
        stack: deep(1024),
    }
}

pub(super) fn placed(system: &System, images: &[DomainImage]) -> Result<Placed, Vec<Diagnostic>> {
    place(system, &plan(system).expect("planned"), images, &KernelNeeds::of(system))
}

pub(super) fn images() -> Vec<DomainImage> {
    vec![
        image(0, 0x5000, 0x800, 0x20, 0x100),
        image(1, 0x3000, 0x400, 0, 0x40),
        image(2, 0x3000, 0x400, 0, 0),
    ]
}

/// The page of a row.
pub(super) fn page(row: &PageRow) -> Page {
    let size = PageSize::DESCENDING.into_iter().find(|size| format!("{size:?}") == row.size);
    let attributes = row.attributes.iter().map(|name| Attributes::from_name(name).expect("a name"));
    Page::new(row.virt, row.physical, size.expect("a size"), attributes.collect())
}

#[test]
fn every_page_of_a_domain_is_its_own_or_shared_by_a_grant() {
    let system = hello(Wiring::Call);
    let placed = placed(&system, &images()).expect("hello fits");
    for domain in &placed.kernel.domains {
        for row in &domain.pages {
            let page = page(row);
            for offset in (0..u64::from(page.bytes())).step_by(0x100) {
                let claim = placed.map.at(&Space::Physical, page.physical() + offset);
                // Around a device's registers, nobody claims the rest of the page.
                let Some(claim) = claim else {
                    assert!(row.owner.starts_with("device"), "{row:?}");
                    continue;
                };
                let shared = claim.users.iter().any(|user| user.name == domain.name);
                let own = claim.owner.to_string().starts_with(&format!("{} ", domain.name));
                let neighbour = row.owner.starts_with("device") && matches!(claim.owner, Owner::Device(_));
                assert!(shared || own || neighbour, "{} reaches {}", domain.name, claim.owner);
            }
        }
    }
}

#[test]
fn pages_are_sorted_for_users_alone_and_never_written_and_executed() {
    let placed = placed(&hello(Wiring::Call), &images()).expect("hello fits");
    for domain in &placed.kernel.domains {
        let pages: Vec<_> = domain.pages.iter().map(page).collect();
        assert!(pages.windows(2).all(|pair| pair[0].virt() + pair[0].bytes() <= pair[1].virt()));
        for page in pages {
            let attributes = page.attributes();
            assert!(!attributes.intersects(Attributes::SR | Attributes::SW | Attributes::SX));
            assert!(!attributes.contains(Attributes::UW | Attributes::UX));
        }
    }
}

#[test]
fn no_page_maps_a_guard() {
    let system = hello(Wiring::Call);
    let placed = placed(&system, &images()).expect("hello fits");
    for domain in &placed.kernel.domains {
        let space = Space::Domain(domain.name.clone());
        let guards = placed.map.claims(&space).filter(|claim| matches!(claim.owner, Owner::Guard { .. }));
        let guard = guards.map(|claim| claim.range.start() as u32).next().expect("a guard");
        assert!(!domain.pages.iter().any(|row| page(row).contains(guard)));
    }
}

#[test]
fn small_parts_take_one_page_each() {
    let placed = placed(&hello(Wiring::Call), &images()).expect("hello fits");
    let owners: Vec<_> = placed.kernel.domains[1].pages.iter().map(|row| row.owner.as_str()).collect();
    let buffer = "buffer alice.console -> console.console";
    assert_eq!(owners, ["text", "rodata", "data", "stack", buffer]);
}

#[test]
fn the_image_holds_what_nobody_writes_and_zeroes_the_rest() {
    let system = hello(Wiring::Call);
    let placed = placed(&system, &images()).expect("hello fits");
    let segments = &placed.image.segments;
    let ends = |one: &ImageSegment| one.physical + one.memory_bytes;
    assert!(segments.windows(2).all(|pair| ends(&pair[0]) <= pair[1].physical), "{segments:?}");
    assert!(segments.iter().all(|one| one.file_bytes <= one.memory_bytes));
    for segment in segments {
        let claim = placed.map.at(&Space::Physical, segment.physical).expect("all of it is owned");
        assert_eq!(segment.contents == Contents::Zero, claim.access.writes(), "{}", claim.owner);
    }
    // Data's first contents lie behind the constants.
    let load = Contents::Domain { domain: DomainId(0), segment: 2 };
    let load = segments.iter().find(|one| one.contents == load).expect("its first contents");
    let claim = placed.map.at(&Space::Physical, load.physical).expect("owned");
    assert_eq!(claim.owner.to_string(), "console rodata");
    assert_eq!(load.physical, claim.range.start() + 0x800);
}

#[test]
fn large_parts_take_large_pages() {
    let system = hello(Wiring::Call);
    let mut images = images();
    images[0] = image(0, 0x28_0000, 0x800, 0, 0x200_0000);
    let placed = placed(&system, &images).expect("it fits");
    let pages = &placed.kernel.domains[0].pages;
    let sizes = |owner| {
        pages.iter().filter(|row| row.owner == owner).map(|row| row.size.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(sizes("text"), ["M1", "M1", "K256", "K256"]);
    assert_eq!(sizes("data"), ["M16", "M16"]);
}

#[test]
fn a_pinned_region_is_mapped_where_it_is_pinned() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "frame", 0x10_0000, Some(0x100_0000), 1);
    let placed = placed(&system, &images()).expect("it fits");
    let row = placed.kernel.domains[1].pages.iter().find(|row| row.owner.contains("frame")).expect("mapped");
    assert_eq!((row.physical, row.size.as_str()), (0x100_0000, "M1"));
}

#[test]
fn threads_start_on_their_stacks() {
    let system = hello(Wiring::Call);
    let placed = placed(&system, &images()).expect("hello fits");
    for thread in &placed.kernel.threads {
        let space = Space::Domain(thread.name.clone());
        let claim = placed.map.at(&space, thread.stack_pointer.into()).expect("a stack");
        assert_eq!(claim.owner, Owner::Stack { domain: thread.name.clone() });
        assert_eq!(thread.stack_pointer % 16, 0);
        assert_eq!(claim.range.last() + 1 - u64::from(thread.stack_pointer), 16);
    }
    let priorities: Vec<_> = placed.kernel.threads.iter().map(|thread| thread.priority).collect();
    assert_eq!(priorities, [20, 10, 10]);
}

#[test]
fn the_kernel_keeps_four_pages() {
    let placed = placed(&hello(Wiring::Call), &images()).expect("hello fits");
    let boot = &placed.kernel.boot;
    assert_eq!((boot.text.virt, boot.text.physical, boot.text.size.as_str()), (0xF000_0000, 0, "K256"));
    assert_eq!((boot.data.virt, boot.data.physical), (0xF004_0000, 0x4_0000));
    assert_eq!((boot.core.virt, boot.core.physical), (0xFFFF_C000, 0x8_0000));
    assert_eq!((boot.devices.len(), boot.console, boot.interrupts), (1, 0xFFF0_0300, 0));
    assert_eq!(boot.devices[0].attributes, ["SR", "SW", "I", "G"]);
    assert_eq!(placed.kernel.link.physical(0xF004_1234), 0x4_1234);
}

#[test]
fn a_program_that_is_not_as_it_should_be_is_refused() {
    let system = hello(Wiring::Call);
    let refused = |change: fn(&mut DomainImage)| {
        let mut images = images();
        change(&mut images[1]);
        let found = placed(&system, &images).expect_err("something is wrong");
        found.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>()
    };
    assert_eq!(refused(|image| image.segments[2].rights.execute = true), [Code::WritableAndExecutable]);
    assert_eq!(refused(|image| image.entry = 0), [Code::DoesNotFit]);
    assert_eq!(
        refused(|image| {
            image.segments[0].virt += 0x10;
            image.segments[0].load += 0x10;
            image.entry += 0x10;
        }),
        [Code::DoesNotFit]
    );
    assert_eq!(refused(|image| image.segments[2].memory_bytes = 1 << 30), [Code::DoesNotFit]);
    assert_eq!(refused(|image| image.segments[2].memory_bytes = 0x1000_0000), [Code::DoesNotFit]);
    assert_eq!(refused(|image| image.segments[1].virt = window::TEXT)[0], Code::DoublyClaimed);
}

#[test]
fn a_kernel_larger_than_its_page_is_refused() {
    let system = hello(Wiring::Call);
    let mut placed = placed(&system, &images()).expect("hello fits");
    let link = placed.kernel.link;
    let fits = KernelImage {
        text_end: link.text.start + 0x4_0000,
        data_end: link.data.start + 0x4_0000,
        stack: deep(window::KERNEL_STACK),
    };
    let mut judge = |image: &KernelImage| match kernel_fits(&system, &mut placed, image) {
        Ok(()) => vec![],
        Err(found) => found.iter().map(|one| one.code).collect(),
    };
    assert_eq!(judge(&fits), []);
    let larger = KernelImage { text_end: fits.text_end + 1, ..fits.clone() };
    assert_eq!(judge(&larger), [Code::DoesNotFit]);
    let deeper = KernelImage { stack: deep(window::KERNEL_STACK + 1), ..fits.clone() };
    assert_eq!(judge(&deeper), [Code::StackOverflow]);
    assert_eq!(judge(&KernelImage { stack: circle(), ..fits }), [Code::UnboundedStack]);
}

/// A need that nobody can tell.
fn circle() -> StackNeed {
    StackNeed::Unbounded {
        why: "it turns".to_owned(),
        cycle: vec!["a".to_owned(), "b".to_owned()],
        cure: Some("let it not turn".to_owned()),
    }
}

#[test]
fn a_stack_holds_the_deepest_path() {
    let system = hello(Wiring::Call);
    let mut images = images();
    // A page, less what lies above the first frame.
    images[1].stack = deep(4096 - 16);
    assert!(placed(&system, &images).is_ok());
    images[1].stack = deep(4096 - 15);
    let found = placed(&system, &images).expect_err("a byte too deep");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].code, &*found[0].message),
        (Code::StackOverflow, "the stack of domain `alice` can overflow")
    );
    let note = "the deepest path, with the bytes of each frame:\n    16  _start\n  4065  main";
    assert_eq!(found[0].notes[0].to_string(), note);
}

#[test]
fn an_unbounded_stack_needs_the_specs_word() {
    let mut system = hello(Wiring::Call);
    let mut images = images();
    images[2].stack = circle();
    let found = placed(&system, &images).expect_err("nobody says how deep");
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::UnboundedStack]);
    system.domains[2].stack_origin = Some(system.domains[2].origin);
    assert!(placed(&system, &images).is_ok());
    // What is known to be too much stays an error, whatever the spec says.
    images[2].stack = deep(5000);
    assert!(placed(&system, &images).is_err());
}

proptest! {
    #[test]
    fn whatever_fits_is_disjoint_and_mapped_truly(
        sizes in proptest::collection::vec((1..0x8_0000u64, 0..0x2_0000u64, 0..0x1000u64, 0..0x40_0000u64), 3),
    ) {
        let system = hello(Wiring::Call);
        let images: Vec<_> = sizes
            .iter()
            .enumerate()
            .map(|(domain, &(text, rodata, data, bss))| image(domain, text, rodata, data, bss))
            .collect();
        let placed = placed(&system, &images).expect("128 MiB are enough");
        for (domain, image) in placed.kernel.domains.iter().zip(&images) {
            let pages: Vec<_> = domain.pages.iter().map(page).collect();
            for segment in &image.segments {
                for address in [segment.virt, segment.virt + segment.memory_bytes.saturating_sub(1)] {
                    let mapped = pages.iter().any(|page| page.contains(address as u32));
                    prop_assert!(mapped || segment.memory_bytes == 0);
                }
            }
        }
    }
}

#[test]
fn the_view_accounts_for_every_byte_of_ram() {
    let system = hello(Wiring::Call);
    let placed = placed(&system, &images()).expect("hello fits");
    let view = crate::view::View::new(&system, &placed);
    let physical = &view.spaces[0].rows;
    let inside = physical.iter().filter(|row| row.last < 128 << 20);
    assert_eq!(inside.map(|row| row.size).sum::<u64>(), view.ram);
    assert!(physical.windows(2).all(|pair| pair[0].last < pair[1].start));
    let names: Vec<_> = view.spaces.iter().map(|space| space.space.as_str()).collect();
    assert_eq!(names, ["physical", "kernel", "domain console", "domain alice", "domain bob"]);
}

#[test]
fn the_text_names_owner_reason_and_borrower() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "frame", 0x10_0000, Some(0x100_0000), 1);
    let text = crate::view::View::new(&system, &placed(&system, &images()).expect("it fits")).to_string();
    let line =
        |words: &str| text.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(
        line("region frame"),
        "  0x0100_0000  0x010F_FFFF       1 MiB  rw-     region frame                             \
         hello.ron:31; a test says so; for alice"
    );
    assert!(line("device uart0").ends_with(
        "hardware; for console, kernel (writes to it until its driver starts, and in a fatal report)"
    ));
    assert!(line("core 0 data").ends_with("automatic"));
    assert!(text.starts_with("physical: board qemu, 128 MiB of RAM, "));
    assert!(text.contains("\ndomain alice: pid 2, 6 of 64 TLB entries hold all of it\n"));
    assert_eq!(line("  bob    "), "  bob                         1024 of 4080 bytes");
}

#[test]
fn the_view_serialises_with_numbers_for_addresses() {
    let system = hello(Wiring::Call);
    let view = crate::view::View::new(&system, &placed(&system, &images()).expect("it fits"));
    let json = serde_json::to_value(&view).expect("serialises");
    assert_eq!(json["schema"], 1);
    let uart =
        json["spaces"][0]["rows"].as_array().expect("rows").iter().find(|row| row["owner"] == "device uart0");
    let uart = uart.expect("the device");
    assert_eq!((&uart["start"], &uart["size"]), (&0xEF60_0300_u32.into(), &8.into()));
    assert_eq!(uart["users"][1]["name"], "kernel");
}
