//! A request as a device gets it: the chain, and the memory that it lies in.

use runtime::vm::GuestMemory;

use crate::chain::Chain;
use crate::{Broken, Endian};

/// One request of the driver's. What is read comes in order, as does what is written, however it is cut into
/// descriptors.
#[derive(Debug)]
pub struct Request<'a, M> {
    chain: &'a mut Chain,
    memory: &'a mut M,
    order: Endian,
    is_modern: bool,
}

impl<'a, M: GuestMemory> Request<'a, M> {
    pub(crate) fn new(chain: &'a mut Chain, memory: &'a mut M, order: Endian, is_modern: bool) -> Self {
        Self { chain, memory, order, is_modern }
    }

    /// Byte order of numbers in it.
    pub fn order(&self) -> Endian {
        self.order
    }

    /// Whether the driver drives a modern device.
    pub fn is_modern(&self) -> bool {
        self.is_modern
    }

    /// Bytes that can still be read.
    pub fn bytes_to_read(&self) -> u32 {
        self.chain.bytes_to_read()
    }

    /// Bytes that can still be written.
    pub fn bytes_to_write(&self) -> u32 {
        self.chain.bytes_to_write()
    }

    /// Reads on, and says how many bytes there were.
    ///
    /// # Errors
    ///
    /// [`Broken::OutsideRam`], if the guest's RAM has shrunk since the chain was looked at.
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize, Broken> {
        self.chain.read(self.memory, into)
    }

    /// Passes over bytes, or over all if there are fewer.
    pub fn skip(&mut self, bytes: u32) {
        self.chain.skip(bytes);
    }

    /// Writes on, and says for how many bytes there was room.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn write(&mut self, from: &[u8]) -> Result<usize, Broken> {
        self.chain.write(self.memory, from)
    }

    /// Writes the very last byte, which is where some devices have their verdict. It counts as written, in
    /// what the driver is told, if all before it is.
    ///
    /// # Errors
    ///
    /// [`Broken::Request`] if there is none.
    pub fn write_last(&mut self, byte: u8) -> Result<(), Broken> {
        self.chain.write_last(self.memory, byte)
    }
}
