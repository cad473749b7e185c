//! Real transfers through every device, in every version, byte order and form of chain.

mod common;

use std::collections::VecDeque;

use common::{Guest, combinations};
use runtime::{Memory, WireError};
use virtio::{
    Block, Console, Endian, Entropy, FRAME_BYTES, Jitter, Link, Network, ReadOnly, Region, Seeded, Source,
    Storage, Terminal, register,
};

/// A terminal that a test types at, and that takes as much text as it is told.
#[derive(Default)]
struct Screen {
    shown: Vec<u8>,
    typed: VecDeque<u8>,
    room: Option<usize>,
}

impl Terminal for Screen {
    fn write(&mut self, text: &[u8]) -> usize {
        let taken = self.room.map_or(text.len(), |room| room.min(text.len()));
        self.room = self.room.map(|room| room - taken);
        self.shown.extend(&text[..taken]);
        taken
    }

    fn read(&mut self, into: &mut [u8]) -> usize {
        let bytes = into.len().min(self.typed.len());
        for (to, from) in into.iter_mut().zip(self.typed.drain(..bytes)) {
            *to = from;
        }
        bytes
    }
}

#[test]
fn a_console_shows_text_and_takes_what_is_typed() {
    for (version, features) in combinations() {
        let mut guest = Guest::started(Console::new(Screen::default()), version, features);
        let (bytes, _) = guest.transfer(1, &[b"hello, ", b"", b"world\n"], &[]);
        assert_eq!(bytes, 0);
        assert_eq!(guest.virtio.device().terminal().shown, b"hello, world\n");

        let sent = [guest.add(0, &[], &[3, 2]), guest.add(0, &[], &[64])];
        guest.kick(0);
        assert_eq!(guest.used(0), None);
        assert!(!guest.interrupted());
        guest.virtio.device().terminal().typed.extend(b"uname -a\n");
        guest.poll();
        assert_eq!(guest.used(0), Some((sent[0].head, 5)));
        assert_eq!(guest.used(0), Some((sent[1].head, 4)));
        assert_eq!(guest.used(0), None);
        assert!(guest.interrupted());
        assert_eq!(guest.written(&sent[0]), b"uname");
        assert_eq!(guest.written(&sent[1])[..4], *b" -a\n");
    }
}

#[test]
fn text_waits_where_there_is_no_room_and_none_is_lost_or_doubled() {
    let text: Vec<u8> = (0..1000).map(|nth| nth as u8).collect();
    for (version, features) in combinations() {
        let mut guest = Guest::started(Console::new(Screen::default()), version, features);
        guest.virtio.device().terminal().room = Some(300);
        let sent = guest.add(1, &[&text[..700], &text[700..]], &[]);
        let next = guest.add(1, &[b"!"], &[]);
        guest.kick(1);
        assert_eq!(guest.used(1), None);
        assert_eq!(guest.virtio.device().terminal().shown, text[..300]);
        guest.virtio.device().terminal().room = Some(0);
        guest.poll();
        assert_eq!(guest.virtio.device().terminal().shown, text[..300]);
        guest.virtio.device().terminal().room = None;
        guest.poll();
        assert_eq!(guest.used(1), Some((sent.head, 0)));
        assert_eq!(guest.used(1), Some((next.head, 0)));
        assert_eq!(guest.virtio.device().terminal().shown, [&text[..], b"!"].concat());
    }
}

/// A block request's header.
fn header(order: Endian, kind: u32, sector: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(order.word_bytes(kind));
    bytes.extend([0; 4]);
    bytes.extend(order.double_bytes(sector));
    bytes
}

const READ: u32 = 0;
const WRITE: u32 = 1;
const FLUSH: u32 = 4;
const GET_NAME: u32 = 8;

