//! What a block device keeps its sectors in.

/// Memory that a block device shows as a disk.
pub trait Storage {
    /// The disk's bytes.
    fn bytes(&self) -> &[u8];

    /// The same to be written; none if the disk is read-only.
    fn bytes_mut(&mut self) -> Option<&mut [u8]>;

    /// Whether it is read-only.
    fn is_read_only(&self) -> bool;
}

/// Memory of the monitor's own, or lent to it: a disk that forgets when the machine does.
impl Storage for &mut [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        Some(self)
    }

    fn is_read_only(&self) -> bool {
        false
    }
}

/// A disk that cannot be written, such as a file of the image.
#[derive(Clone, Copy, Debug)]
pub struct ReadOnly<'a>(pub &'a [u8]);

impl Storage for ReadOnly<'_> {
    fn bytes(&self) -> &[u8] {
        self.0
    }

    fn bytes_mut(&mut self) -> Option<&mut [u8]> {
        None
    }

    fn is_read_only(&self) -> bool {
        true
    }
}
