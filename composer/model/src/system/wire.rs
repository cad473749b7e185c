//! Wires.

use super::{InstanceId, InterfaceId, Origin};

/// Index of a [`Wire`] in its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireId(pub usize);

/// One required port joined to one provided port of the same interface and version.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The instance that requires.
    pub client: InstanceId,
    /// Its required port.
    pub port: String,
    /// The instance that provides.
    pub provider: InstanceId,
    /// Position of the provided port in the provider's `provides`.
    pub provided: usize,
    /// The client's number at that port, from 0.
    pub number: u32,
    /// What both speak.
    pub interface: InterfaceId,
    /// How.
    pub kind: WireKind,
    /// Slots of each of its rings, a power of two; 0 unless it is a ring.
    pub slots: u32,
    /// The wire's value in the spec: `Call("console")`.
    pub origin: Origin,
}

/// What a wire becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireKind {
    /// Synchronous IPC between two domains.
    Call,
    /// A static call inside one domain.
    Direct,
    /// Rings in memory that two domains share.
    Ring,
}

impl WireKind {
    /// All kinds, as a spec writes them.
    pub const ALL: [(&'static str, Self); 3] =
        [("Call", Self::Call), ("Direct", Self::Direct), ("Ring", Self::Ring)];

    /// The word of the spec.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether it joins two domains.
    pub fn is_remote(self) -> bool {
        self != Self::Direct
    }
}
