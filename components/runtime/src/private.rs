//! Bytes of a slice argument in a server's private memory.

use core::ops::{Deref, DerefMut};

use crate::WireError;

/// A slice of at most `MAX` bytes that belongs to the server alone.
///
/// Holding one proves that its length was checked against the interface's maximum.
#[derive(Clone, Debug)]
#[repr(align(4))]
pub struct Private<const MAX: usize> {
    bytes: [u8; MAX],
    length: usize,
}

impl<const MAX: usize> Private<MAX> {
    /// Zero bytes of a length that a client chose.
    ///
    /// # Errors
    ///
    /// [`WireError::TooLong`] if the length is more than `MAX`.
    pub fn zeroed(length: u32) -> Result<Self, WireError> {
        let length = length as usize;
        if length > MAX { Err(WireError::TooLong) } else { Ok(Self { bytes: [0; MAX], length }) }
    }
}

impl<const MAX: usize> Deref for Private<MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

impl<const MAX: usize> DerefMut for Private<MAX> {
    fn deref_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.length).unwrap_or(&mut [])
    }
}
