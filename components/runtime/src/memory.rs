//! Memory ports: a region of RAM that the spec gives to an instance.

use abi::Slot;

use crate::{Buffer, WireError, system};

/// A memory port. Other domains may share it, so every access copies.
pub trait Memory {
    /// Its size in bytes.
    fn bytes(&self) -> usize;

    /// Copies out of the memory.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the bytes do not lie there, or `offset` is no multiple of four.
    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError>;

    /// Copies into the memory.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the bytes do not fit there, or `offset` is no multiple of four.
    fn write(&mut self, offset: usize, from: &[u8]) -> Result<(), WireError>;
}

/// A memory port whose manifest says `dma: true`: a device may be told where it lies.
pub trait DmaMemory: Memory {
    /// Physical address of its first byte. The bytes lie there without a gap.
    fn physical(&self) -> u64;
}

/// Mapped memory of which the domain may know the place.
#[derive(Debug)]
pub struct DmaBuffer<'a> {
    buffer: Buffer<'a>,
    slot: Slot,
}

impl<'a> DmaBuffer<'a> {
    /// The memory, and the slot of its region's capability.
    pub const fn new(buffer: Buffer<'a>, slot: Slot) -> Self {
        Self { buffer, slot }
    }
}

impl Memory for DmaBuffer<'_> {
    fn bytes(&self) -> usize {
        self.buffer.bytes()
    }

    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError> {
        self.buffer.read(offset, into)
    }

    fn write(&mut self, offset: usize, from: &[u8]) -> Result<(), WireError> {
        self.buffer.write(offset, from)
    }
}

impl DmaMemory for DmaBuffer<'_> {
    fn physical(&self) -> u64 {
        system::locate(self.slot).0
    }
}

/// Mapped memory is reached as a wire's buffer is.
impl Memory for Buffer<'_> {
    fn bytes(&self) -> usize {
        Buffer::bytes(self)
    }

    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError> {
        Buffer::read(self, offset, into)
    }

    fn write(&mut self, offset: usize, from: &[u8]) -> Result<(), WireError> {
        Buffer::write(self, offset, from)
    }
}
