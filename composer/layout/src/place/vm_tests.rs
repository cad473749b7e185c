use composer_model::{DomainId, InstanceId, System};
use composer_syntax::Code;

use super::place;
use super::tests::images;
use crate::input::GuestPayload;
use crate::lowered::{Object, Right};
use crate::sample::{Wiring, hello, region, vm};
use crate::{KernelNeeds, Owner, Plan, Range, Space, plan_growing, window};

const MIB: u64 = 1 << 20;

/// The sample on a board with more memory to choose from; `alice` and `bob` run guests with so much, if any.
fn system(guests: &[u64]) -> System {
    let mut system = hello(Wiring::Call);
    system.board.memory[0].larger = vec![256 * MIB, 512 * MIB, 768 * MIB];
    for (index, memory) in guests.iter().enumerate() {
        system.instances[index + 1].vm = Some(vm(&system, *memory));
    }
    system
}

fn claim(plan: &Plan, space: &Space, owner: &Owner) -> Range {
    plan.map.claims(space).find(|claim| claim.owner == *owner).expect("it has a place").range
}

fn ram(system: &System) -> u64 {
    system.board.memory[0].size / MIB
}

#[test]
fn the_smallest_memory_that_holds_the_guests_is_chosen() {
    for (guests, megabytes) in
        [(&[][..], 128), (&[64], 128), (&[128], 256), (&[256], 512), (&[256, 256], 768), (&[512, 64], 768)]
    {
        let guests: Vec<u64> = guests.iter().map(|size| size * MIB).collect();
        match plan_growing(system(&guests)) {
            // 512 MiB lie at a multiple of 512 MiB, beyond which this board has 256.
            Err(found) => assert!(guests[0] == 512 * MIB && found[0].code == Code::DoesNotFit),
            Ok((system, _)) => assert_eq!(ram(&system), megabytes, "{guests:?}"),
        }
    }
}

#[test]
fn without_a_guest_the_board_stays_as_it_is() {
    let mut system = system(&[]);
    region(&mut system, "large", 200 * MIB, None, 1);
    let found = plan_growing(system).expect_err("128 MiB do not hold it");
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::DoesNotFit]);
}

#[test]
fn a_guests_memory_lies_at_a_multiple_of_its_size_everywhere() {
    let (_, plan) = plan_growing(system(&[256 * MIB])).expect("512 MiB hold it");
    let owner = Owner::GuestRam("alice".to_owned());
    assert_eq!(claim(&plan, &Space::Physical, &owner), Range::new(256 * MIB, 256 * MIB).expect("a range"));
    let seen = claim(&plan, &Space::Domain("alice".to_owned()), &owner);
    assert_eq!(seen, Range::new(window::GUEST_RAM, 256 * MIB).expect("a range"));
    assert_eq!(claim(&plan, &Space::Kernel, &Owner::VcpuWindow), window::vcpu());
}

#[test]
fn a_monitor_has_a_virtual_cpu() {
    let (_, plan) = plan_growing(system(&[64 * MIB, 32 * MIB])).expect("they fit");
    for (number, domain) in [(0, 1), (1, 2)] {
        let vm = plan.program.domains[domain].instances[0].vm.as_ref().expect("it runs a guest");
        let slot = &plan.objects.slots[domain][vm.slot as usize];
        assert_eq!(
            (slot.object, slot.rights.as_slice()),
            (Object::Vcpu(number), &[Right::Use, Right::Observe][..])
        );
        assert_eq!(vm.number, u32::from(number));
        let vcpu = plan.objects.vcpus[usize::from(number)];
        assert_eq!((vcpu.instance, vcpu.thread), (InstanceId(domain), domain as u16));
    }
}

#[test]
fn what_a_guest_starts_with_is_read_and_lies_in_the_image() {
    let (system, plan) = plan_growing(system(&[64 * MIB])).expect("it fits");
    let payload = GuestPayload {
        instance: InstanceId(1),
        kernel: 5_000_001,
        load: 0x1000,
        entry: 0x1004,
        initrd: Some(7),
    };
    let plan = plan.with_guests(&system, vec![payload]);
    let lowered = plan.program.domains[1].instances[0].vm.clone().expect("it runs a guest");
    assert_eq!((lowered.kernel.size, lowered.load, lowered.entry), (5_000_001, 0x1000, 0x1004));
    assert_eq!(lowered.initrd.map(|initrd| initrd.size), Some(7));

    let placed = place(&system, &plan, &images(), &KernelNeeds::of(&system)).expect("it fits");
    let held = |bytes| placed.image.segments.iter().find(|segment| segment.file_bytes == bytes);
    let kernel = held(5_000_001).expect("the image holds the kernel");
    let rows = &placed.kernel.domains[1].pages;
    let first = rows.iter().find(|row| row.virt == lowered.kernel.address).expect("the monitor sees it");
    assert_eq!((first.physical, first.attributes.as_slice()), (kernel.physical, &["UR".to_owned()][..]));
    assert!(held(7).is_some(), "the image holds the first file system");
    let others = placed.kernel.domains.iter().enumerate().filter(|(index, _)| *index != 1);
    assert!(others.flat_map(|(_, domain)| &domain.pages).all(|row| row.physical != kernel.physical));

    let vcpu = &placed.kernel.vcpus[0];
    assert_eq!(
        (vcpu.ram[0].guest, vcpu.ram[0].physical, u64::from(vcpu.ram[0].bytes)),
        (0, 64 * MIB, 64 * MIB)
    );
    assert_eq!(placed.kernel.features, ["vm"]);
    assert_eq!(system[DomainId(1)].name, "alice");
}
