//! Devices as components see them, and as a granted domain reaches them.

use crate::{Bits, WireError};

/// A device port: registers and an interrupt. A test gives the component a mock of its own.
pub trait Device {
    /// Reads the register of 8 bits at a byte offset.
    fn read8(&mut self, offset: u32) -> u8;

    /// Writes the register of 8 bits at a byte offset.
    fn write8(&mut self, offset: u32, value: u8);

    /// Reads the register of 32 bits at a byte offset, big-endian.
    fn read32(&mut self, offset: u32) -> u32;

    /// Writes the register of 32 bits at a byte offset, big-endian.
    fn write32(&mut self, offset: u32, value: u32);

    /// The notification bits of the device's interrupt; none if it has no interrupt.
    fn interrupt(&self) -> Bits;

    /// Says that the interrupt has been served: the device may interrupt again.
    fn acknowledge(&mut self);

    /// Waits for the interrupt.
    ///
    /// # Errors
    ///
    /// [`WireError::Busy`] in a passive instance, [`WireError::Malformed`] if there is no interrupt.
    fn wait(&mut self) -> Result<(), WireError>;
}
