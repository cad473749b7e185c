//! A chain of descriptors (2.7.5): one request's bytes, first what the device reads, then what it writes.
//!
//! A chain is gathered once. What the guest does to its descriptors afterwards changes nothing.

use runtime::vm::GuestMemory;

use crate::ring::{DESCRIPTOR_BYTES, Descriptor, inside};
use crate::{Broken, Endian};

/// The most descriptors that any queue has, and so any chain.
pub(crate) const LONGEST: usize = 256;

/// Bytes that one descriptor is about, in the guest's RAM.
#[derive(Clone, Copy, Debug, Default)]
struct Segment {
    /// Counted from the start of the RAM.
    offset: u32,
    bytes: u32,
}

/// How far a walk has come.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    segment: usize,
    offset: u32,
}

/// Where a chain begins, and what is allowed in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// Guest-physical address of the table.
    pub(crate) table: u64,
    /// How many descriptors it has.
    pub(crate) entries: u16,
    /// The first one's number.
    pub(crate) head: u16,
    /// How long the chain may be: at most [`LONGEST`].
    pub(crate) longest: u16,
    /// Whether tables may be nested once.
    pub(crate) indirect: bool,
}

/// A chain.
#[derive(Debug)]
pub(crate) struct Chain {
    head: u16,
    /// Guest-physical address of the RAM.
    base: u64,
    segments: [Segment; LONGEST],
    /// How many of them are read.
    readable: usize,
    /// How many there are.
    count: usize,
    bytes_to_read: u32,
    bytes_to_write: u32,
    reading: Place,
    writing: Place,
    written: u32,
}

impl Chain {
    /// A chain of nothing.
    pub(crate) const fn new() -> Self {
        Self {
            head: 0,
            base: 0,
            segments: [Segment { offset: 0, bytes: 0 }; LONGEST],
            readable: 0,
            count: 0,
            bytes_to_read: 0,
            bytes_to_write: 0,
            reading: Place { segment: 0, offset: 0 },
            writing: Place { segment: 0, offset: 0 },
            written: 0,
        }
    }

    /// Becomes the chain that begins there.
    pub(crate) fn gather(
        &mut self,
        memory: &impl GuestMemory,
        order: Endian,
        start: Start,
    ) -> Result<(), Broken> {
        self.begin(start.head, memory.base());
        let Start { mut table, entries, head, longest, indirect } = start;
        let mut entries = u32::from(entries);
        let mut index = u32::from(head);
        let mut may_nest = indirect;
        for _ in 0..=longest {
            if index >= entries {
                return Err(Broken::DescriptorIndex);
            }
            let address = table + u64::from(index * DESCRIPTOR_BYTES);
            let descriptor = Descriptor::read(memory, order, address)?;
            if descriptor.flags & Descriptor::INDIRECT != 0 {
                // 2.7.5.3.1: neither inside a nested table nor with a next one.
                let whole = descriptor.bytes != 0 && descriptor.bytes.is_multiple_of(DESCRIPTOR_BYTES);
                if !may_nest || descriptor.flags & Descriptor::NEXT != 0 || !whole {
                    return Err(Broken::Indirect);
                }
                inside(memory, descriptor.address, u64::from(descriptor.bytes))?;
                (table, entries, index) = (descriptor.address, descriptor.bytes / DESCRIPTOR_BYTES, 0);
                may_nest = false;
                continue;
            }
            self.push(memory, &descriptor)?;
            if descriptor.flags & Descriptor::NEXT == 0 {
                self.writing.segment = self.readable;
                return Ok(());
            }
            index = u32::from(descriptor.next);
        }
        Err(Broken::LongChain)
    }

    /// Forgets the last chain.
    fn begin(&mut self, head: u16, base: u64) {
        (self.head, self.base) = (head, base);
        (self.readable, self.count) = (0, 0);
        (self.bytes_to_read, self.bytes_to_write, self.written) = (0, 0, 0);
        (self.reading, self.writing) = (Place::default(), Place::default());
    }

