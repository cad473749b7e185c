//! The MMIO transport (4.2): one device's registers, its status, and the turns that it takes at its queues.

mod registers;
mod turn;

use runtime::vm::GuestMemory;
use virtual_device::{VirtualDevice, Width};

use crate::chain::Chain;
use crate::queue::{Agreed, Queue};
use crate::{Broken, Device, Endian, feature, register};

/// Bytes that a device's registers and its configuration take up.
pub const WINDOW_BYTES: u32 = 0x200;

/// The most queues that a device has.
const QUEUES: usize = 2;

/// Which transport the guest sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Version 1 (4.2.4), with rings and configuration in the guest's byte order.
    Legacy(Endian),
    /// Version 2, little-endian.
    Modern,
}

impl Version {
    /// The version as its register has it.
    pub const fn number(self) -> u32 {
        match self {
            Self::Legacy(_) => 1,
            Self::Modern => 2,
        }
    }

    /// Byte order of rings, configuration and requests.
    pub const fn order(self) -> Endian {
        match self {
            Self::Legacy(order) => order,
            Self::Modern => Endian::Little,
        }
    }

    /// Features of the transport itself.
    const fn features(self) -> u64 {
        let own = match self {
            Self::Legacy(_) => feature::ANY_LAYOUT,
            Self::Modern => feature::VERSION_1,
        };
        own | feature::INDIRECT | feature::EVENT_INDEX
    }
}

/// What has happened at a device since it was made. Counts wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Notifications by the driver.
    pub notifications: u32,
    /// Requests that went back to it.
    pub requests: u32,
    /// Reasons for an interrupt that were raised; several may be taken with one.
    pub interrupts: u32,
    /// Times that it asked for a reset.
    pub broken: u32,
}

/// What the driver has set up, all of which its reset forgets.
#[derive(Debug)]
struct Session {
    status: u32,
    device_features_select: u32,
    driver_features_select: u32,
    /// Those that the driver takes.
    features: u64,
    queue_select: u32,
    interrupts: u32,
    broken: Option<Broken>,
}

impl Session {
    const NEW: Self = Self {
        status: 0,
        device_features_select: 0,
        driver_features_select: 0,
        features: 0,
        queue_select: 0,
        interrupts: 0,
        broken: None,
    };
}

/// A device as the guest sees it.
#[derive(Debug)]
pub struct Virtio<D> {
    device: D,
    version: Version,
    session: Session,
    /// Legacy: bytes of the guest's pages. Linux says it once, and resets the device after that.
    guest_page_bytes: u32,
    queues: [Queue; QUEUES],
    chain: Chain,
    counters: Counters,
}

impl<D: Device> Virtio<D> {
    /// The device behind a transport of that version.
    pub const fn new(device: D, version: Version) -> Self {
        const { assert!(D::QUEUES.len() <= QUEUES, "a device has at most two queues") };
        let queues = [Queue::new(Self::most(0)), Queue::new(Self::most(1))];
        let counters = Counters { notifications: 0, requests: 0, interrupts: 0, broken: 0 };
        Self {
            device,
            version,
            session: Session::NEW,
            guest_page_bytes: 0,
            queues,
            chain: Chain::new(),
            counters,
        }
    }

    /// The most descriptors of a queue.
    const fn most(index: usize) -> u16 {
        if index < D::QUEUES.len() { D::QUEUES[index] } else { 0 }
    }

    /// The device.
    pub fn device(&mut self) -> &mut D {
        &mut self.device
    }

    /// The version that the guest sees.
    pub fn version(&self) -> Version {
        self.version
    }

    /// What has happened.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Why the device asks for a reset, if it does.
    pub fn broken(&self) -> Option<Broken> {
        self.session.broken
    }

    /// All features that are offered.
    fn offered(&self) -> u64 {
        self.version.features() | self.device.features()
    }

    /// What holds for all queues now.
    fn agreed(&self) -> Agreed {
        let has = |feature| self.session.features & self.offered() & feature != 0;
        Agreed {
            order: self.version.order(),
            indirect: has(feature::INDIRECT),
            event_index: has(feature::EVENT_INDEX),
        }
    }

    /// Whether requests are served. Legacy drivers may use a device before they call themselves ready (3.1.2).
    fn is_live(&self) -> bool {
        let enough = match self.version {
            Version::Legacy(_) => register::DRIVER | register::DRIVER_OK,
            Version::Modern => register::DRIVER_OK,
        };
        let status = self.session.status;
        status & enough != 0 && status & (register::NEEDS_RESET | register::FAILED) == 0
    }

    /// Raises reasons for an interrupt.
    fn raise(&mut self, reasons: u32) {
        self.session.interrupts |= reasons;
        self.counters.interrupts = self.counters.interrupts.wrapping_add(1);
    }

    /// Asks for a reset (2.1.2), and does nothing more before it.
    fn fail(&mut self, why: Broken) {
        self.session.status |= register::NEEDS_RESET;
        self.session.broken = Some(why);
        self.counters.broken = self.counters.broken.wrapping_add(1);
        if self.version == Version::Modern && self.session.status & register::DRIVER_OK != 0 {
            self.raise(register::CONFIGURATION_CHANGE);
        }
    }

    /// Forgets what the driver has set up (2.4).
    fn forget(&mut self) {
        self.session = Session::NEW;
        for queue in &mut self.queues {
            queue.stop();
        }
        self.device.reset();
    }
}

impl<D: Device, M: GuestMemory> VirtualDevice<M> for Virtio<D> {
    fn read(&mut self, offset: u32, width: Width, _: &mut M) -> u32 {
        if offset >= register::CONFIGURATION {
            return self.configuration(offset - register::CONFIGURATION, width);
        }
        // 4.2.2.2: only aligned words.
        if width == Width::Word && offset.is_multiple_of(4) { self.register(offset).swap_bytes() } else { 0 }
    }

    fn write(&mut self, offset: u32, width: Width, value: u32, memory: &mut M) {
        // No device has a configuration that the driver may write.
        if offset < register::CONFIGURATION && width == Width::Word && offset.is_multiple_of(4) {
            self.set_register(offset, value.swap_bytes(), memory);
        }
    }

    fn interrupt(&self) -> bool {
        self.session.interrupts != 0
    }

    fn notified(&mut self, memory: &mut M) {
        for index in 0..QUEUES {
            self.turn(index, memory);
        }
    }

    fn reset(&mut self) {
        self.forget();
        self.guest_page_bytes = 0;
    }
}
