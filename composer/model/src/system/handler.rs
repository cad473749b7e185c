//! Who handles a domain's faults.

use super::{InstanceId, Origin};

/// The provided port that a domain's faults arrive at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultHandler {
    /// The instance that provides.
    pub provider: InstanceId,
    /// Position of the provided port in the provider's `provides`.
    pub provided: usize,
    /// The domain's number at that port, as clients have them: behind those of its wires.
    pub number: u32,
    /// Where the spec says so.
    pub origin: Origin,
}
