//! Drivers that break the rules: each break by name. The device asks for a reset, and works after one.

mod common;

use common::{BASE, BYTES, Guest, Ram, VERSIONS};
use virtio::{Block, Broken, Console, Terminal, Version, feature, register};
use virtual_device::VirtualDevice;

/// A terminal that counts.
#[derive(Default)]
struct Counter(usize);

impl Terminal for Counter {
    fn write(&mut self, text: &[u8]) -> usize {
        self.0 += text.len();
        text.len()
    }

    fn read(&mut self, into: &mut [u8]) -> usize {
        into.len()
    }
}

/// The queue for output.
const OUTPUT: usize = 1;

/// The device is broken for this reason, and a reset makes it whole again.
fn breaks(mut guest: Guest<Console<Counter>>, why: Broken) {
    assert_eq!(guest.virtio.broken(), Some(why));
    let is_modern = guest.virtio.version() == Version::Modern;
    let status = guest.load(register::STATUS);
    assert_ne!(status & register::NEEDS_RESET, 0);
    let told = is_modern && status & register::DRIVER_OK != 0;
    assert_eq!(guest.load(register::INTERRUPT_STATUS) & register::CONFIGURATION_CHANGE != 0, told);
    // Until then it leaves the memory alone.
    let before = guest.ram.accesses.get();
    for queue in 0..3 {
        guest.store(register::QUEUE_NOTIFY, queue);
    }
    guest.store(register::STATUS, status & !register::NEEDS_RESET | register::DRIVER_OK);
    guest.poll();
    assert_eq!(guest.ram.accesses.get(), before);
    assert_eq!(guest.virtio.counters().broken, 1);

    guest.start(0);
    guest.nests = false;
    let shown = guest.virtio.device().terminal().0;
    guest.transfer(OUTPUT, &[b"alive"], &[]);
    assert_eq!(guest.virtio.device().terminal().0, shown + 5);
    assert_eq!(guest.virtio.broken(), None);
}

/// What a driver does to the device in every version, with and without nested tables; it breaks for this reason.
fn all(why: Broken, act: impl Fn(&mut Guest<Console<Counter>>)) {
    for version in VERSIONS {
        for features in [0, feature::INDIRECT | feature::EVENT_INDEX] {
            let mut guest = Guest::started(Console::new(Counter(0)), version, features);
            act(&mut guest);
            guest.store(register::QUEUE_NOTIFY, OUTPUT as u32);
            breaks(guest, why);
        }
    }
}

/// Makes a chain available that begins with descriptor 0: address and length, flags, next.
fn chain(guest: &mut Guest<Console<Counter>>, descriptors: &[((u64, u32), u16, u16)]) {
    let table = guest.rings[OUTPUT].descriptors;
    for (index, &(bytes, flags, next)) in descriptors.iter().enumerate() {
        guest.descriptor(table, index as u16, bytes, flags, next);
    }
    guest.offer(OUTPUT, 0);
}

const NEXT: u16 = 1;
const WRITE: u16 = 2;
const INDIRECT: u16 = 4;

/// Somewhere in RAM.
const PLACE: u64 = BASE + 0x8_0000;

#[test]
fn an_index_jumps() {
    for ahead in [65, 1000, 0x8000, 0xFFFF] {
        all(Broken::AvailableIndex, |guest| {
            let available = guest.rings[OUTPUT].available;
            guest.put_half(available + 2, ahead);
        });
    }
}

#[test]
fn a_head_is_no_descriptor() {
    for head in [64, 0x8000, 0xFFFF] {
        all(Broken::DescriptorIndex, |guest| guest.offer(OUTPUT, head));
    }
    all(Broken::DescriptorIndex, |guest| chain(guest, &[((PLACE, 4), NEXT, 64)]));
}

#[test]
fn chains_are_loops() {
    all(Broken::LongChain, |guest| chain(guest, &[((PLACE, 4), NEXT, 0)]));
    all(Broken::LongChain, |guest| chain(guest, &[((PLACE, 0), NEXT, 1), ((PLACE, 0), NEXT, 0)]));
    all(Broken::LongChain, |guest| {
        chain(guest, &[((PLACE, 0), WRITE | NEXT, 1), ((PLACE, 0), WRITE | NEXT, 1)])
    });
}

#[test]
fn bytes_are_outside_of_ram() {
    let end = BASE + u64::from(BYTES);
    for bytes in [
        (BASE - 1, 1),
        (BASE - 1, u32::MAX),
        (0, 16),
        (end - 1, 2),
        (end, 1),
        (end + 1, 0),
        (PLACE, u32::MAX),
        (u64::MAX, 1),
        (u64::MAX, u32::MAX),
        (u64::MAX - 15, 16),
        (1 << 63, 1),
        (PLACE + (1 << 32), 4),
    ] {
        all(Broken::OutsideRam, |guest| chain(guest, &[(bytes, 0, 0)]));
        all(Broken::OutsideRam, |guest| chain(guest, &[((PLACE, 4), NEXT, 1), (bytes, WRITE, 0)]));
    }
}

