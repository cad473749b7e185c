//! Where the slices of a message lie, as a dispatcher finds them.

use crate::{Buffer, Client, WireError};

/// The memory of a message's slices. A call wire has one buffer for both directions, a ring a slot for each.
pub trait Slices {
    /// Where the client put its `&[u8]`.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the client has no such memory.
    fn sent(&self, from: Client) -> Result<Buffer<'_>, WireError>;

    /// Where the client will find its `&mut [u8]`.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the client has no such memory.
    fn answered(&self, from: Client) -> Result<Buffer<'_>, WireError>;
}

/// The buffers of a port's call wires, by client.
impl Slices for [Buffer<'_>] {
    #[inline]
    fn sent(&self, from: Client) -> Result<Buffer<'_>, WireError> {
        Buffer::of(self, from)
    }

    #[inline]
    fn answered(&self, from: Client) -> Result<Buffer<'_>, WireError> {
        Buffer::of(self, from)
    }
}

/// The same, as many as a generated main has counted.
impl<const CLIENTS: usize> Slices for [Buffer<'_>; CLIENTS] {
    #[inline]
    fn sent(&self, from: Client) -> Result<Buffer<'_>, WireError> {
        Buffer::of(self, from)
    }

    #[inline]
    fn answered(&self, from: Client) -> Result<Buffer<'_>, WireError> {
        Buffer::of(self, from)
    }
}
