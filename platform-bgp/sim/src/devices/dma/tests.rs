//! The DMA of a node that sends to itself, by what software sets up (sections 6.7, 6.8, 6.11).

use super::header::{CHUNK, Header};
use super::*;
use crate::network::{Arrivals, Loopback, Network, Parcel, Place};
use proptest::prelude::*;

/// Where things are in memory.
pub(crate) const SOURCE: u32 = 0x1_0000;
pub(crate) const TARGET: u32 = 0x2_0000;
pub(crate) const DESCRIPTORS: u32 = 0x3_0000;
const PACKETS: u32 = 0x4_0000;
const BYTES: u64 = 0x10_0000;
/// Sizes of the rings of descriptors and of packets.
const DESCRIPTOR_RING: u32 = 0x400;
const PACKET_RING: u32 = 0x1000;

/// Flags of a header's third byte: eight chunks; for the DMA; channel 2, deterministic.
pub(crate) const EIGHT: u8 = 7 << 5;
pub(crate) const FOR_DMA: u8 = 8;
pub(crate) const DETERMINISTIC: u8 = 2;

/// A write of what software does to the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// To a device control register, by its distance from 0xD00.
    Dcr(u32, u32),
    /// To group 0's page.
    Page(u32, u32),
}

/// The words of a FIFO's record.
fn ring(record: u32, at: u32, bytes: u32) -> impl Iterator<Item = Write> {
    (0..).zip([at, at + bytes, at, at]).map(move |(word, value)| Write::Page(record + 4 * word, value >> 4))
}

/// What software does first, as in section 6.11: group 0, injection FIFO 5, reception FIFO 7, counters as they come.
pub(crate) fn set_up(local: bool) -> Vec<Write> {
    let mut writes = vec![Write::Dcr(0x00, u32::MAX), Write::Dcr(0x00, 0), Write::Dcr(0x01, 0x8000_0000)];
    for region in 0..8 {
        for first in [0x02, 0x14] {
            writes.push(Write::Dcr(first + 2 * region, u32::from(region != 0)));
            let last = if region == 0 { (BYTES >> 4) as u32 - 1 } else { 0 };
            writes.push(Write::Dcr(first + 2 * region + 1, last));
        }
    }
    let masks = (0..).zip([0xFF00_0000, 0x00FF_0000, 0x0000_FF00, 0x0000_00FF]);
    writes.extend(masks.map(|(group, mask)| Write::Dcr(0x68 + group, mask)));
    writes.push(Write::Dcr(0xB1, u32::MAX));
    writes.extend((0..4).map(|number| Write::Dcr(0x7E + number, u32::MAX)));
    writes.push(Write::Dcr(0x01, 0x9F00_0000));
    writes.push(Write::Dcr(0x3C + 1, 0x0080_0000));
    writes.push(Write::Dcr(0x5C, if local { 0x0400_0000 } else { 0 }));
    writes.extend((0x60..0x68).map(|register| Write::Dcr(register, 0x0707_0707)));
    writes.extend(ring(0x50, DESCRIPTORS, DESCRIPTOR_RING));
    writes.extend(ring(0x870, PACKETS, PACKET_RING));
    writes.push(Write::Dcr(0x2C, 0x0400_0000));
    writes.push(Write::Page(0x224, 0x0400_0000));
    writes.push(Write::Dcr(0x3A, (PACKET_RING - 256) >> 4));
    writes.push(Write::Dcr(0x30, 0x0100_0000));
    writes
}

/// Injection and reception counters 0 count, the first from address 0, the other from the target.
pub(crate) fn counters(value: u32) -> Vec<Write> {
    let mut writes = Vec::new();
    for (first, record, at) in [(0x300, 0x400, 0), (0xB00, 0xC00, TARGET)] {
        writes.extend([
            Write::Page(first + 8, 0x8000_0000),
            Write::Page(record, value),
            Write::Page(record + 8, at >> 4),
            Write::Page(record + 0xC, u32::MAX),
        ]);
    }
    writes
}

/// The unit and what is around it.
struct Bench {
    dma: Dma,
    memory: Memory,
    torus: Torus,
    port: Port,
    bic: Bic,
    now: u64,
    unmodelled: Vec<String>,
}