#[test]
fn reads_come_after_writes() {
    all(Broken::ReadAfterWrite, |guest| {
        chain(guest, &[((PLACE, 4), WRITE | NEXT, 1), ((PLACE, 4), 0, 0)]);
    });
}

#[test]
fn tables_are_nested_wrongly() {
    // Where it was not agreed upon.
    for version in VERSIONS {
        let mut guest = Guest::started(Console::new(Counter(0)), version, 0);
        chain(&mut guest, &[((PLACE, 16), INDIRECT, 0)]);
        guest.kick(OUTPUT);
        breaks(guest, Broken::Indirect);
    }
    let nested = |act: &dyn Fn(&mut Guest<Console<Counter>>), why| {
        for version in VERSIONS {
            let mut guest = Guest::started(Console::new(Counter(0)), version, feature::INDIRECT);
            act(&mut guest);
            guest.kick(OUTPUT);
            breaks(guest, why);
        }
    };
    for bytes in [0, 1, 15, 17, 0xFFFF_FFFF] {
        nested(&|guest| chain(guest, &[((PLACE, bytes), INDIRECT, 0)]), Broken::Indirect);
    }
    nested(&|guest| chain(guest, &[((PLACE, 16), INDIRECT | NEXT, 0)]), Broken::Indirect);
    nested(&|guest| chain(guest, &[((PLACE, 0xFFFF_FFF0), INDIRECT, 0)]), Broken::OutsideRam);
    nested(&|guest| chain(guest, &[((u64::MAX - 7, 16), INDIRECT, 0)]), Broken::OutsideRam);
    // A table in a table, and one that leaves its table.
    let within = |address, bytes, flags, next| {
        move |guest: &mut Guest<Console<Counter>>| {
            guest.descriptor(PLACE, 0, (address, bytes), flags, next);
            chain(guest, &[((PLACE, 32), INDIRECT, 0)]);
        }
    };
    nested(&within(PLACE, 16, INDIRECT, 0), Broken::Indirect);
    nested(&within(PLACE, 16, NEXT, 2), Broken::DescriptorIndex);
    nested(&within(PLACE, 16, NEXT, 0), Broken::LongChain);
}

#[test]
fn a_long_table_is_a_long_chain() {
    for version in VERSIONS {
        for (length, is_fine) in [(64, true), (65, false)] {
            let mut guest = Guest::started(Console::new(Counter(0)), version, feature::INDIRECT);
            for index in 0..length {
                let flags = if index + 1 < length { NEXT } else { 0 };
                guest.descriptor(PLACE, index, (PLACE, 1), flags, index + 1);
            }
            chain(&mut guest, &[((PLACE, u32::from(length) * 16), INDIRECT, 0)]);
            guest.kick(OUTPUT);
            if is_fine {
                assert!(guest.used(OUTPUT).is_some());
                assert_eq!(guest.virtio.device().terminal().0, 64);
            } else {
                breaks(guest, Broken::LongChain);
            }
        }
    }
}

#[test]
fn a_request_is_absurd() {
    all(Broken::Request, |guest| chain(guest, &[((PLACE, 64 * 1024 + 1), 0, 0)]));
    for (readable, writable) in [(15, 1), (16, 0), (0, 0), (0, 513)] {
        for version in VERSIONS {
            let mut disk = [0; 1024];
            let mut guest = Guest::started(Block::new(&mut disk[..], ""), version, 0);
            guest.add(0, &[&vec![0; readable]], &[writable]);
            guest.kick(0);
            assert_eq!(guest.virtio.broken(), Some(Broken::Request));
        }
    }
}

/// Sets a queue up in a modern way, up to its start.
fn place(guest: &mut Guest<Console<Counter>>, size: u32, parts: [u64; 3]) {
    guest.negotiate(0);
    guest.store(register::QUEUE_SELECT, 1);
    guest.store(register::QUEUE_SIZE, size);
    let starts = [register::QUEUE_DESCRIPTORS, register::QUEUE_DRIVER, register::QUEUE_DEVICE];
    for (start, part) in starts.into_iter().zip(parts) {
        guest.store(start, part as u32);
        guest.store(start + 4, (part >> 32) as u32);
    }
    guest.store(register::QUEUE_READY, 1);
}

