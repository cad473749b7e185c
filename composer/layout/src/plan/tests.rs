use composer_model::{DeviceId, DeviceUse, InstanceId, System};
use composer_syntax::{Code, Severity};

use super::*;
use crate::lowered::{Badge, Object, Reach, Required, Right};
use crate::sample::{Wiring, hello, region};
use crate::{Space, window};

fn errors(system: &System) -> Vec<Code> {
    let diagnostics = plan(system).expect_err("something is wrong");
    diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn a_call_wire_has_slot_badge_buffer_and_bits_at_both_ends() {
    let plan = plan(&hello(Wiring::Call)).expect("hello fits");
    let [console, alice, bob] = &plan.program.domains[..] else { panic!("three domains") };

    let Required::Call(wire) = &alice.instances[0].requires[0] else { panic!("a call wire") };
    assert_eq!((wire.slot, wire.events, wire.gone), (2, 0b01, 0b10));
    let called = plan.objects.slots[1][wire.slot as usize].clone();
    assert_eq!((called.object, called.rights.as_slice()), (Object::Endpoint(0), &[Right::Call][..]));
    assert_eq!(called.badge, Badge::Client { port: 0, client: 0 });
    let Required::Call(other) = &bob.instances[0].requires[0] else { panic!("a call wire") };
    let badge = plan.objects.slots[2][other.slot as usize].badge;
    assert_eq!(badge, Badge::Client { port: 0, client: 1 });

    let provided = &console.instances[0].provides[0];
    assert_eq!(provided.number, Some(0));
    let reach = |client: usize| match provided.clients[client].reach {
        Reach::Ring { .. } => panic!("hello has no rings"),
        Reach::Call { first_slot, events, buffer } => (first_slot, events, buffer.expect("it takes slices")),
        Reach::Direct { .. } => panic!("a call wire"),
    };
    let (slot, events, buffer) = reach(1);
    assert_eq!(events, 1);
    let signal = &plan.objects.slots[0][slot as usize];
    assert_eq!((signal.object, signal.rights.as_slice()), (Object::Notification(2), &[Right::Signal][..]));
    assert_eq!(signal.badge, Badge::Bits(0b01));
    assert_ne!(buffer.address, reach(0).2.address, "each wire has a buffer of its own");

    // The server's end wakes both clients.
    let mourners: Vec<_> = plan.objects.mourners[0].iter().map(|one| (one.notification, one.bits)).collect();
    assert_eq!(mourners, [(1, 0b10), (2, 0b10)]);
    assert!(plan.objects.mourners[1].is_empty());
}

#[test]
fn slot_0_is_the_domain_itself() {
    let plan = plan(&hello(Wiring::Call)).expect("hello fits");
    for (index, table) in plan.objects.slots.iter().enumerate() {
        assert_eq!((table[0].object, table[0].rights.as_slice()), (Object::Domain(index as u16), &[][..]));
        assert_eq!(
            (table[1].object, table[1].rights.as_slice()),
            (Object::Notification(index as u16), &[Right::Wait][..])
        );
    }
}

#[test]
fn a_fused_domain_needs_neither_endpoint_nor_buffer() {
    let plan = plan(&hello(Wiring::Direct)).expect("hello fits");
    let [alice] = &plan.program.domains[..] else { panic!("one domain") };
    assert_eq!(alice.endpoint_slot, None);
    assert_eq!(plan.declared.len(), 1, "the stack alone");
    let names: Vec<_> = alice.instances.iter().map(|one| (one.name.as_str(), one.active)).collect();
    assert_eq!(names, [("console", false), ("alice", true)], "providers first, the active one last");
    assert!(
        matches!(&alice.instances[1].requires[0], Required::Direct { provider, .. } if provider == "console")
    );
}

#[test]
fn a_guard_page_lies_below_every_stack() {
    let plan = plan(&hello(Wiring::Call)).expect("hello fits");
    for domain in &plan.program.domains {
        let space = Space::Domain(domain.name.clone());
        let below = plan.map.at(&space, domain.stack.start - 1).expect("a guard");
        assert_eq!(below.owner, Owner::Guard { domain: domain.name.clone() });
        assert_eq!(below.access, crate::Access::NONE);
    }
}

#[test]
fn registers_keep_their_offset_in_the_page() {
    let plan = plan(&hello(Wiring::Call)).expect("hello fits");
    let device = &plan.program.domains[0].instances[0].devices[0];
    assert_eq!((u64::from(device.base), device.size), (window::DEVICES + 0x300, 8));
    assert_eq!(device.interrupt.map(|interrupt| interrupt.bits), Some(0b1));
}

#[test]
fn the_kernel_is_a_named_borrower_of_its_console() {
    let plan = plan(&hello(Wiring::Call)).expect("hello fits");
    let uart = plan.map.at(&Space::Physical, 0xEF60_0300).expect("a device");
    let users: Vec<_> = uart.users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(users, ["console", "kernel"]);
    assert!(matches!(&uart.users[1].role, crate::Role::Borrower(why) if why.contains("fatal report")));
    assert!(plan.warnings.is_empty());
}

#[test]
fn a_pin_on_the_kernel_names_both_owners_and_both_places() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "frame", 0x1000, Some(0x3_F000), 1);
    let found = plan(&system).expect_err("the kernel is there");
    let [clash] = &found[..] else { panic!("one mistake, one diagnostic: {found:?}") };
    assert_eq!(clash.code, Code::DoublyClaimed);
    assert_eq!(clash.message, "region `frame` and kernel text claim the same physical memory");
    assert_eq!(clash.span(), Some(system.regions[0].pin.as_ref().expect("pinned").origin.span));
    assert_eq!(clash.labels[1].span, system.board.kernel.origin.span);
}