    /// Takes up one descriptor.
    fn push(&mut self, memory: &impl GuestMemory, descriptor: &Descriptor) -> Result<(), Broken> {
        let bytes = descriptor.bytes;
        let offset = inside(memory, descriptor.address, u64::from(bytes))?;
        let slot = self.segments.get_mut(self.count).ok_or(Broken::LongChain)?;
        *slot = Segment { offset, bytes };
        let total = if descriptor.flags & Descriptor::WRITE != 0 {
            &mut self.bytes_to_write
        } else {
            // 2.7.4.2: all that the device writes comes last.
            if self.readable != self.count {
                return Err(Broken::ReadAfterWrite);
            }
            self.readable += 1;
            &mut self.bytes_to_read
        };
        *total = total.checked_add(bytes).ok_or(Broken::ManyBytes)?;
        self.count += 1;
        Ok(())
    }

    /// The number of its first descriptor.
    pub(crate) fn head(&self) -> u16 {
        self.head
    }

    /// Bytes that can still be read.
    pub(crate) fn bytes_to_read(&self) -> u32 {
        self.bytes_to_read
    }

    /// Bytes that can still be written.
    pub(crate) fn bytes_to_write(&self) -> u32 {
        self.bytes_to_write
    }

    /// What the used ring says: how many bytes were written from the start.
    pub(crate) fn written(&self) -> u32 {
        self.written
    }

    /// Goes over at most `bytes` bytes from a place to the segment `end`, and hands each piece to `each`: its
    /// guest-physical address, and which of the bytes it is.
    fn walk(
        &self,
        mut place: Place,
        end: usize,
        bytes: usize,
        mut each: impl FnMut(u64, core::ops::Range<usize>) -> Result<(), Broken>,
    ) -> Result<(Place, usize), Broken> {
        let mut done = 0;
        while done < bytes && place.segment < end {
            let segment = self.segments[place.segment];
            let here = ((segment.bytes - place.offset) as usize).min(bytes - done);
            if here != 0 {
                each(self.base + u64::from(segment.offset + place.offset), done..done + here)?;
            }
            done += here;
            place.offset += here as u32;
            if place.offset == segment.bytes {
                place = Place { segment: place.segment + 1, offset: 0 };
            }
        }
        Ok((place, done))
    }

    /// Reads on, and says how many bytes there were.
    pub(crate) fn read(&mut self, memory: &impl GuestMemory, into: &mut [u8]) -> Result<usize, Broken> {
        let (place, done) = self.walk(self.reading, self.readable, into.len(), |address, range| {
            memory.read(address, &mut into[range]).map_err(|_| Broken::OutsideRam)
        })?;
        self.reading = place;
        self.bytes_to_read -= done as u32;
        Ok(done)
    }

    /// Passes over bytes, or over all of them if there are fewer.
    pub(crate) fn skip(&mut self, bytes: u32) {
        if let Ok((place, done)) = self.walk(self.reading, self.readable, bytes as usize, |_, _| Ok(())) {
            self.reading = place;
            self.bytes_to_read -= done as u32;
        }
    }

    /// Writes on, and says for how many bytes there was room.
    pub(crate) fn write(&mut self, memory: &mut impl GuestMemory, from: &[u8]) -> Result<usize, Broken> {
        let (place, done) = self.walk(self.writing, self.count, from.len(), |address, range| {
            memory.write(address, &from[range]).map_err(|_| Broken::OutsideRam)
        })?;
        self.writing = place;
        self.bytes_to_write -= done as u32;
        self.written += done as u32;
        Ok(done)
    }

    /// Writes the very last byte. It counts as written if all before it is.
    pub(crate) fn write_last(&mut self, memory: &mut impl GuestMemory, byte: u8) -> Result<(), Broken> {
        let all = &self.segments[self.readable..self.count];
        let last = all.iter().rev().find(|segment| segment.bytes != 0).ok_or(Broken::Request)?;
        let address = self.base + u64::from(last.offset) + u64::from(last.bytes - 1);
        memory.write(address, &[byte]).map_err(|_| Broken::OutsideRam)?;
        if self.bytes_to_write == 1 {
            self.bytes_to_write = 0;
            self.written += 1;
        }
        Ok(())
    }
}
