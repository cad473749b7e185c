//! A guest with a driver that keeps the rules, unless a test makes it break them.

#![allow(dead_code, reason = "each test file uses its part")]

use std::cell::Cell;

use runtime::vm::{GuestMemory, OutOfRange};
use virtio::{Device, Endian, Version, Virtio, feature, register};
use virtual_device::{VirtualDevice, Width};

/// What a guest may meet: each version, in each byte order.
pub(crate) const VERSIONS: [Version; 3] =
    [Version::Legacy(Endian::Big), Version::Legacy(Endian::Little), Version::Modern];

/// Where the guest's RAM begins: not at 0, so that nothing takes an offset for an address.
pub(crate) const BASE: u64 = 0x1000_0000;

/// How long it is.
pub(crate) const BYTES: u32 = 0x10_0000;

/// Bytes of a page.
const PAGE: u64 = 4096;

/// The guest's RAM, which counts what is asked of it.
pub(crate) struct Ram {
    pub(crate) bytes: Vec<u8>,
    pub(crate) accesses: Cell<u64>,
    /// The address of a big-endian available index that another core moves on whenever the device writes a used index.
    pub(crate) racing: Option<u64>,
}

impl Ram {
    pub(crate) fn new() -> Self {
        Self { bytes: vec![0; BYTES as usize], accesses: Cell::new(0), racing: None }
    }

    fn place(&self, physical: u64, bytes: usize) -> Result<std::ops::Range<usize>, OutOfRange> {
        self.accesses.set(self.accesses.get() + 1);
        let start = physical.checked_sub(BASE).ok_or(OutOfRange)?;
        let end = start.checked_add(bytes as u64).ok_or(OutOfRange)?;
        if end > u64::from(BYTES) { Err(OutOfRange) } else { Ok(start as usize..end as usize) }
    }
}

impl GuestMemory for Ram {
    fn base(&self) -> u64 {
        BASE
    }

    fn bytes(&self) -> u32 {
        BYTES
    }

    fn read(&self, physical: u64, into: &mut [u8]) -> Result<(), OutOfRange> {
        into.copy_from_slice(&self.bytes[self.place(physical, into.len())?]);
        Ok(())
    }

    fn write(&mut self, physical: u64, from: &[u8]) -> Result<(), OutOfRange> {
        let place = self.place(physical, from.len())?;
        self.bytes[place].copy_from_slice(from);
        if let Some(index) = self.racing.filter(|_| from.len() == 2) {
            let next = self.read_u16(index)?.wrapping_add(1);
            let at = (index - BASE) as usize;
            self.bytes[at..at + 2].copy_from_slice(&next.to_be_bytes());
        }
        Ok(())
    }

    fn clear(&mut self, physical: u64, bytes: u32) -> Result<(), OutOfRange> {
        let place = self.place(physical, bytes as usize)?;
        self.bytes[place].fill(0);
        Ok(())
    }
}

/// A queue as the driver knows it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rings {
    pub(crate) size: u16,
    pub(crate) descriptors: u64,
    pub(crate) available: u64,
    pub(crate) used: u64,
    /// Chains ever made available.
    pub(crate) added: u16,
    /// Chains of which the device was last told.
    pub(crate) told: u16,
    /// Chains ever seen to be used.
    pub(crate) seen: u16,
    /// The descriptor that the next chain begins with.
    next: u16,
}

/// A request that the driver has made.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) head: u16,
    /// Where the device is to write.
    pub(crate) writable: Vec<(u64, usize)>,
}

/// The guest: its memory, its driver, and the device.
pub(crate) struct Guest<D> {
    pub(crate) virtio: Virtio<D>,
    pub(crate) ram: Ram,
    pub(crate) order: Endian,
    pub(crate) rings: Vec<Rings>,
    pub(crate) features: u64,
    /// Whether the driver makes tables of its chains.
    pub(crate) nests: bool,
    free: u64,
}

impl<D: Device> Guest<D> {
    /// A guest that has not touched the device.
    pub(crate) fn new(device: D, version: Version) -> Self {
        Self {
            virtio: Virtio::new(device, version),
            ram: Ram::new(),
            order: version.order(),
            rings: Vec::new(),
            features: 0,
            nests: false,
            free: BASE,
        }
    }

    /// A guest whose driver is ready, with these features of the transport and all of the device's.
    pub(crate) fn started(device: D, version: Version, transport: u64) -> Self {
        let mut guest = Self::new(device, version);
        guest.start(transport);
        guest.nests = transport & feature::INDIRECT != 0;
        guest
    }

    pub(crate) fn load(&mut self, offset: u32) -> u32 {
        self.virtio.read(offset, Width::Word, &mut self.ram).swap_bytes()
    }

    pub(crate) fn store(&mut self, offset: u32, value: u32) {
        self.virtio.write(offset, Width::Word, value.swap_bytes(), &mut self.ram);
    }

    pub(crate) fn poll(&mut self) {
        self.virtio.notified(&mut self.ram);
    }

