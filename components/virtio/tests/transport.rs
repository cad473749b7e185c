//! The registers, the status, and who tells whom of what.

mod common;

use common::{BASE, Guest, Ram, VERSIONS, combinations};
use virtio::{Console, Device, Endian, Entropy, Seeded, Terminal, Version, feature, register};
use virtual_device::{VirtualDevice, Width};

/// A terminal that swallows everything.
struct Nowhere;

impl Terminal for Nowhere {
    fn write(&mut self, text: &[u8]) -> usize {
        text.len()
    }

    fn read(&mut self, _: &mut [u8]) -> usize {
        0
    }
}

fn entropy(version: Version) -> Guest<Entropy<Seeded>> {
    Guest::new(Entropy::new(Seeded::new(1)), version)
}

#[test]
fn a_device_says_what_it_is() {
    for version in VERSIONS {
        let mut guest = entropy(version);
        assert_eq!(guest.load(register::MAGIC).to_le_bytes(), *b"virt");
        assert_eq!(guest.load(register::VERSION), version.number());
        assert_eq!(guest.load(register::DEVICE_ID), 4);
        assert_eq!(guest.load(register::STATUS), 0);
        assert_eq!(guest.load(register::INTERRUPT_STATUS), 0);
        assert_eq!(guest.load(register::QUEUE_MOST), 16);
        for absent in [1, 2, 77, u32::MAX] {
            guest.store(register::QUEUE_SELECT, absent);
            assert_eq!(guest.load(register::QUEUE_MOST), 0);
        }
        let offered = guest.offered();
        assert_eq!(offered & feature::ACCESS_PLATFORM, 0);
        assert_eq!(offered & feature::VERSION_1 != 0, version == Version::Modern);
        assert_eq!(offered & feature::ANY_LAYOUT != 0, version != Version::Modern);
        guest.store(register::DEVICE_FEATURES_SELECT, 2);
        assert_eq!(guest.load(register::DEVICE_FEATURES), 0);
    }
}

#[test]
fn registers_are_aligned_words_and_nothing_else() {
    let mut guest = entropy(Version::Modern);
    for (offset, width) in [(0, Width::Byte), (0, Width::Half), (1, Width::Word), (0x6E, Width::Word)] {
        assert_eq!(guest.virtio.read(offset, width, &mut guest.ram), 0);
    }
    guest.virtio.write(register::STATUS + 3, Width::Byte, 1, &mut guest.ram);
    guest.virtio.write(register::STATUS, Width::Half, 0x0100, &mut guest.ram);
    guest.virtio.write(register::STATUS - 2, Width::Word, 0x0100, &mut guest.ram);
    assert_eq!(guest.load(register::STATUS), 0);
    // A big-endian load of a little-endian register.
    assert_eq!(guest.virtio.read(register::MAGIC, Width::Word, &mut guest.ram), u32::from_be_bytes(*b"virt"));
}

#[test]
fn the_configuration_ends_in_zeros() {
    let mut guest = entropy(Version::Modern);
    for offset in [register::CONFIGURATION, 0x11F, 0x11D, 0x120, 0x1FC, u32::MAX - 4] {
        assert_eq!(guest.virtio.read(offset, Width::Word, &mut guest.ram), 0);
        guest.virtio.write(offset, Width::Word, 1, &mut guest.ram);
    }
}

#[test]
fn features_that_were_not_offered_are_not_agreed_upon() {
    let ready = register::ACKNOWLEDGE | register::DRIVER;
    for (high, low, is_accepted) in
        [(1, 0, true), (0, 0, false), (3, 0, false), (1, 1 << 5, false), (1, 1 << 28, true)]
    {
        let mut guest = entropy(Version::Modern);
        guest.store(register::STATUS, ready);
        for (select, value) in [(1, high), (0, low), (7, u32::MAX)] {
            guest.store(register::DRIVER_FEATURES_SELECT, select);
            guest.store(register::DRIVER_FEATURES, value);
        }
        guest.store(register::STATUS, ready | register::FEATURES_OK);
        assert_eq!(guest.load(register::STATUS) & register::FEATURES_OK != 0, is_accepted);
        // Nobody is ready without them.
        guest.store(register::STATUS, ready | register::FEATURES_OK | register::DRIVER_OK);
        assert_eq!(guest.load(register::STATUS) & register::DRIVER_OK != 0, is_accepted);
    }
}