impl Bench {
    /// The unit after software's first steps.
    fn new(local: bool) -> Self {
        let mut memory = Memory::new();
        memory.add(0, BYTES);
        let mut bench = Self {
            dma: Dma::default(),
            memory,
            torus: Torus::new(Place::default()),
            port: Port::new(0),
            bic: Bic::default(),
            now: 1000,
            unmodelled: Vec::new(),
        };
        bench.writes(set_up(local));
        bench
    }

    fn writes(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Dcr(register, value) => self.dcr(register, value),
                Write::Page(offset, value) => self.write(offset, value),
            }
        }
    }

    fn around<'a>(&'a mut self) -> (&'a mut Dma, Around<'a>) {
        let Self { dma, memory, torus, port, bic, now, unmodelled } = self;
        (dma, Around { memory, torus, port, bic, now: *now, unmodelled })
    }

    fn dcr(&mut self, register: u32, value: u32) {
        let (dma, mut around) = self.around();
        assert_eq!(dma.write_dcr(register, value, &mut around), Ok(()), "{register:#x}");
    }

    fn write(&mut self, offset: u32, value: u32) {
        let (dma, mut around) = self.around();
        assert_eq!(dma.write(0, offset, value, &mut around), Ok(()), "{offset:#x}");
    }

    fn read(&self, offset: u32) -> u32 {
        self.dma.read(0, offset).expect("a register")
    }

    fn ring(&mut self, record: u32, at: u32, bytes: u32) {
        self.writes(ring(record, at, bytes).collect());
    }

    /// Appends a descriptor and advances the tail, as software does.
    fn inject(&mut self, descriptor: [u8; 32]) {
        let tail = self.read(0x5C) << 4;
        assert!(self.memory.copy_in(tail.into(), &descriptor));
        let next = if tail + 32 == DESCRIPTORS + DESCRIPTOR_RING { DESCRIPTORS } else { tail + 32 };
        self.write(0x5C, next >> 4);
    }

    /// Lets the unit work until it has nothing to do.
    fn run(&mut self) {
        let mut arrivals = Arrivals::default();
        for _ in 0..100_000 {
            while let Some(sent) = self.port.take_outgoing() {
                Loopback::default().send(sent, &mut arrivals).expect("to the node itself");
            }
            let Some(next) = arrivals.next().into_iter().chain(self.dma.next()).min() else { return };
            self.now = next;
            match arrivals.take(next).map(|arrival| arrival.parcel) {
                Some(Parcel::Torus(packet)) => {
                    let (dma, mut around) = self.around();
                    dma.arrive(packet.receiver.into(), packet.bytes, &mut around);
                }
                other => {
                    assert_eq!(other, None);
                    let (dma, mut around) = self.around();
                    dma.act(&mut around);
                }
            }
        }
        panic!("it works for ever");
    }

    fn bytes(&self, address: u32, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        assert!(self.memory.copy_out(address.into(), &mut bytes));
        bytes
    }

    /// Fills the source with what can be told apart.
    fn fill(&mut self, count: usize) -> Vec<u8> {
        let bytes: Vec<u8> = (0..count).map(|number| (number * 7 + number / 240) as u8).collect();
        assert!(self.memory.copy_in(SOURCE.into(), &bytes));
        bytes
    }

    fn counters(&mut self, value: u32) {
        self.writes(counters(value));
    }

    fn interrupt(&mut self, number: u32) -> bool {
        let group = self.bic.read(number / 32 * 0x80).expect("a status");
        group & 0x8000_0000 >> (number % 32) != 0
    }
}

/// A descriptor: flags of word 0, length, the header's third byte, flags of the DMA header, the FIFO of a remote get.
pub(crate) fn descriptor(local: bool, length: u32, third: u8, flags: u8, fifo: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[3] = u8::from(local);
    bytes[8..12].copy_from_slice(&SOURCE.to_be_bytes());
    bytes[12..16].copy_from_slice(&length.to_be_bytes());
    bytes[16] = 0x10;
    bytes[18] = third;
    bytes[24 + 6] = flags;
    bytes[24 + 7] = fifo;
    bytes
}

