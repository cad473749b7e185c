//! Memory ports: a region of RAM that the spec gives to an instance.

use crate::{Buffer, WireError};

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
