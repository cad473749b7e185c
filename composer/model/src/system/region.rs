//! Memory regions.

use super::{InstanceId, Origin};

/// Index of a [`Region`] in its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionId(pub usize);

/// RAM that instances read and write, zeroed at boot.
#[derive(Clone, Debug)]
pub struct Region {
    /// The spec's name for it, or `<instance>.<port>` if it is one port's own.
    pub name: String,
    /// Its key in the spec, or that of the instance which owns it.
    pub origin: Origin,
    /// Bytes, more than 0. Not rounded to pages.
    pub size: u64,
    /// A physical address that the spec asks for. Whether it is free is layout's question.
    pub pin: Option<Pin>,
    /// The instances that map it, each once, in the order of the spec.
    pub users: Vec<InstanceId>,
}

/// A region's place, stated in the spec.
#[derive(Clone, Debug)]
pub struct Pin {
    /// Physical address, at most 36 bits, a multiple of 4 KiB.
    pub at: u64,
    /// Why it must be there, for the map.
    pub reason: String,
    /// The address in the spec.
    pub origin: Origin,
}
