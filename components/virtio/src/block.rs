//! The block device (5.2): a disk in memory.
//!
//! Writes are in the memory when the request comes back, so there is nothing to flush and no cache to talk about.

use runtime::vm::GuestMemory;

use crate::device::{CONFIGURATION_BYTES, Configuration};
use crate::{Broken, Device, Endian, Request, Served, Storage};

/// Bytes of a sector, the unit of positions and of the capacity (5.2.4).
const SECTOR: usize = 512;

/// Descriptors of the queue.
const QUEUE: u16 = 128;

/// The most segments of data of a request; header and verdict have a descriptor each.
const SEGMENTS: u32 = QUEUE as u32 - 2;

/// The most bytes of one segment.
const SEGMENT_BYTES: u32 = 8 * 1024;

/// The most bytes of data that one request moves. A larger one fails: the driver was told.
const MOST_BYTES: u32 = SEGMENTS * SEGMENT_BYTES;

/// Bytes of a request's header: type, reserved, sector (5.2.6).
const HEADER: usize = 16;

/// Bytes of the disk's name (5.2.6).
const NAME: usize = 20;

/// Features (5.2.3): the configuration's `size_max` and `seg_max` hold; read-only; `blk_size` holds.
const SIZE_MOST: u64 = 1 << 1;
const SEGMENTS_MOST: u64 = 1 << 2;
const READ_ONLY: u64 = 1 << 5;
const BLOCK_SIZE: u64 = 1 << 6;

/// Types of requests (5.2.6).
const READ: u32 = 0;
const WRITE: u32 = 1;
const GET_NAME: u32 = 8;

/// Verdicts (5.2.6).
const OK: u8 = 0;
const INPUT_OUTPUT_ERROR: u8 = 1;
const UNSUPPORTED: u8 = 2;

/// The disk.
#[derive(Debug)]
pub struct Block<S> {
    storage: S,
    name: [u8; NAME],
}

impl<S: Storage> Block<S> {
    /// A disk that keeps its sectors there; bytes behind the last whole sector are out of reach. Of the name, which
    /// the guest can ask for, the first 20 bytes count.
    pub const fn new(storage: S, name: &str) -> Self {
        let mut padded = [0; NAME];
        let bytes = name.as_bytes();
        let mut nth = 0;
        while nth < NAME && nth < bytes.len() {
            padded[nth] = bytes[nth];
            nth += 1;
        }
        Self { storage, name: padded }
    }

    /// Its storage.
    pub fn storage(&mut self) -> &mut S {
        &mut self.storage
    }

    /// Whole sectors.
    fn sectors(&self) -> u64 {
        self.storage.bytes() / SECTOR as u64
    }

    /// Where in the storage a request's bytes begin; none if they are not all there.
    fn place(&self, sector: u64, bytes: u32) -> Option<u64> {
        if bytes > MOST_BYTES || !bytes.is_multiple_of(SECTOR as u32) {
            return None;
        }
        let end = sector.checked_add(u64::from(bytes) / SECTOR as u64)?;
        // It is not behind the end, which 64 bits can say.
        if end <= self.sectors() { Some(sector * SECTOR as u64) } else { None }
    }

    /// Reads a request's sectors. False: the storage would not have it.
    fn read<M: GuestMemory>(&mut self, mut from: u64, request: &mut Request<'_, M>) -> Result<bool, Broken> {
        let mut sector = [0; SECTOR];
        while request.bytes_to_write() > SECTOR as u32 {
            if self.storage.read(from, &mut sector).is_err() {
                return Ok(false);
            }
            request.write(&sector)?;
            from += SECTOR as u64;
        }
        Ok(true)
    }

    /// Writes a request's sectors, likewise.
    fn write<M: GuestMemory>(&mut self, mut to: u64, request: &mut Request<'_, M>) -> Result<bool, Broken> {
        let mut sector = [0; SECTOR];
        while request.read(&mut sector)? == SECTOR {
            if self.storage.write(to, &sector).is_err() {
                return Ok(false);
            }
            to += SECTOR as u64;
        }
        Ok(true)
    }

    /// Moves a request's data, and says how it went.
    fn transfer<M: GuestMemory>(&mut self, request: &mut Request<'_, M>) -> Result<u8, Broken> {
        let order = request.order();
        let mut header = [0; HEADER];
        if request.read(&mut header)? != HEADER || request.bytes_to_write() == 0 {
            return Err(Broken::Request);
        }
        let [a, b, c, d, _, _, _, _, i, j, k, l, m, n, o, p] = header;
        let sector = order.double([i, j, k, l, m, n, o, p]);
        let room = request.bytes_to_write() - 1;
        let is_done = match order.word([a, b, c, d]) {
            READ => match self.place(sector, room) {
                Some(place) => self.read(place, request)?,
                None => false,
            },
            WRITE => match self.place(sector, request.bytes_to_read()) {
                Some(place) if !self.storage.is_read_only() => self.write(place, request)?,
                _ => false,
            },
            GET_NAME if room >= NAME as u32 => request.write(&self.name)? == NAME,
            GET_NAME => false,
            _ => return Ok(UNSUPPORTED),
        };
        Ok(if is_done { OK } else { INPUT_OUTPUT_ERROR })
    }
}

impl<S: Storage> Device for Block<S> {
    const ID: u32 = 2;
    const QUEUES: &'static [u16] = &[QUEUE];

    fn features(&self) -> u64 {
        let read_only = if self.storage.is_read_only() { READ_ONLY } else { 0 };
        SIZE_MOST | SEGMENTS_MOST | BLOCK_SIZE | read_only
    }

    fn configuration(&self, order: Endian) -> Configuration {
        let mut bytes = [0; CONFIGURATION_BYTES];
        bytes[0..8].copy_from_slice(&order.double_bytes(self.sectors()));
        bytes[8..12].copy_from_slice(&order.word_bytes(SEGMENT_BYTES));
        bytes[12..16].copy_from_slice(&order.word_bytes(SEGMENTS));
        bytes[20..24].copy_from_slice(&order.word_bytes(SECTOR as u32));
        bytes
    }

    fn serve<M: GuestMemory>(&mut self, _: usize, request: &mut Request<'_, M>) -> Result<Served, Broken> {
        let verdict = self.transfer(request)?;
        request.write_last(verdict)?;
        Ok(Served::Done)
    }
}
