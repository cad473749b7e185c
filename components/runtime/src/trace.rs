//! Grant ports: the kernel's trace.

use crate::{Buffer, WireError};

/// The ring of records that the kernel writes, as [`abi::trace`] describes it. Nothing here can change it.
pub trait Trace {
    /// Its size in bytes.
    fn bytes(&self) -> usize;

    /// Copies out of it. The kernel may write meanwhile: a reader looks at the count of records before
    /// and after.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the bytes do not lie there, or `offset` is no multiple of four.
    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError>;
}

/// The ring, mapped for reading.
#[derive(Debug)]
pub struct TraceRing<'a> {
    buffer: Buffer<'a>,
}

impl<'a> TraceRing<'a> {
    /// The ring in this memory, which is only ever read.
    pub const fn new(buffer: Buffer<'a>) -> Self {
        Self { buffer }
    }
}

impl Trace for TraceRing<'_> {
    fn bytes(&self) -> usize {
        self.buffer.bytes()
    }

    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError> {
        self.buffer.read(offset, into)
    }
}