    pub(crate) fn offered(&mut self) -> u64 {
        self.store(register::DEVICE_FEATURES_SELECT, 1);
        let high = self.load(register::DEVICE_FEATURES);
        self.store(register::DEVICE_FEATURES_SELECT, 0);
        u64::from(high) << 32 | u64::from(self.load(register::DEVICE_FEATURES))
    }

    /// Comes as far as agreed features (3.1.1).
    pub(crate) fn negotiate(&mut self, transport: u64) {
        let is_modern = self.virtio.version() == Version::Modern;
        self.store(register::STATUS, 0);
        self.free = BASE;
        self.rings.clear();
        self.store(register::STATUS, register::ACKNOWLEDGE);
        self.store(register::STATUS, register::ACKNOWLEDGE | register::DRIVER);
        let optional = feature::INDIRECT | feature::EVENT_INDEX;
        self.features = self.offered() & (!optional | transport);
        self.store(register::DRIVER_FEATURES_SELECT, 1);
        self.store(register::DRIVER_FEATURES, (self.features >> 32) as u32);
        self.store(register::DRIVER_FEATURES_SELECT, 0);
        self.store(register::DRIVER_FEATURES, self.features as u32);
        if is_modern {
            let status = register::ACKNOWLEDGE | register::DRIVER | register::FEATURES_OK;
            self.store(register::STATUS, status);
            assert_eq!(self.load(register::STATUS), status);
        }
    }

    pub(crate) fn start(&mut self, transport: u64) {
        self.negotiate(transport);
        if self.virtio.version() != Version::Modern {
            self.store(register::GUEST_PAGE_SIZE, PAGE as u32);
        }
        for index in 0..D::QUEUES.len() {
            self.store(register::QUEUE_SELECT, index as u32);
            let size = self.load(register::QUEUE_MOST);
            self.set_up(size as u16);
        }
        let status = self.load(register::STATUS);
        self.store(register::STATUS, status | register::DRIVER_OK);
        assert_eq!(self.load(register::STATUS), status | register::DRIVER_OK);
    }

    /// Sets up the selected queue.
    pub(crate) fn set_up(&mut self, size: u16) {
        let entries = u64::from(size);
        let available = entries * 16;
        let used = (available + 6 + entries * 2).next_multiple_of(PAGE);
        let start = self.allocate(used + 6 + entries * 8, PAGE);
        let rings = Rings {
            size,
            descriptors: start,
            available: start + available,
            used: start + used,
            ..Rings::default()
        };
        self.ram.clear(start, (used + 6 + entries * 8) as u32).expect("the rings are in RAM");
        self.rings.push(rings);
        self.store(register::QUEUE_SIZE, size.into());
        if self.virtio.version() == Version::Modern {
            for (register, address) in [
                (register::QUEUE_DESCRIPTORS, rings.descriptors),
                (register::QUEUE_DRIVER, rings.available),
                (register::QUEUE_DEVICE, rings.used),
            ] {
                self.store(register, address as u32);
                self.store(register + 4, (address >> 32) as u32);
            }
            self.store(register::QUEUE_READY, 1);
        } else {
            self.store(register::QUEUE_ALIGN, PAGE as u32);
            self.store(register::QUEUE_PAGE_FRAME, (start / PAGE) as u32);
        }
    }

    pub(crate) fn allocate(&mut self, bytes: u64, align: u64) -> u64 {
        let start = self.free.next_multiple_of(align);
        assert!(start + bytes <= BASE + u64::from(BYTES), "the guest's memory is used up");
        self.free = start + bytes;
        start
    }

    /// Forgets all buffers that were allocated since.
    pub(crate) fn mark(&self) -> u64 {
        self.free
    }

    pub(crate) fn rewind(&mut self, mark: u64) {
        self.free = mark;
    }

    pub(crate) fn put(&mut self, address: u64, bytes: &[u8]) {
        self.ram.write(address, bytes).expect("the driver writes to RAM");
    }

    pub(crate) fn get(&self, address: u64, bytes: usize) -> Vec<u8> {
        let mut into = vec![0; bytes];
        self.ram.read(address, &mut into).expect("the driver reads RAM");
        into
    }

    pub(crate) fn half(&self, address: u64) -> u16 {
        let bytes = self.get(address, 2);
        self.order.half([bytes[0], bytes[1]])
    }