#[test]
fn a_disk_keeps_what_is_written() {
    for (version, features) in combinations() {
        let mut disk: Vec<u8> = (0..8 * 512 + 100).map(|nth| (nth / 7) as u8).collect();
        let before = disk.clone();
        let mut guest = Guest::started(Block::new(&mut disk[..], "vm0 disk"), version, features);
        let order = guest.order;
        assert_eq!(guest.features & 1 << 5, 0, "it can be written");
        assert!(!guest.virtio.device().storage().is_read_only());

        let (bytes, read) = guest.transfer(0, &[&header(order, READ, 2)], &[512, 1024, 1]);
        assert_eq!(bytes, 1537);
        assert_eq!(read[..1536], before[1024..2560]);
        assert_eq!(read[1536], 0);

        let data: Vec<u8> = (0..1024).map(|nth| (nth % 251) as u8).collect();
        let head = header(order, WRITE, 6);
        // Cut as no Linux would: the header in two, the data in three.
        let parts = [&head[..5], &head[5..], &data[..1], &data[1..600], &data[600..]];
        assert_eq!(guest.transfer(0, &parts, &[1]), (1, vec![0]));
        let (_, read) = guest.transfer(0, &[&head[..0], &header(order, READ, 0)], &[8 * 512, 1]);
        assert_eq!(read[..6 * 512], before[..6 * 512]);
        assert_eq!(read[6 * 512..8 * 512], data);
    }
}

#[test]
fn a_disk_says_what_it_is() {
    for (version, features) in combinations() {
        let disk = vec![7; 3 * 512 + 511];
        let mut guest =
            Guest::started(Block::new(ReadOnly(&disk), "a name of over twenty bytes"), version, features);
        let order = guest.order;
        assert_ne!(guest.features & 1 << 5, 0, "it is read-only");
        // Byte by byte, as a legacy driver of Linux's reads it.
        let configuration = configuration(&mut guest, 24);
        assert_eq!(order.double(configuration[..8].try_into().unwrap()), 3);
        assert_eq!(order.word(configuration[20..24].try_into().unwrap()), 512);

        let (bytes, name) = guest.transfer(0, &[&header(order, GET_NAME, 0)], &[20, 1]);
        assert_eq!((bytes, &name[..]), (21, &b"a name of over twent\0"[..]));
    }
}

/// The first bytes of the configuration.
fn configuration<D: virtio::Device>(guest: &mut Guest<D>, bytes: u32) -> Vec<u8> {
    use virtual_device::{VirtualDevice, Width};
    let mut read = |at, width| guest.virtio.read(register::CONFIGURATION + at, width, &mut guest.ram);
    let single: Vec<u8> = (0..bytes).map(|at| read(at, Width::Byte) as u8).collect();
    let halves: Vec<u8> =
        (0..bytes / 2).flat_map(|at| (read(at * 2, Width::Half) as u16).to_be_bytes()).collect();
    let words: Vec<u8> = (0..bytes / 4).flat_map(|at| read(at * 4, Width::Word).to_be_bytes()).collect();
    assert_eq!(single[..halves.len()], halves);
    assert_eq!(single[..words.len()], words);
    single
}

#[test]
fn a_disk_refuses_what_it_cannot_do() {
    for (version, features) in combinations() {
        let disk = vec![7; 4 * 512];
        let mut guest = Guest::started(Block::new(ReadOnly(&disk), ""), version, features);
        let order = guest.order;
        let failed = |guest: &mut Guest<_>, head: &[u8], data: &[u8], room: usize| {
            let (bytes, written) = guest.transfer(0, &[head, data], &[room, 1]);
            assert_eq!(bytes, if room == 0 { 1 } else { 0 });
            assert!(written[..room].iter().all(|&byte| byte == 0xEE), "nothing was written");
            written[room]
        };
        assert_eq!(failed(&mut guest, &header(order, READ, 4), &[], 512), 1, "behind the end");
        assert_eq!(failed(&mut guest, &header(order, READ, 3), &[], 1024), 1, "across the end");
        assert_eq!(failed(&mut guest, &header(order, READ, u64::MAX), &[], 512), 1, "overflow");
        assert_eq!(failed(&mut guest, &header(order, READ, 1 << 55), &[], 512), 1, "overflow in bytes");
        assert_eq!(failed(&mut guest, &header(order, READ, 0), &[], 511), 1, "no whole sector");
        assert_eq!(failed(&mut guest, &header(order, WRITE, 0), &[1; 512], 0), 1, "read-only");
        assert_eq!(failed(&mut guest, &header(order, GET_NAME, 0), &[], 19), 1, "no room");
        assert_eq!(failed(&mut guest, &header(order, FLUSH, 0), &[], 0), 2, "not offered");
        assert_eq!(failed(&mut guest, &header(order, 77, 0), &[], 0), 2, "unknown");
        assert_eq!(guest.virtio.broken(), None);
    }
}

