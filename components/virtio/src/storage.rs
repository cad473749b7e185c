//! What a block device keeps its sectors in.

use runtime::vm::DiskContents;
use runtime::{Memory, WireError};

/// Bytes that a block device shows as a disk. Accesses copy: others may share what is behind it.
pub trait Storage {
    /// How many there are.
    fn bytes(&self) -> u64;

    /// Whether none of them can be written.
    fn is_read_only(&self) -> bool;

    /// Copies out of it. The device asks for whole sectors of 512 bytes that are there.
    ///
    /// # Errors
    ///
    /// Any makes the request fail.
    fn read(&mut self, offset: u64, into: &mut [u8]) -> Result<(), WireError>;

    /// Copies into it, whole sectors likewise, and never if it is read-only. When it returns the bytes are there.
    ///
    /// # Errors
    ///
    /// Any makes the request fail.
    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), WireError>;
}

/// Memory of the monitor's own: a disk that forgets when the machine does.
impl Storage for &mut [u8] {
    fn bytes(&self) -> u64 {
        self.len() as u64
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn read(&mut self, offset: u64, into: &mut [u8]) -> Result<(), WireError> {
        ReadOnly(self).read(offset, into)
    }

    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), WireError> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get_mut(offset..));
        let place = rest.and_then(|rest| rest.get_mut(..from.len())).ok_or(WireError::Malformed)?;
        place.copy_from_slice(from);
        Ok(())
    }
}

/// A disk that cannot be written, such as a file of the image.
#[derive(Clone, Copy, Debug)]
pub struct ReadOnly<'a>(pub &'a [u8]);

impl Storage for ReadOnly<'_> {
    fn bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn is_read_only(&self) -> bool {
        true
    }

    fn read(&mut self, offset: u64, into: &mut [u8]) -> Result<(), WireError> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.0.get(offset..));
        let place = rest.and_then(|rest| rest.get(..into.len())).ok_or(WireError::Malformed)?;
        into.copy_from_slice(place);
        Ok(())
    }

    fn write(&mut self, _: u64, _: &[u8]) -> Result<(), WireError> {
        Err(WireError::Malformed)
    }
}

/// A memory port: a disk that outlives the monitor, and that a spec can have others share.
#[derive(Clone, Copy, Debug)]
pub struct Region<M>(pub M);

impl<M: Memory> Storage for Region<M> {
    fn bytes(&self) -> u64 {
        self.0.bytes() as u64
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn read(&mut self, offset: u64, into: &mut [u8]) -> Result<(), WireError> {
        self.0.read(usize::try_from(offset).map_err(|_| WireError::Malformed)?, into)
    }

    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), WireError> {
        self.0.write(usize::try_from(offset).map_err(|_| WireError::Malformed)?, from)
    }
}

/// A disk that a spec gives a guest.
impl Storage for DiskContents<'_> {
    fn bytes(&self) -> u64 {
        match self {
            Self::Fixed(bytes) => bytes.len() as u64,
            Self::Writable(buffer) => buffer.bytes() as u64,
        }
    }

    fn is_read_only(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    fn read(&mut self, offset: u64, into: &mut [u8]) -> Result<(), WireError> {
        match self {
            Self::Fixed(bytes) => ReadOnly(bytes).read(offset, into),
            Self::Writable(buffer) => Region(*buffer).read(offset, into),
        }
    }

    fn write(&mut self, offset: u64, from: &[u8]) -> Result<(), WireError> {
        match self {
            Self::Fixed(_) => Err(WireError::Malformed),
            Self::Writable(buffer) => Region(*buffer).write(offset, from),
        }
    }
}