    pub(crate) fn word(&self, address: u64) -> u32 {
        let bytes = self.get(address, 4);
        self.order.word([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    pub(crate) fn put_half(&mut self, address: u64, value: u16) {
        self.put(address, &self.order.half_bytes(value));
    }

    /// Writes a descriptor into a table.
    pub(crate) fn descriptor(
        &mut self,
        table: u64,
        index: u16,
        (address, bytes): (u64, u32),
        flags: u16,
        next: u16,
    ) {
        let at = table + u64::from(index) * 16;
        let mut all = Vec::new();
        all.extend(self.order.double_bytes(address));
        all.extend(self.order.word_bytes(bytes));
        all.extend(self.order.half_bytes(flags));
        all.extend(self.order.half_bytes(next));
        self.put(at, &all);
    }

    /// Makes a head available, without telling.
    pub(crate) fn offer(&mut self, queue: usize, head: u16) {
        let rings = self.rings[queue];
        self.put_half(rings.available + 4 + u64::from(rings.added % rings.size) * 2, head);
        self.rings[queue].added = rings.added.wrapping_add(1);
        self.put_half(rings.available + 2, self.rings[queue].added);
    }

    /// Makes a request available, without telling.
    pub(crate) fn add(&mut self, queue: usize, readable: &[&[u8]], writable: &[usize]) -> Sent {
        let mut parts = Vec::new();
        for bytes in readable {
            let address = self.allocate(bytes.len() as u64, 1);
            self.put(address, bytes);
            parts.push((address, bytes.len(), 0));
        }
        let mut sent = Sent { head: 0, writable: Vec::new() };
        for &bytes in writable {
            let address = self.allocate(bytes as u64, 1);
            self.put(address, &vec![0xEE; bytes]);
            parts.push((address, bytes, 2));
            sent.writable.push((address, bytes));
        }
        let rings = self.rings[queue];
        let (table, first) = if self.nests {
            let table = self.allocate(parts.len() as u64 * 16, 16);
            self.descriptor(rings.descriptors, rings.next, (table, parts.len() as u32 * 16), 4, 0);
            self.rings[queue].next = (rings.next + 1) % rings.size;
            (table, 0)
        } else {
            self.rings[queue].next = (rings.next + parts.len() as u16) % rings.size;
            (rings.descriptors, rings.next)
        };
        let entries = if self.nests { u16::MAX } else { rings.size };
        for (nth, &(address, bytes, flags)) in parts.iter().enumerate() {
            let index = (first + nth as u16) % entries;
            let flags = if nth + 1 < parts.len() { flags | 1 } else { flags };
            self.descriptor(table, index, (address, bytes as u32), flags, (index + 1) % entries);
        }
        sent.head = rings.next;
        self.offer(queue, sent.head);
        sent
    }

    /// Tells the device, if it wants to hear. Returns whether it did.
    pub(crate) fn kick(&mut self, queue: usize) -> bool {
        let rings = self.rings[queue];
        let wants = if self.features & feature::EVENT_INDEX != 0 {
            let event = self.half(rings.used + 4 + u64::from(rings.size) * 8);
            rings.added.wrapping_sub(event).wrapping_sub(1) < rings.added.wrapping_sub(rings.told)
        } else {
            self.half(rings.used) & 1 == 0
        };
        self.rings[queue].told = rings.added;
        if wants {
            self.store(register::QUEUE_NOTIFY, queue as u32);
        }
        wants
    }

    /// The next chain that came back: its head, and how many bytes the device wrote.
    pub(crate) fn used(&mut self, queue: usize) -> Option<(u16, u32)> {
        let rings = self.rings[queue];
        if self.half(rings.used + 2) == rings.seen {
            return None;
        }
        let entry = rings.used + 4 + u64::from(rings.seen % rings.size) * 8;
        self.rings[queue].seen = rings.seen.wrapping_add(1);
        // The driver wants to hear of the very next one.
        self.put_half(rings.available + 4 + u64::from(rings.size) * 2, self.rings[queue].seen);
        Some((self.word(entry) as u16, self.word(entry + 4)))
    }

    /// Whether the line is up for the reason of used buffers; takes it down.
    pub(crate) fn interrupted(&mut self) -> bool {
        let is_up = VirtualDevice::<Ram>::interrupt(&self.virtio);
        let status = self.load(register::INTERRUPT_STATUS);
        assert_eq!(is_up, status != 0, "the line follows the register");
        self.store(register::INTERRUPT_ACKNOWLEDGE, status);
        assert!(!VirtualDevice::<Ram>::interrupt(&self.virtio));
        status & register::USED_BUFFER != 0
    }

    /// What the device wrote for a request.
    pub(crate) fn written(&self, sent: &Sent) -> Vec<u8> {
        sent.writable.iter().flat_map(|&(address, bytes)| self.get(address, bytes)).collect()
    }

    /// Makes a request, tells, and takes it back: how many bytes the device says it wrote, and what is there.
    pub(crate) fn transfer(
        &mut self,
        queue: usize,
        readable: &[&[u8]],
        writable: &[usize],
    ) -> (u32, Vec<u8>) {
        let mark = self.mark();
        let sent = self.add(queue, readable, writable);
        assert!(self.kick(queue), "an idle device wants to hear");
        let (head, bytes) = self.used(queue).expect("the request came back");
        assert_eq!(head, sent.head);
        assert!(self.interrupted());
        let written = self.written(&sent);
        self.rewind(mark);
        (bytes, written)
    }
}

/// The transport's optional features, in all combinations.
pub(crate) fn combinations() -> impl Iterator<Item = (Version, u64)> {
    let optional = [0, feature::INDIRECT, feature::EVENT_INDEX, feature::INDIRECT | feature::EVENT_INDEX];
    VERSIONS.into_iter().flat_map(move |version| optional.map(|features| (version, features)))
}