/// A memory port whose second half nobody answers for.
struct Half(Vec<u8>);

impl Memory for Half {
    fn bytes(&self) -> usize {
        2 * self.0.len()
    }

    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError> {
        into.copy_from_slice(self.0.get(offset..offset + into.len()).ok_or(WireError::Hardware)?);
        Ok(())
    }

    fn write(&mut self, offset: usize, from: &[u8]) -> Result<(), WireError> {
        self.0.get_mut(offset..offset + from.len()).ok_or(WireError::Hardware)?.copy_from_slice(from);
        Ok(())
    }
}

#[test]
fn a_request_fails_if_the_storage_does() {
    for (version, features) in combinations() {
        let mut guest = Guest::started(Block::new(Region(Half(vec![7; 1024])), ""), version, features);
        let order = guest.order;
        assert_eq!(guest.transfer(0, &[&header(order, WRITE, 0), &[9; 512]], &[1]).1, [0]);
        assert_eq!(guest.transfer(0, &[&header(order, WRITE, 1), &[8; 1024]], &[1]).1, [1]);
        let (bytes, read) = guest.transfer(0, &[&header(order, READ, 0)], &[1024, 1]);
        assert_eq!((bytes, &read[..]), (1025, &[&[9; 512][..], &[8; 512], &[0]].concat()[..]));
        let (bytes, read) = guest.transfer(0, &[&header(order, READ, 1)], &[1024, 1]);
        assert_eq!((bytes, &read[..]), (512, &[&[8; 512][..], &[0xEE; 512], &[1]].concat()[..]));
    }
}

#[test]
fn random_bytes_are_those_of_the_source() {
    for (version, features) in combinations() {
        let mut guest = Guest::started(Entropy::new(Seeded::new(42)), version, features);
        let (bytes, read) = guest.transfer(0, &[], &[5, 11]);
        let mut expected = [0; 16];
        Seeded::new(42).fill(&mut expected);
        assert_eq!((bytes, &read[..]), (16, &expected[..]));
        // A large buffer gets its beginning filled.
        let (bytes, read) = guest.transfer(0, &[], &[1000]);
        assert_eq!(bytes, 256);
        assert_ne!(read[..256], [0xEE; 256]);
        assert_eq!(read[256..], [0xEE; 744]);
    }
}

#[test]
fn sources_repeat_or_not_as_they_say() {
    // The reference values of SplitMix64 for the seed 1234567.
    let mut generator = Seeded::new(1_234_567);
    assert_eq!(generator.next(), 6_457_827_717_110_365_317);
    assert_eq!(generator.next(), 3_203_168_211_198_807_973);

    let mut bytes = [[0; 32]; 3];
    for (ticks, into) in [7_u64, 7, 8].into_iter().zip(&mut bytes) {
        Jitter::new(1, || ticks).fill(into);
    }
    assert_eq!(bytes[0], bytes[1]);
    assert_ne!(bytes[0], bytes[2]);
}

/// A cable with a test at the other end.
#[derive(Default)]
struct Cable {
    out: Vec<Vec<u8>>,
    arrived: VecDeque<Vec<u8>>,
    is_full: bool,
}

impl Link for Cable {
    fn send(&mut self, frame: &[u8]) -> bool {
        if !self.is_full {
            self.out.push(frame.to_vec());
        }
        !self.is_full
    }

