//! Drivers that do anything at all: a long run from a seed, and properties on short ones.

mod common;

use common::{BASE, BYTES, Guest, Ram, VERSIONS};
use proptest::prelude::*;
use runtime::WireError;
use runtime::vm::GuestMemory;
use virtio::{
    Block, Console, Device, Entropy, FRAME_BYTES, Link, Network, Seeded, Storage, Terminal, Version,
    WINDOW_BYTES, register,
};
use virtual_device::{VirtualDevice, Width};

/// The world outside: it gives and takes as chance will have it.
struct World(Seeded);

impl Terminal for World {
    fn write(&mut self, text: &[u8]) -> usize {
        if self.0.next().is_multiple_of(4) { text.len() / 2 } else { text.len() }
    }

    fn read(&mut self, into: &mut [u8]) -> usize {
        self.0.next() as usize % (into.len() + 1)
    }
}

impl Link for World {
    fn send(&mut self, frame: &[u8]) -> bool {
        assert!((14..=FRAME_BYTES).contains(&frame.len()));
        !self.0.next().is_multiple_of(4)
    }

    fn receive(&mut self, _: &mut [u8; FRAME_BYTES]) -> Option<usize> {
        let bytes = self.0.next() as usize % (2 * FRAME_BYTES);
        (14..=FRAME_BYTES).contains(&bytes).then_some(bytes)
    }
}

/// A driver out of its mind.
struct Wild<D> {
    guest: Guest<D>,
    chance: Seeded,
    /// Where its rings lie, if it has set them up well.
    areas: Vec<(u64, u64)>,
}

impl<D: Device> Wild<D> {
    fn new(device: D, version: Version, seed: u64) -> Self {
        Self { guest: Guest::new(device, version), chance: Seeded::new(seed), areas: Vec::new() }
    }

    fn below(&mut self, end: u64) -> u64 {
        self.chance.next() % end
    }

    /// A number that somebody may have forgotten to think of, or one that is nearly right.
    fn number(&mut self) -> u64 {
        let small = self.below(300);
        match self.below(8) {
            0 => u64::MAX - small,
            1 => 1 << self.below(64),
            2 => u64::from(u32::MAX) - small,
            3 => BASE + u64::from(BYTES) - small,
            4 => BASE + self.below(BYTES.into()),
            5 => self.chance.next(),
            _ => small,
        }
    }

    /// Sets the device up as one should, so that what follows gets far.
    fn set_up(&mut self) {
        self.guest.start(self.chance.clone().next());
        let areas = self.guest.rings.iter();
        self.areas =
            areas.map(|rings| (rings.descriptors, rings.used + 6 + 8 * u64::from(rings.size))).collect();
        self.fill();
    }

    /// Fills the tables with chains of two that are right: what the device reads, then what it writes.
    fn fill(&mut self) {
        for rings in self.guest.rings.clone() {
            for index in 0..rings.size {
                let address = BASE + u64::from(BYTES) / 2 + self.below(u64::from(BYTES) / 4);
                let (bytes, flags) = if index % 2 == 0 { (16 + self.below(100) as u32, 1) } else { (513, 2) };
                self.guest.descriptor(rings.descriptors, index, (address, bytes), flags, index | 1);
            }
        }
    }

    /// Writes a descriptor that is right in most of what it says.
    fn descriptor(&mut self) {
        let Some(rings) = self.guest.rings.first().copied() else { return };
        let queue = self.below(self.guest.rings.len() as u64) as usize;
        let rings = self.guest.rings.get(queue).copied().unwrap_or(rings);
        let index = self.below(rings.size.into()) as u16;
        let address = if self.below(16) == 0 { self.number() } else { BASE + self.below(BYTES.into()) };
        let bytes = match self.below(16) {
            0 => self.number() as u32,
            1..4 => 16 * (1 + self.below(4) as u32),
            _ => self.below(600) as u32,
        };
        let flags = match self.below(16) {
            0 => self.number() as u16,
            1 => 4,
            2..6 => 0,
            6..10 => 1,
            10..13 => 2,
            _ => 3,
        };
        let next =
            if self.below(16) == 0 { self.number() as u16 } else { self.below(rings.size.into()) as u16 };
        self.guest.descriptor(rings.descriptors, index, (address, bytes), flags, next);
    }

