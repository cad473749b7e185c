//! The network device (5.1): Ethernet frames, one queue each way, no offloads.

use runtime::vm::GuestMemory;

use crate::device::{CONFIGURATION_BYTES, Configuration};
use crate::{Broken, Device, Endian, Request, Served};

/// Bytes of the longest frame: header and 1500 bytes, without the check sequence.
pub const FRAME_BYTES: usize = 1514;

/// Bytes of the shortest that says where it goes: an Ethernet header.
const SHORTEST: usize = 14;

/// Features (5.1.3): the configuration's address holds, and its status.
const ADDRESS: u64 = 1 << 5;
const STATUS: u64 = 1 << 16;

/// Bit of the configuration's status: the link is up (5.1.4).
const LINK_UP: u16 = 1;

/// The queue of buffers for frames that come.
const RECEIVE: usize = 0;

/// Where frames go to and come from.
pub trait Link {
    /// Takes a frame of 14 to 1514 bytes. False: there is no room now, try again when the monitor has been woken.
    fn send(&mut self, frame: &[u8]) -> bool;

    /// The next frame that has come, and how long it is.
    fn receive(&mut self, into: &mut [u8; FRAME_BYTES]) -> Option<usize>;
}

/// What has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkCounters {
    /// Frames that the guest sent.
    pub sent: u32,
    /// Frames that it received.
    pub received: u32,
    /// Frames of the guest's that are none: too short or too long.
    pub malformed: u32,
    /// Frames for which the guest's buffer was too small.
    pub overlong: u32,
}

/// The network device.
#[derive(Debug)]
pub struct Network<L> {
    link: L,
    address: [u8; 6],
    counters: NetworkCounters,
    /// A frame that has come and that the guest has not taken yet.
    received: [u8; FRAME_BYTES],
    held: usize,
    /// A frame on its way out, in one piece.
    leaving: [u8; FRAME_BYTES],
}

/// Bytes of the header before each frame (5.1.6): a legacy one lacks the count of merged buffers.
const fn header_bytes(is_modern: bool) -> usize {
    if is_modern { 12 } else { 10 }
}

impl<L: Link> Network<L> {
    /// The device of that address on a link.
    pub const fn new(link: L, address: [u8; 6]) -> Self {
        let counters = NetworkCounters { sent: 0, received: 0, malformed: 0, overlong: 0 };
        Self { link, address, counters, received: [0; FRAME_BYTES], held: 0, leaving: [0; FRAME_BYTES] }
    }

    /// Its link.
    pub fn link(&mut self) -> &mut L {
        &mut self.link
    }

    /// Gives it another address, which a guest sees that reads it from then on.
    pub const fn set_address(&mut self, address: [u8; 6]) {
        self.address = address;
    }

    /// What has passed.
    pub fn counters(&self) -> NetworkCounters {
        self.counters
    }

    fn receive<M: GuestMemory>(&mut self, request: &mut Request<'_, M>) -> Result<Served, Broken> {
        let frame = &self.received[..self.held];
        self.held = 0;
        let header = header_bytes(request.is_modern());
        if (request.bytes_to_write() as usize) < header + frame.len() {
            self.counters.overlong = self.counters.overlong.wrapping_add(1);
            return Ok(Served::Done);
        }
        // No offload, and one buffer (5.1.6.4).
        let mut bytes = [0; 12];
        bytes[10..].copy_from_slice(&request.order().half_bytes(1));
        request.write(&bytes[..header])?;
        request.write(frame)?;
        self.counters.received = self.counters.received.wrapping_add(1);
        Ok(Served::Done)
    }

    fn send<M: GuestMemory>(&mut self, request: &mut Request<'_, M>) -> Result<Served, Broken> {
        // No offload was offered, so the header says nothing.
        request.skip(header_bytes(request.is_modern()) as u32);
        let bytes = request.bytes_to_read() as usize;
        if !(SHORTEST..=FRAME_BYTES).contains(&bytes) {
            self.counters.malformed = self.counters.malformed.wrapping_add(1);
            return Ok(Served::Done);
        }
        let frame = &mut self.leaving[..bytes];
        request.read(frame)?;
        if !self.link.send(frame) {
            return Ok(Served::Later);
        }
        self.counters.sent = self.counters.sent.wrapping_add(1);
        Ok(Served::Done)
    }
}

impl<L: Link> Device for Network<L> {
    const ID: u32 = 1;
    const QUEUES: &'static [u16] = &[256, 256];

    fn features(&self) -> u64 {
        ADDRESS | STATUS
    }

    fn configuration(&self, order: Endian) -> Configuration {
        let mut bytes = [0; CONFIGURATION_BYTES];
        bytes[..6].copy_from_slice(&self.address);
        bytes[6..8].copy_from_slice(&order.half_bytes(LINK_UP));
        bytes
    }

    fn is_ready(&mut self, queue: usize) -> bool {
        if queue == RECEIVE && self.held == 0 {
            self.held = self.link.receive(&mut self.received).unwrap_or(0).min(FRAME_BYTES);
        }
        queue != RECEIVE || self.held != 0
    }

    fn serve<M: GuestMemory>(
        &mut self,
        queue: usize,
        request: &mut Request<'_, M>,
    ) -> Result<Served, Broken> {
        if queue == RECEIVE { self.receive(request) } else { self.send(request) }
    }
}
