//! What the spec gives a guest beside what every machine has.

use crate::Buffer;

/// A guest's devices but for its disks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// Whether its virtio devices are of the transport's second version.
    pub is_modern: bool,
    /// Whether there is a virtio console.
    pub console: bool,
    /// Whether there is a source of entropy.
    pub entropy: bool,
    /// The address of its network device; the network's own choice if the spec gives none.
    pub mac: Option<[u8; 6]>,
}

/// A disk of a guest: memory of the node, which the guest's resets leave as it is.
#[derive(Clone, Copy, Debug)]
pub struct Disk<'a> {
    /// What the spec calls it.
    pub name: &'a str,
    /// Its bytes.
    pub contents: DiskContents<'a>,
}

/// The bytes of a disk.
#[derive(Clone, Copy, Debug)]
pub enum DiskContents<'a> {
    /// Nobody writes them.
    Fixed(&'a [u8]),
    /// The guest may.
    Writable(Buffer<'a>),
}