#[test]
fn a_modern_queue_is_set_up_wrongly() {
    const GOOD: [u64; 3] = [PLACE, PLACE + 0x1000, PLACE + 0x2000];
    let end = BASE + u64::from(BYTES);
    let set_up = |size, parts: [u64; 3]| {
        let mut guest = Guest::new(Console::new(Counter(0)), Version::Modern);
        place(&mut guest, size, parts);
        guest
    };
    assert_eq!(set_up(64, GOOD).virtio.broken(), None);
    for size in [0, 3, 63, 65, 128, 0x1_0040, u32::MAX] {
        breaks(set_up(size, GOOD), Broken::QueueSize);
    }
    for (part, misaligned) in [(0, 8), (1, 1), (2, 2)] {
        let mut parts = GOOD;
        parts[part] += misaligned;
        breaks(set_up(64, parts), Broken::QueueAlignment);
    }
    for part in 0..3 {
        for wrong in [0, BASE - 16, end - 16, end, 0xFFFF_FFFF_FFFF_FFF0, PLACE | 1 << 63] {
            let mut parts = GOOD;
            parts[part] = wrong;
            breaks(set_up(64, parts), Broken::OutsideRam);
        }
    }
    // The last byte of each part counts.
    for (part, bytes, align) in [(0, 64 * 16, 16), (1, 6 + 64 * 2, 2), (2, 6 + 64 * 8, 4)] {
        let mut parts = GOOD;
        parts[part] = (end - bytes) & !(align - 1);
        assert_eq!(set_up(64, parts).virtio.broken(), None);
        parts[part] += align;
        breaks(set_up(64, parts), Broken::OutsideRam);
    }
}

#[test]
fn a_legacy_queue_is_set_up_wrongly() {
    let set_up = |size, page_bytes, align, frame| {
        let mut guest = Guest::new(Console::new(Counter(0)), VERSIONS[0]);
        guest.negotiate(0);
        guest.store(register::GUEST_PAGE_SIZE, page_bytes);
        guest.store(register::QUEUE_SELECT, 1);
        guest.store(register::QUEUE_SIZE, size);
        guest.store(register::QUEUE_ALIGN, align);
        guest.store(register::QUEUE_PAGE_FRAME, frame);
        guest
    };
    let frame = (PLACE / 4096) as u32;
    assert_eq!(set_up(64, 4096, 4096, frame).virtio.broken(), None);
    for size in [0, 48, 128, u32::MAX] {
        breaks(set_up(size, 4096, 4096, frame), Broken::QueueSize);
    }
    for align in [0, 3, 4097, u32::MAX] {
        breaks(set_up(64, 4096, align, frame), Broken::QueueAlignment);
    }
    breaks(set_up(64, 4096, 1, frame), Broken::QueueAlignment);
    breaks(set_up(64, 1, 4096, PLACE as u32 + 1), Broken::QueueAlignment);
    breaks(set_up(64, 4096, 1 << 31, frame), Broken::OutsideRam);
    breaks(set_up(64, 4096, 4096, u32::MAX), Broken::OutsideRam);
    breaks(set_up(64, 1 << 31, 4096, u32::MAX), Broken::OutsideRam);
    breaks(set_up(64, 0, 4096, frame), Broken::OutsideRam);
}

#[test]
fn what_is_not_there_is_ignored() {
    for version in VERSIONS {
        let mut guest = Guest::started(Console::new(Counter(0)), version, 0);
        for queue in [2, 3, 255, u32::MAX] {
            guest.store(register::QUEUE_NOTIFY, queue);
            guest.store(register::QUEUE_SELECT, queue);
            guest.store(register::QUEUE_SIZE, 3);
            guest.store(register::QUEUE_READY, 1);
            guest.store(register::QUEUE_PAGE_FRAME, 1);
        }
        for offset in (0..0x100).step_by(4).filter(|&offset| offset != register::STATUS) {
            guest.store(offset, 0);
            guest.load(offset);
        }
        assert_eq!(guest.virtio.broken(), None);
        assert!(!VirtualDevice::<Ram>::interrupt(&guest.virtio));
    }
}

#[test]
fn a_queue_that_another_core_fills_again_does_not_hold_the_device() {
    let mut guest = Guest::started(Console::new(Counter(0)), VERSIONS[0], 0);
    let rings = guest.rings[OUTPUT];
    guest.descriptor(rings.descriptors, 0, (PLACE, 1), 0, 0);
    guest.put_half(rings.available + 2, 1);
    guest.ram.racing = Some(rings.available + 2);
    guest.store(register::QUEUE_NOTIFY, OUTPUT as u32);
    assert_eq!(guest.virtio.counters().requests, 64);
    assert_eq!(guest.virtio.broken(), None);
}