#[test]
fn agreed_features_stay_and_status_bits_are_not_taken_back() {
    let mut guest = entropy(Version::Modern);
    guest.start(0);
    guest.store(register::DRIVER_FEATURES_SELECT, 1);
    guest.store(register::DRIVER_FEATURES, 0);
    guest.store(register::STATUS, register::ACKNOWLEDGE);
    let all = register::ACKNOWLEDGE | register::DRIVER | register::FEATURES_OK | register::DRIVER_OK;
    assert_eq!(guest.load(register::STATUS), all);
    assert_eq!(guest.transfer(0, &[], &[8]).0, 8);
}

#[test]
fn the_driver_cannot_say_that_the_device_is_broken() {
    for version in VERSIONS {
        let mut guest = entropy(version);
        guest.store(register::STATUS, register::NEEDS_RESET | register::ACKNOWLEDGE | 0x30 | 0xFF00);
        assert_eq!(guest.load(register::STATUS), register::ACKNOWLEDGE);
    }
}

#[test]
fn nothing_moves_before_the_driver_is_ready_nor_after_it_failed() {
    let mut guest = entropy(Version::Modern);
    guest.negotiate(0);
    guest.store(register::QUEUE_SELECT, 0);
    guest.set_up(16);
    let sent = guest.add(0, &[], &[8]);
    guest.kick(0);
    guest.poll();
    assert_eq!(guest.used(0), None);
    let status = guest.load(register::STATUS);
    guest.store(register::STATUS, status | register::DRIVER_OK);
    assert_eq!(guest.used(0), Some((sent.head, 8)), "what waited is served");
    guest.store(register::STATUS, status | register::FAILED);
    guest.add(0, &[], &[8]);
    guest.kick(0);
    assert_eq!(guest.used(0), None);
}

#[test]
fn a_legacy_driver_may_begin_early() {
    for order in [Endian::Big, Endian::Little] {
        let mut guest = entropy(Version::Legacy(order));
        guest.negotiate(0);
        guest.store(register::GUEST_PAGE_SIZE, 4096);
        guest.store(register::QUEUE_SELECT, 0);
        guest.set_up(16);
        assert_eq!(guest.transfer(0, &[], &[8]).0, 8);
    }
}

#[test]
fn a_legacy_driver_tells_the_size_of_its_pages_before_it_resets_the_device() {
    let mut guest = entropy(VERSIONS[0]);
    guest.store(register::GUEST_PAGE_SIZE, 4096);
    guest.negotiate(0);
    guest.store(register::QUEUE_SELECT, 0);
    guest.set_up(16);
    assert_eq!(guest.virtio.broken(), None);
    assert_eq!(guest.transfer(0, &[], &[8]).0, 8);
    // A machine that starts anew has another guest.
    VirtualDevice::<Ram>::reset(&mut guest.virtio);
    guest.negotiate(0);
    guest.set_up(16);
    assert_ne!(guest.virtio.broken(), None);
}

#[test]
fn queues_can_be_shorter_than_the_device_allows() {
    for version in VERSIONS {
        for size in [1, 2, 8] {
            let mut guest = entropy(version);
            guest.negotiate(0);
            guest.store(register::GUEST_PAGE_SIZE, 4096);
            guest.store(register::QUEUE_SELECT, 0);
            guest.set_up(size);
            let status = guest.load(register::STATUS);
            guest.store(register::STATUS, status | register::DRIVER_OK);
            for _ in 0..20 {
                assert_eq!(guest.transfer(0, &[], &[8]).0, 8);
            }
        }
    }
}