#[test]
fn two_pins_that_meet_are_a_double_claim() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "one", 0x2000, Some(0x100_0000), 1);
    region(&mut system, "two", 0x2000, Some(0x100_1000), 2);
    assert_eq!(errors(&system), [Code::DoublyClaimed]);
    system.regions[1].pin.as_mut().expect("pinned").at = 0x100_2000;
    assert!(plan(&system).is_ok());
}

#[test]
fn the_boards_reservation_is_an_owner() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "frame", 0x1000, Some(0x0180_0000), 1);
    assert_eq!(errors(&system), [Code::DoublyClaimed]);
}

#[test]
fn pins_outside_ram_and_regions_beyond_it_are_refused() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "far", 0x1000, Some(128 << 20), 1);
    assert_eq!(errors(&system), [Code::BadPin]);
    let mut system = hello(Wiring::Call);
    region(&mut system, "large", 128 << 20, None, 1);
    assert_eq!(errors(&system), [Code::DoesNotFit]);
    let mut system = hello(Wiring::Call);
    region(&mut system, "huge", 1 << 36, None, 1);
    assert_eq!(errors(&system)[0], Code::DoesNotFit);
}

#[test]
fn more_domains_than_pids_are_refused() {
    let mut system = hello(Wiring::Call);
    let last = system.domains[2].clone();
    system.domains.extend((0..253).map(|number| {
        let mut domain = last.clone();
        domain.name = format!("bob{number}");
        domain.instances.clear();
        domain.active = None;
        domain
    }));
    assert_eq!(errors(&system), [Code::TooMany]);
    system.domains.pop();
    assert!(plan(&system).is_ok());
}

#[test]
fn a_device_beside_the_kernels_console_is_pointed_out() {
    let mut system = hello(Wiring::Call);
    let origin = system.instances[1].origin;
    system.instances[1].devices = vec![DeviceUse { port: "uart".to_owned(), device: DeviceId(1), origin }];
    let warnings = plan(&system).expect("it can be built").warnings;
    let found: Vec<_> = warnings.iter().map(|one| (one.code, one.severity)).collect();
    assert_eq!(found, [(Code::SharedPage, Severity::Warning)]);
}

#[test]
fn devices_of_one_domain_in_one_page_are_mapped_once() {
    let mut system = hello(Wiring::Call);
    let origin = system.instances[0].origin;
    system.instances[0].devices.push(DeviceUse { port: "second".to_owned(), device: DeviceId(1), origin });
    let plan = plan(&system).expect("it can be built");
    assert_eq!(plan.devices.len(), 1);
    let bases: Vec<_> =
        plan.program.domains[0].instances[0].devices.iter().map(|device| device.base).collect();
    assert_eq!(bases, [0xE000_0300, 0xE000_0400]);
}

#[test]
fn a_region_of_two_domains_is_one_claim_with_two_users() {
    let mut system = hello(Wiring::Call);
    region(&mut system, "frame", 0x3000, Some(0x100_0000), 1);
    system.regions[0].users.push(InstanceId(2));
    let plan = plan(&system).expect("it can be built");
    let claim = plan.map.at(&Space::Physical, 0x100_0000).expect("the region");
    let users: Vec<_> = claim.users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(users, ["alice", "bob"]);
    assert_eq!(claim.range.size(), 0x3000, "a pinned region does not grow");
}

#[test]
fn the_same_system_has_the_same_plan() {
    let (one, two) = (plan(&hello(Wiring::Call)), plan(&hello(Wiring::Call)));
    assert_eq!(one.expect("fits").program, two.expect("fits").program);
}
