//! The virtio devices, in windows one behind the other.

use heapless::{Deque, Vec};
use runtime::vm::GuestMemory;
use virtio::{Console, Endian, Entropy, Seeded, Source, Terminal, Version, Virtio, WINDOW_BYTES};
use virtual_device::{VirtualDevice, Width};

use super::VIRTIO_INPUT;
use crate::uic::Uic;

/// How many windows there are.
const WINDOWS: usize = 2;
/// Bytes of all windows.
pub(super) const BYTES: u32 = WINDOWS as u32 * WINDOW_BYTES;

/// Bytes that the console holds in each direction.
const HELD: usize = 256;

/// Which devices the spec wants, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The transport's second version, not the legacy one.
    pub modern: bool,
    /// The console.
    pub console: bool,
    /// The source of entropy.
    pub entropy: bool,
}

impl Wanted {
    /// Which windows have a device.
    pub const fn windows(self) -> [bool; WINDOWS] {
        [self.console, self.entropy]
    }
}

/// Text between the virtio console and the console that the monitor is wired to.
#[derive(Debug)]
pub struct Lines {
    /// What the guest has written.
    pub output: Vec<u8, HELD>,
    /// What was typed.
    pub input: Deque<u8, HELD>,
}

impl Terminal for Lines {
    fn write(&mut self, text: &[u8]) -> usize {
        let mut taken = 0;
        for byte in text {
            // The console returns the carriage itself.
            if *byte == b'\n' && self.output.last() == Some(&b'\r') {
                self.output.pop();
            }
            if self.output.push(*byte).is_err() {
                break;
            }
            taken += 1;
        }
        taken
    }

    fn read(&mut self, into: &mut [u8]) -> usize {
        let mut count = 0;
        for (place, byte) in into.iter_mut().zip(core::iter::from_fn(|| self.input.pop_front())) {
            *place = byte;
            count += 1;
        }
        count
    }
}

/// Where entropy comes from: the moments at which the guest asks for some, to the tick.
#[derive(Debug)]
struct Moments(Seeded);

impl Source for Moments {
    fn fill(&mut self, into: &mut [u8]) {
        self.0.stir(runtime::system::now());
        self.0.fill(into);
    }
}

/// The devices that there are.
#[derive(Debug)]
pub struct Slots {
    wanted: Wanted,
    console: Virtio<Console<Lines>>,
    entropy: Virtio<Entropy<Moments>>,
}

impl Slots {
    /// The devices that are wanted.
    pub const fn new(wanted: Wanted) -> Self {
        // A big-endian guest's own byte order.
        let version = if wanted.modern { Version::Modern } else { Version::Legacy(Endian::Big) };
        let lines = Lines { output: Vec::new(), input: Deque::new() };
        Self {
            wanted,
            console: Virtio::new(Console::new(lines), version),
            entropy: Virtio::new(Entropy::new(Moments(Seeded::new(0))), version),
        }
    }

    /// Which are there.
    pub const fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// The console's text; nothing if there is no console.
    #[inline]
    pub fn lines(&mut self) -> Option<&mut Lines> {
        if self.wanted.console { Some(self.console.device().terminal()) } else { None }
    }

    /// The world outside has moved on.
    pub fn notified<M: GuestMemory>(&mut self, memory: &mut M) {
        if self.wanted.console {
            self.console.notified(memory);
        }
    }

    pub(super) fn reset<M: GuestMemory>(&mut self) {
        VirtualDevice::<M>::reset(&mut self.console);
        VirtualDevice::<M>::reset(&mut self.entropy);
    }

    #[inline]
    pub(super) fn update<M: GuestMemory>(&self, uic: &mut Uic) {
        if self.wanted.console {
            uic.set_input(VIRTIO_INPUT, VirtualDevice::<M>::interrupt(&self.console));
        }
        if self.wanted.entropy {
            uic.set_input(VIRTIO_INPUT + 1, VirtualDevice::<M>::interrupt(&self.entropy));
        }
    }

    pub(super) fn read<M: GuestMemory>(&mut self, offset: u32, width: Width, memory: &mut M) -> Option<u32> {
        let within = offset % WINDOW_BYTES;
        match offset / WINDOW_BYTES {
            0 if self.wanted.console => Some(self.console.read(within, width, memory)),
            1 if self.wanted.entropy => Some(self.entropy.read(within, width, memory)),
            _ => None,
        }
    }

    pub(super) fn write<M: GuestMemory>(
        &mut self,
        offset: u32,
        width: Width,
        value: u32,
        memory: &mut M,
    ) -> Option<()> {
        let within = offset % WINDOW_BYTES;
        match offset / WINDOW_BYTES {
            0 if self.wanted.console => self.console.write(within, width, value, memory),
            1 if self.wanted.entropy => self.entropy.write(within, width, value, memory),
            _ => return None,
        }
        Some(())
    }
}