#[test]
fn invariant_07_a_direct_put_counts_down_by_exactly_its_length() {
    for local in [true, false] {
        for length in [1, 16, 239, 240, 241, 480, 1000] {
            let mut bench = Bench::new(local);
            let source = bench.fill(length as usize);
            bench.counters(length + 5);
            bench.inject(descriptor(local, length, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
            bench.run();
            assert_eq!(bench.bytes(TARGET, length as usize), source, "{length} bytes");
            assert_eq!(bench.bytes(TARGET + length, 300), vec![0; 300], "nothing behind {length} bytes");
            assert_eq!((bench.read(0x400), bench.read(0xC00)), (5, 5));
            assert_eq!((bench.read(0x320), bench.read(0xB20)), (0, 0));
            assert_eq!(bench.read(0x58), bench.read(0x5C), "the descriptor is done");
        }
    }
}

#[test]
fn invariant_08_a_message_becomes_packets_of_240_bytes_with_their_offsets() {
    for local in [true, false] {
        for length in [1_usize, 240, 241, 1000] {
            let mut bench = Bench::new(local);
            let source = bench.fill(length);
            bench.counters(length as u32);
            let mut given = descriptor(local, length as u32, EIGHT | DETERMINISTIC, 0, 0);
            given[24..28].copy_from_slice(&7_u32.to_be_bytes());
            given[28..32].copy_from_slice(&[1, 2, 3, 4]);
            bench.inject(given);
            bench.run();
            let packets = length.div_ceil(240);
            assert_eq!(bench.read(0x87C) << 4, PACKETS + 256 * packets as u32);
            for number in 0..packets {
                let packet = bench.bytes(PACKETS + 256 * number as u32, 256);
                let header = Header::of(&packet).expect("a packet");
                assert_eq!(header.put_offset(), 7 + 240 * number as u32);
                assert_eq!(packet[12..16], [1, 2, 3, 4], "software's own");
                let part = &source[240 * number..(240 * (number + 1)).min(length)];
                assert_eq!(packet[16..16 + part.len()], *part);
            }
            assert_eq!(bench.read(0xA00), 0x0100_0000);
            assert!(!bench.interrupt(0x5C));
            assert_eq!(bench.read(0xA10), 0x0100_0000, "as many as threshold says");
            bench.dcr(0x71, 0x0100_0000);
            assert!(bench.interrupt(0x5C));
        }
    }
}

#[test]
fn invariant_10_the_injection_counter_hits_zero_after_the_last_byte_was_read() {
    let mut bench = Bench::new(false);
    bench.fill(480);
    bench.counters(480);
    bench.dcr(0x77, 0x8000_0000);
    bench.inject(descriptor(false, 480, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    let first = bench.dma.next().expect("it works");
    bench.now = first;
    let (dma, mut around) = bench.around();
    dma.act(&mut around);
    assert_eq!((bench.read(0x400), bench.read(0x320)), (240, 0));
    assert!(!bench.interrupt(0x61));
    // Until the second packet has been read its bytes count as they are now.
    assert!(bench.memory.copy_in(u64::from(SOURCE) + 240, &[0xAA; 240]));
    bench.now = bench.dma.next().expect("the second packet");
    let (dma, mut around) = bench.around();
    dma.act(&mut around);
    assert_eq!((bench.read(0x400), bench.read(0x320), bench.read(0x330)), (0, 0x8000_0000, 0x8000_0000));
    assert!(bench.interrupt(0x61));
    // The buffer is software's again, wherever the packets are.
    assert!(bench.memory.copy_in(SOURCE.into(), &[0x55; 480]));
    bench.run();
    assert_eq!(bench.bytes(TARGET + 240, 240), [0xAA; 240]);
    assert_eq!((bench.read(0xC00), bench.read(0xB20), bench.read(0xB30)), (0, 0x8000_0000, 0x8000_0000));
}

#[test]
fn invariant_06_a_condition_of_the_dma_comes_back_until_it_is_cleared_there() {
    let mut bench = Bench::new(true);
    bench.counters(32);
    bench.dcr(0x7A, 0x8000_0000);
    bench.inject(descriptor(true, 32, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert!(bench.interrupt(0x64));
    assert_eq!(bench.bic.write(3 * 0x80 + 8, u32::MAX), Ok(()));
    assert!(bench.interrupt(0x64), "the counter still says so");
    bench.write(0xB28, 0x8000_0000);
    assert_eq!(bench.bic.write(3 * 0x80 + 8, u32::MAX), Ok(()));
    assert!(!bench.interrupt(0x64));
}

#[test]
fn invariant_11_outside_the_regions_nothing_is_touched() {
    for (reads, register, error) in [(true, 0x95, 0x8000_0000 >> 25), (false, 0x96, 0x8000_0000 >> 26)] {
        let mut bench = Bench::new(true);
        bench.fill(500);
        bench.counters(500);
        // One quad of the message lies outside.
        let first = if reads { 0x02 } else { 0x14 };
        let end = if reads { SOURCE + 240 } else { TARGET + 240 };
        bench.dcr(first + 1, (end >> 4) - 1);
        bench.dcr(first + 2, (end + 16) >> 4);
        bench.dcr(first + 3, u32::MAX);
        bench.inject(descriptor(true, 500, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
        bench.run();
        assert_eq!(bench.dma.read_dcr(register), Ok(error), "reads: {reads}");
        assert!(bench.interrupt(0x3F));
        assert_eq!(bench.bytes(TARGET + 240, 260), [0; 260]);
        assert_eq!(bench.read(0xC00), 260);
        // It stays so until the unit is reset.
        bench.dcr(0xB1, u32::MAX);
        bench.run();
        assert_eq!(bench.dma.read_dcr(register), Ok(error));
        bench.dcr(0x00, u32::MAX);
        assert_eq!(bench.dma.read_dcr(register), Ok(0));
    }
}

#[test]
fn a_remote_get_to_itself_fetches_by_direct_put() {
    for local in [true, false] {
        let mut bench = Bench::new(local);
        let source = bench.fill(700);
        bench.counters(1000);
        // What the remote get carries: a descriptor for the same FIFO, from the source.
        let put = descriptor(local, 700, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0);
        assert!(bench.memory.copy_in(0x8000, &put));
        let mut get = descriptor(local, 32, 1 << 5 | FOR_DMA | DETERMINISTIC, 1, 5);
        get[8..12].copy_from_slice(&0x8000_u32.to_be_bytes());
        bench.inject(get);
        bench.run();
        assert_eq!(bench.bytes(TARGET, 700), source);
        assert_eq!((bench.read(0x400), bench.read(0xC00)), (1000 - 32 - 700, 300));
        assert_eq!(bench.read(0x5C) << 4, DESCRIPTORS + 64, "the unit has moved the tail");
        assert_eq!((bench.read(0x200), bench.read(0x58)), (0, bench.read(0x5C)));
        // Its threshold was 0 quads free: not crossed.
        assert_eq!(bench.read(0x210), 0);
    }
}

#[test]
fn a_remote_get_without_room_stops_reception_until_that_is_cleared() {
    let mut bench = Bench::new(true);
    bench.fill(32);
    bench.counters(1000);
    let mut get = descriptor(true, 32, 1 << 5 | FOR_DMA | DETERMINISTIC, 1, 6);
    get[8..12].copy_from_slice(&SOURCE.to_be_bytes());
    bench.inject(get);
    bench.run();
    assert!(bench.interrupt(0x78));
    assert_eq!(bench.dma.read_dcr(0x9D), Ok(0x2001_0600));
    // FIFO 6 gets a ring, is enabled, and reception goes on.
    bench.ring(0x60, DESCRIPTORS + 0x1000, DESCRIPTOR_RING);
    bench.dcr(0x36, DESCRIPTOR_RING >> 4);
    bench.dcr(0x6D, 0x0200_0000);
    bench.dcr(0x2C, 0x0600_0000);
    assert_eq!(bench.read(0x60 + 0xC) << 4, DESCRIPTORS + 0x1000);
    bench.dcr(0xB1, 0x8000_0000 >> 5);
    assert_eq!(bench.read(0x60 + 0xC) << 4, DESCRIPTORS + 0x1020);
    assert_eq!((bench.read(0x210), bench.dma.read_dcr(0x9D)), (0x0200_0000, Ok(0)));
    assert!(bench.interrupt(0x58));
    bench.write(0x218, 0x0200_0000);
    assert_eq!(bench.read(0x210), 0);
}

#[test]
fn a_full_reception_fifo_makes_the_network_wait_or_stops_reception() {
    for stops in [false, true] {
        let mut bench = Bench::new(false);
        bench.counters(u32::MAX);
        bench.dcr(0x01, 0x9F00_0000 | if stops { 8 } else { 0 });
        for _ in 0..20 {
            bench.inject(descriptor(false, 240, EIGHT | DETERMINISTIC, 0, 0));
        }
        bench.run();
        // Room for 16 packets, of which two stay in reserve; the last goes in while there are 512 bytes.
        assert_eq!(bench.read(0x87C) << 4, PACKETS + 15 * 256);
        assert_eq!(bench.read(0xA08) & 0x0100_0000, 0);
        assert!(bench.interrupt(0x76));
        assert_eq!(bench.dma.read_dcr(0x9D), Ok(0x8080_0000));
        // Software takes four packets.
        bench.write(0x878, (PACKETS + 4 * 256) >> 4);
        bench.run();
        let expected = if stops { PACKETS + 15 * 256 } else { PACKETS + 3 * 256 };
        assert_eq!(bench.read(0x87C) << 4, expected, "stops: {stops}");
        bench.dcr(0xB1, 0x8000_0000 >> 5);
        bench.run();
        assert_eq!(bench.read(0x87C) << 4, PACKETS + 3 * 256, "around the end");
        bench.write(0x878, (PACKETS + 3 * 256) >> 4);
        bench.dcr(0xB1, 0x8000_0000 >> 5);
        bench.run();
        assert_eq!(bench.read(0x87C) << 4, PACKETS + 4 * 256, "all twenty");
    }
}

#[test]
fn a_put_to_a_counter_that_is_disabled_waits_until_it_is_enabled() {
    let mut bench = Bench::new(true);
    let source = bench.fill(64);
    bench.counters(100);
    bench.write(0xB10, 0x8000_0000);
    bench.inject(descriptor(true, 64, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert!(bench.interrupt(0x79));
    assert_eq!(bench.dma.read_dcr(0x9D), Ok(0x1001_0000));
    bench.write(0xB08, 0x8000_0000);
    assert_eq!(bench.read(0xC00), 100);
    bench.dcr(0xB1, 0x8000_0000 >> 5);
    assert_eq!((bench.read(0xC00), bench.bytes(TARGET, 64)), (36, source));
}

#[test]
fn a_descriptor_whose_counter_is_disabled_stops_injection() {
    let mut bench = Bench::new(true);
    bench.counters(100);
    bench.write(0x310, 0x8000_0000);
    bench.inject(descriptor(true, 64, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert!(bench.interrupt(0x68));
    assert_eq!((bench.read(0x400), bench.read(0x58) << 4), (100, DESCRIPTORS));
    bench.write(0x308, 0x8000_0000);
    bench.dcr(0xB1, 0x8000_0000);
    bench.run();
    assert_eq!(bench.read(0x400), 36);
}

#[test]
fn mistakes_with_counters_and_lengths_have_interrupts_of_their_own() {
    let mut bench = Bench::new(true);
    bench.counters(10);
    bench.inject(descriptor(true, 11, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.inject(descriptor(true, 0, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert_eq!((bench.read(0x400), bench.read(0xC00)), (10, 10), "frozen");
    assert!(bench.interrupt(0x6A) && bench.interrupt(0x6C) && bench.interrupt(0x69));
    assert!(!bench.interrupt(0x6B) && !bench.interrupt(0x6D));
    bench.write(0x404, u32::MAX);
    bench.write(0xC04, u32::MAX);
    assert!(bench.interrupt(0x6B) && bench.interrupt(0x6D));
    bench.dcr(0xB1, 0xF800_0000);
    assert_eq!(bench.bic.write(3 * 0x80, 0), Ok(()));
    for number in 0x68..0x80 {
        assert!(!bench.interrupt(number), "{number:#x}");
    }
    assert_eq!(bench.read(0x58), bench.read(0x5C), "both descriptors are done");
}

#[test]
fn a_put_behind_its_limit_is_fatal() {
    let mut bench = Bench::new(true);
    bench.counters(100);
    bench.write(0xC0C, (TARGET >> 4) + 3);
    bench.inject(descriptor(true, 64, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert_eq!(bench.read(0xC00), 36, "the last quad is the limit's");
    bench.inject(descriptor(true, 65, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert_eq!(bench.dma.read_dcr(0x96), Ok(0x8000_0000 >> 18));
    assert!(bench.interrupt(0x3F));
}

#[test]
fn prefetching_reads_and_writes_nothing() {
    let mut bench = Bench::new(true);
    bench.fill(500);
    bench.counters(500);
    let mut only = descriptor(true, 500, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0);
    only[3] = 3;
    bench.inject(only);
    bench.run();
    assert_eq!((bench.read(0x400), bench.read(0xC00), bench.bytes(TARGET, 500)), (0, 500, vec![0; 500]));
}

#[test]
fn headers_of_dma_packets_are_kept_if_asked() {
    let mut bench = Bench::new(false);
    bench.fill(300);
    bench.counters(300);
    bench.dcr(0x01, 0xDF00_0000);
    bench.ring(0x880, 0x6_0000, 0x400);
    bench.dcr(0x31, 8);
    bench.inject(descriptor(false, 300, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert_eq!(bench.read(0x88C) << 4, 0x6_0020);
    let headers = bench.bytes(0x6_0000, 32);
    assert_eq!((headers[13], headers[29], headers[27]), (240, 60, 240));
    assert_eq!((bench.read(0xA04), bench.read(0xC00)), (0x0100_0000, 0));
}

#[test]
fn what_the_reference_does_not_say_is_told_and_stops() {
    let mut bench = Bench::new(true);
    bench.counters(100);
    bench.inject(descriptor(false, 64, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0));
    bench.run();
    assert_eq!(bench.unmodelled.len(), 1);
    assert_eq!(bench.read(0x400), 100);
    let mut bench = Bench::new(true);
    bench.counters(100);
    bench.dcr(0x03, u32::MAX);
    let mut far = descriptor(true, 64, EIGHT | FOR_DMA | DETERMINISTIC, 0, 0);
    far[8..12].copy_from_slice(&0x7000_0000_u32.to_be_bytes());
    bench.inject(far);
    bench.run();
    assert_eq!(bench.unmodelled.len(), 1);
}

#[test]
fn fifos_with_priority_are_served_first_and_others_in_turn() {
    let mut bench = Bench::new(true);
    bench.counters(u32::MAX);
    bench.dcr(0x01, 0x8000_0000);
    bench.dcr(0x5C, 0x0700_0000);
    bench.dcr(0x2C, 0x0700_0000);
    bench.dcr(0x32, 0x0100_0000);
    bench.write(0x224, 0x0700_0000);
    for (fifo, marks) in [(5, [51, 52]), (6, [61, 62]), (7, [71, 72])] {
        let at = DESCRIPTORS + 0x1000 * fifo;
        bench.ring(0x10 * fifo, at, DESCRIPTOR_RING);
        for (number, mark) in (0..).zip(marks) {
            let mut one = descriptor(true, 16, DETERMINISTIC, 0, mark);
            one[28] = mark;
            assert!(bench.memory.copy_in(u64::from(at + 32 * number), &one));
        }
        bench.write(0x10 * fifo + 0xC, (at + 64) >> 4);
    }
    bench.dcr(0x01, 0x9F00_0000);
    bench.run();
    let order: Vec<u8> =
        (0..6).map(|number| bench.bytes(PACKETS + CHUNK as u32 * number + 12, 1)[0]).collect();
    assert_eq!(order, [71, 72, 51, 61, 52, 62]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any registers with any values: nothing panics, and every step moves time on.
    #[test]
    fn registers_take_anything(
        writes in proptest::collection::vec((0_u32..0x4B3, prop_oneof![any::<u32>(), 0_u32..0x2000, Just(u32::MAX)]), 0..60),
        local: bool,
    ) {
        let mut bench = Bench::new(local);
        bench.counters(u32::MAX);
        bench.fill(0x4000);
        for (place, value) in writes {
            let (dma, mut around) = bench.around();
            let _ = match place {
                0..0x400 => dma.write(0, 4 * place, value, &mut around),
                _ => dma.write_dcr(place - 0x400, value, &mut around),
            };
            let mut arrivals = Arrivals::default();
            for _ in 0..20 {
                while let Some(sent) = bench.port.take_outgoing() {
                    prop_assert!(Loopback::default().send(sent, &mut arrivals).is_ok());
                }
                let Some(next) = bench.dma.next() else { break };
                prop_assert!(next > bench.now);
                bench.now = next;
                let (dma, mut around) = bench.around();
                dma.act(&mut around);
                while let Some(arrival) = arrivals.take(u64::MAX) {
                    if let Parcel::Torus(packet) = arrival.parcel {
                        dma.arrive(packet.receiver.into(), packet.bytes, &mut around);
                    }
                }
            }
        }
        for offset in (0..0x1000).step_by(4) {
            let _ = bench.dma.read(0, offset);
        }
    }
}