    /// Makes a chain available, and tells.
    fn offer(&mut self) {
        if self.guest.rings.is_empty() {
            return;
        }
        let queue = self.below(self.guest.rings.len() as u64) as usize;
        for _ in 0..1 + self.below(4) {
            let size = self.guest.rings[queue].size;
            let head =
                if self.below(32) == 0 { self.number() as u16 } else { self.below(size.into()) as u16 };
            self.guest.offer(queue, head);
        }
        self.guest.store(register::QUEUE_NOTIFY, queue as u32);
    }

    /// One thing that a guest can do.
    fn step(&mut self) {
        let is_lost = self.guest.virtio.broken().is_some() || self.guest.rings.is_empty();
        match self.below(32) {
            kind if kind == 0 || is_lost && kind < 16 => self.set_up(),
            1 => {
                let value = self.number();
                let offset = self.below(WINDOW_BYTES.into()) as u32;
                let width = [Width::Byte, Width::Half, Width::Word][self.below(3) as usize];
                let bits = 8 * width.bytes();
                let value = value as u32 & (u32::MAX >> (32 - bits));
                self.guest.virtio.write(offset, width, value, &mut self.guest.ram);
            }
            2 => {
                let offset = self.below(WINDOW_BYTES.into()) as u32;
                let width = [Width::Byte, Width::Half, Width::Word][self.below(3) as usize];
                self.guest.virtio.read(offset, width, &mut self.guest.ram);
            }
            3..6 => {
                let offset = self.below(0x40) as u32 * 4;
                let value = self.number() as u32;
                self.guest.store(offset, value);
            }
            6 => {
                // Garbage into a ring, or anywhere.
                let anywhere = (BASE, BASE + u64::from(BYTES));
                let nth = self.below(4) as usize;
                let (start, end) = self.areas.get(nth).copied().unwrap_or(anywhere);
                let at = start + self.below(end - start);
                let garbage = self.number().to_be_bytes();
                let bytes = 1 + self.below(8) as usize;
                let _ = self.guest.ram.write(at, &garbage[..bytes]);
            }
            7..10 => self.guest.poll(),
            10 => self.guest.store(register::STATUS, 0),
            11..14 => self.descriptor(),
            _ => self.offer(),
        }
    }

    /// One step, and what must hold after each.
    fn checked_step(&mut self) {
        let before = self.guest.ram.accesses.get();
        let longest = D::QUEUES.iter().copied().max().map_or(0, u64::from);
        self.step();
        let accesses = self.guest.ram.accesses.get() - before;
        // Each of a full queue's chains: a walk of its descriptors, its bytes in pieces, a few words of the rings.
        // Bytes come in pieces of 128 at least, or one for a descriptor.
        let of_a_chain = 2 * longest + 64 * 1024 / 128 + 16;
        let bound = 2 * longest * of_a_chain + 2000;
        assert!(accesses <= bound, "{accesses} accesses in one step");
        let version = self.guest.virtio.version();
        let status = self.guest.load(register::STATUS);
        let is_broken = self.guest.virtio.broken().is_some();
        assert_eq!(status & register::NEEDS_RESET != 0, is_broken);
        let interrupts = self.guest.load(register::INTERRUPT_STATUS);
        assert_eq!(VirtualDevice::<Ram>::interrupt(&self.guest.virtio), interrupts != 0);
        assert_eq!(interrupts & !3, 0);
        assert_eq!(self.guest.load(register::VERSION), version.number());
    }
}

/// Steps of each device in each version; twelve of them make the hundred thousand.
const STEPS: u32 = if cfg!(miri) { 50 } else { 9_000 };

fn run<D: Device>(make: impl Fn() -> D, mut check: impl FnMut(&mut Guest<D>)) {
    for (nth, version) in VERSIONS.into_iter().enumerate() {
        let mut wild = Wild::new(make(), version, 0xF0_9E + nth as u64);
        wild.set_up();
        for _ in 0..STEPS {
            wild.checked_step();
        }
        let counters = wild.guest.virtio.counters();
        assert!(
            cfg!(miri) || counters.requests > 1000 && counters.broken > 50,
            "the driver got nowhere: {counters:?}"
        );
        let mut guest = wild.guest;
        guest.start(0);
        check(&mut guest);
        assert_eq!(guest.virtio.broken(), None);
    }
}

#[test]
fn a_console_outlives_its_driver() {
    run(|| Console::new(World(Seeded::new(1))), |guest| assert_eq!(guest.load(register::DEVICE_ID), 3));
}

