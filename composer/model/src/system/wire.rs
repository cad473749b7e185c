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
}