    fn receive(&mut self, into: &mut [u8; FRAME_BYTES]) -> Option<usize> {
        let frame = self.arrived.pop_front()?;
        into[..frame.len()].copy_from_slice(&frame);
        Some(frame.len())
    }
}

const ADDRESS: [u8; 6] = [2, 0, 0, 0, 0, 1];

fn frame(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|nth| (nth * 3) as u8).collect()
}

/// Bytes of the header before a frame.
fn ahead<D: virtio::Device>(guest: &Guest<D>) -> usize {
    if guest.virtio.version() == virtio::Version::Modern { 12 } else { 10 }
}

#[test]
fn frames_go_out_and_come_in() {
    for (version, features) in combinations() {
        let mut guest = Guest::started(Network::new(Cable::default(), ADDRESS), version, features);
        let header = vec![0; ahead(&guest)];
        let configuration = configuration(&mut guest, 8);
        assert_eq!(configuration[..6], ADDRESS);
        assert_eq!(guest.order.half(configuration[6..8].try_into().unwrap()), 1, "the link is up");

        for bytes in [14, 60, 1514] {
            let frame = frame(bytes);
            guest.transfer(1, &[&header, &frame[..7], &frame[7..]], &[]);
            assert_eq!(guest.virtio.device().link().out.pop(), Some(frame));
        }

        // A frame that comes before there is a buffer waits for it.
        guest.virtio.device().link().arrived.extend([frame(1514), frame(60)]);
        guest.poll();
        let (bytes, got) = guest.transfer(0, &[], &[header.len(), 1514]);
        assert_eq!(bytes as usize, header.len() + 1514);
        assert_eq!(got[header.len()..], frame(1514));
        let mut expected = vec![0; header.len()];
        if header.len() == 12 {
            expected[10] = 1;
        }
        assert_eq!(got[..header.len()], expected);
        let (bytes, got) = guest.transfer(0, &[], &[header.len() + 100]);
        assert_eq!(bytes as usize, header.len() + 60);
        assert_eq!(got[header.len()..header.len() + 60], frame(60));
        let counters = guest.virtio.device().counters();
        assert_eq!((counters.sent, counters.received), (3, 2));
    }
}

#[test]
fn frames_that_are_none_are_dropped_and_counted() {
    for (version, features) in combinations() {
        let mut guest = Guest::started(Network::new(Cable::default(), ADDRESS), version, features);
        let header = vec![0; ahead(&guest)];
        guest.transfer(1, &[&header, &frame(13)], &[]);
        guest.transfer(1, &[&header, &frame(1515)], &[]);
        guest.transfer(1, &[&header[1..]], &[]);
        guest.virtio.device().link().arrived.extend([frame(100), frame(50)]);
        assert_eq!(guest.transfer(0, &[], &[header.len(), 99]).0, 0);
        assert_eq!(guest.transfer(0, &[], &[header.len(), 99]).0 as usize, header.len() + 50);
        assert_eq!(guest.virtio.device().link().out, Vec::<Vec<u8>>::new());
        let counters = guest.virtio.device().counters();
        assert_eq!((counters.malformed, counters.overlong, counters.received), (3, 1, 1));
        assert_eq!(guest.virtio.broken(), None);
    }
}

#[test]
fn frames_wait_for_a_link_that_is_full() {
    for (version, features) in combinations() {
        let mut guest = Guest::started(Network::new(Cable::default(), ADDRESS), version, features);
        let header = vec![0; ahead(&guest)];
        guest.virtio.device().link().is_full = true;
        for bytes in [20, 30, 40] {
            guest.add(1, &[&header, &frame(bytes)], &[]);
        }
        guest.kick(1);
        assert_eq!(guest.used(1), None);
        guest.virtio.device().link().is_full = false;
        guest.poll();
        assert_eq!(guest.virtio.device().link().out, [frame(20), frame(30), frame(40)]);
        assert_eq!(std::iter::from_fn(|| guest.used(1)).count(), 3);
    }
}
