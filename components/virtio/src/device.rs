//! What the transport asks of the device behind it.

use runtime::vm::GuestMemory;

use crate::{Broken, Endian, Request};

/// Bytes of a device's configuration that can differ from zero.
pub const CONFIGURATION_BYTES: usize = 32;

/// A device's configuration as it lies behind the registers (2.5), padded with zeros.
pub type Configuration = [u8; CONFIGURATION_BYTES];

/// What has become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// It is done, and goes back to the driver.
    Done,
    /// It has to wait for the world outside. The device gets it again when the monitor has been woken.
    Later,
}

/// A device behind the transport.
///
/// No method waits, and what each does is bounded whatever the driver wrote.
pub trait Device {
    /// What kind of device it is (5).
    const ID: u32;

    /// How many descriptors each of its queues has at most: powers of two up to 256, at most two queues.
    const QUEUES: &'static [u16];

    /// The features of its own that it offers.
    fn features(&self) -> u64;

    /// Its configuration, with numbers in this byte order.
    fn configuration(&self, order: Endian) -> Configuration;

    /// Whether the device could do anything with a request of that queue. It is asked before one is looked at.
    fn is_ready(&mut self, queue: usize) -> bool {
        let _ = queue;
        true
    }

    /// Serves the next request of a queue.
    ///
    /// # Errors
    ///
    /// [`Broken`]: a request that no driver makes. The device is stopped.
    fn serve<M: GuestMemory>(&mut self, queue: usize, request: &mut Request<'_, M>)
    -> Result<Served, Broken>;

    /// Forgets all requests. What came from the world outside and was not read is kept.
    fn reset(&mut self) {}
}