#[test]
fn a_running_queue_can_only_be_stopped() {
    for version in VERSIONS {
        let mut guest = entropy(version);
        guest.start(0);
        for offset in (register::QUEUE_SIZE..=register::QUEUE_ALIGN)
            .step_by(4)
            .chain((register::QUEUE_DESCRIPTORS..0xB0).step_by(4))
        {
            guest.store(offset, 0xFFFF_FFF1);
        }
        assert_eq!(guest.transfer(0, &[], &[8]).0, 8);
        let (ready, place) = match version {
            Version::Modern => (register::QUEUE_READY, 1),
            Version::Legacy(_) => (register::QUEUE_PAGE_FRAME, (BASE / 4096) as u32),
        };
        assert_eq!(guest.load(ready), place);
        guest.store(ready, 0);
        assert_eq!(guest.load(ready), 0);
        guest.add(0, &[], &[8]);
        guest.store(register::QUEUE_NOTIFY, 0);
        assert_eq!(guest.used(0), None);
    }
}

#[test]
fn a_reset_forgets_everything() {
    for version in VERSIONS {
        for by_machine in [false, true] {
            let mut guest = entropy(version);
            guest.start(feature::EVENT_INDEX);
            guest.add(0, &[], &[8]);
            guest.kick(0);
            if by_machine {
                VirtualDevice::<Ram>::reset(&mut guest.virtio);
            } else {
                guest.store(register::STATUS, 0);
            }
            assert_eq!(guest.load(register::STATUS), 0);
            assert_eq!(guest.load(register::INTERRUPT_STATUS), 0);
            assert!(!VirtualDevice::<Ram>::interrupt(&guest.virtio));
            assert_eq!(guest.load(register::QUEUE_READY) | guest.load(register::QUEUE_PAGE_FRAME), 0);
            guest.start(0);
            assert_eq!(guest.transfer(0, &[], &[8]).0, 8);
        }
    }
}

#[test]
fn indices_wrap() {
    let rounds: u32 = if cfg!(miri) { 300 } else { 66_000 };
    for version in VERSIONS {
        let mut guest = Guest::started(Entropy::new(Seeded::new(1)), version, feature::EVENT_INDEX);
        for _ in 0..rounds {
            assert_eq!(guest.transfer(0, &[], &[1, 1]).0, 2);
        }
        assert_eq!(guest.virtio.counters().requests, rounds);
    }
}

#[test]
fn a_full_queue_is_served_with_one_notification_and_one_interrupt() {
    for (version, features) in combinations() {
        let mut guest = Guest::started(Console::new(Nowhere), version, features);
        for round in 1..=5 {
            let mark = guest.mark();
            let size = guest.rings[1].size;
            for _ in 0..size {
                guest.add(1, &[b"text"], &[]);
            }
            assert!(guest.kick(1));
            assert_eq!(std::iter::from_fn(|| guest.used(1)).count(), usize::from(size));
            assert!(guest.interrupted());
            let counters = guest.virtio.counters();
            assert_eq!((counters.notifications, counters.interrupts), (round, round));
            guest.rewind(mark);
        }
    }
}

#[test]
fn the_driver_is_not_interrupted_against_its_wish() {
    for version in VERSIONS {
        let mut guest = Guest::started(Console::new(Nowhere), version, 0);
        let rings = guest.rings[1];
        guest.put_half(rings.available, 1);
        guest.add(1, &[b"a"], &[]);
        guest.kick(1);
        assert!(guest.used(1).is_some());
        assert!(!guest.interrupted());

        let mut guest = Guest::started(Console::new(Nowhere), version, feature::EVENT_INDEX);
        let rings = guest.rings[1];
        // It wants to hear of the third request from now.
        for nth in 0..4 {
            guest.put_half(rings.available + 4 + u64::from(rings.size) * 2, 2);
            guest.add(1, &[b"a"], &[]);
            guest.kick(1);
            assert_eq!(guest.interrupted(), nth == 2);
        }
    }
}

#[test]
fn the_device_is_not_told_of_what_it_does_not_want_to_hear() {
    for version in VERSIONS {
        // Buffers for input wait for something to be typed, and not for more buffers.
        let mut guest = Guest::started(Console::new(Nowhere), version, feature::EVENT_INDEX);
        guest.add(0, &[], &[8]);
        assert!(guest.kick(0));
        guest.add(0, &[], &[8]);
        assert!(!guest.kick(0));
    }
}

#[test]
fn sizes_of_queues_are_what_the_register_can_say() {
    for size in Console::<Nowhere>::QUEUES.iter().chain(Entropy::<Seeded>::QUEUES) {
        assert!(size.is_power_of_two() && *size <= 256);
    }
}
