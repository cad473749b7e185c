//! The entropy device (5.4): random bytes into the driver's buffers.

use runtime::vm::GuestMemory;

use crate::device::{CONFIGURATION_BYTES, Configuration};
use crate::{Broken, Device, Endian, Request, Served};

/// The most bytes that one request gets. A driver takes what it gets (5.4.6).
const MOST_BYTES: usize = 256;

/// Where random bytes come from.
pub trait Source {
    /// Fills all of it.
    fn fill(&mut self, into: &mut [u8]);
}

/// The entropy device.
#[derive(Debug)]
pub struct Entropy<S> {
    source: S,
}

impl<S: Source> Entropy<S> {
    /// The device that gets its bytes there.
    pub const fn new(source: S) -> Self {
        Self { source }
    }
}

impl<S: Source> Device for Entropy<S> {
    const ID: u32 = 4;
    const QUEUES: &'static [u16] = &[16];

    fn features(&self) -> u64 {
        0
    }

    fn configuration(&self, _: Endian) -> Configuration {
        [0; CONFIGURATION_BYTES]
    }

    fn serve<M: GuestMemory>(&mut self, _: usize, request: &mut Request<'_, M>) -> Result<Served, Broken> {
        let mut bytes = [0; MOST_BYTES];
        let bytes = &mut bytes[..MOST_BYTES.min(request.bytes_to_write() as usize)];
        self.source.fill(bytes);
        request.write(bytes)?;
        Ok(Served::Done)
    }
}