#[test]
fn a_disk_outlives_its_driver() {
    let name = |guest: &mut Guest<_>| {
        let header = [&guest.order.word_bytes(8)[..], &[0; 12]].concat();
        assert_eq!(guest.transfer(0, &[&header], &[20, 1]).1, b"disk\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    };
    run(|| Block::new(Disk([0; 8192]), "disk"), name);
}

#[test]
fn a_source_outlives_its_driver() {
    let eight = |guest: &mut Guest<_>| assert_eq!(guest.transfer(0, &[], &[8]).0, 8);
    run(|| Entropy::new(Seeded::new(1)), eight);
}

#[test]
fn a_network_outlives_its_driver() {
    let own = |guest: &mut Guest<_>| {
        assert_eq!(guest.virtio.read(register::CONFIGURATION, Width::Word, &mut guest.ram), 0x0200_0000);
    };
    run(|| Network::new(World(Seeded::new(1)), [2, 0, 0, 0, 0, 1]), own);
}

/// A disk that owns its bytes.
struct Disk([u8; 8192]);

impl Storage for Disk {
    fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn read(&mut self, offset: u64, into: &mut [u8]) -> Result<(), WireError> {
        (&mut self.0[..]).read(offset, into)
    }

    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), WireError> {
        (&mut self.0[..]).write(offset, from)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 2 } else { 64 }, failure_persistence: None, ..ProptestConfig::default() })]

    /// However a guest cuts its text, the terminal shows it, and all of it.
    #[test]
    fn text_arrives_however_it_is_cut(
        text in proptest::collection::vec(any::<u8>(), 1..2000),
        mut cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
        version in 0..3_usize,
        features in any::<u64>(),
    ) {
        let mut places: Vec<usize> = cuts.drain(..).map(|cut| cut.index(text.len() + 1)).collect();
        places.extend([0, text.len()]);
        places.sort_unstable();
        let parts: Vec<&[u8]> = places.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        let mut guest = Guest::started(Console::new(Shown(Vec::new())), VERSIONS[version], features);
        guest.transfer(1, &parts, &[]);
        prop_assert_eq!(&guest.virtio.device().terminal().0, &text);
    }

    /// A disk is a memory: what is read is what was written last, however requests are cut.
    #[test]
    fn a_disk_is_a_memory(
        operations in proptest::collection::vec((any::<bool>(), 0..18_u64, 0..6_usize, 1..4_usize, any::<u8>()), 1..40),
        version in 0..3_usize,
        features in any::<u64>(),
    ) {
        let mut guest = Guest::started(Block::new(Disk([0; 8192]), ""), VERSIONS[version], features);
        let mut model = vec![0; 8192];
        for (is_write, sector, sectors, cuts, fill) in operations {
            let order = guest.order;
            let header = [&order.word_bytes(is_write.into())[..], &[0; 4], &order.double_bytes(sector)].concat();
            let bytes = sectors * 512;
            let fits = sector as usize + sectors <= 16;
            let place = sector as usize * 512..sector as usize * 512 + bytes;
            if is_write {
                let data = vec![fill; bytes];
                let parts: Vec<&[u8]> = data.chunks(bytes / cuts + 1).collect();
                let all: Vec<&[u8]> = std::iter::once(&header[..]).chain(parts).collect();
                let verdict = guest.transfer(0, &all, &[1]).1[0];
                prop_assert_eq!(verdict == 0, fits);
                if fits {
                    model[place].fill(fill);
                }
            } else {
                let (_, read) = guest.transfer(0, &[&header], &[bytes / cuts, bytes - bytes / cuts, 1]);
                prop_assert_eq!(read[bytes] == 0, fits);
                if fits {
                    prop_assert_eq!(&read[..bytes], &model[place]);
                }
            }
        }
        prop_assert_eq!(&guest.virtio.device().storage().0[..], &model[..]);
    }

    /// Steps from any seed.
    #[test]
    fn no_seed_does_harm(seed in any::<u64>(), version in 0..3_usize) {
        let mut wild = Wild::new(Console::new(World(Seeded::new(seed))), VERSIONS[version], seed);
        for _ in 0..200 {
            wild.checked_step();
        }
    }
}

/// A terminal that keeps what it shows.
struct Shown(Vec<u8>);

impl Terminal for Shown {
    fn write(&mut self, text: &[u8]) -> usize {
        self.0.extend(text);
        text.len()
    }

    fn read(&mut self, _: &mut [u8]) -> usize {
        0
    }
}
