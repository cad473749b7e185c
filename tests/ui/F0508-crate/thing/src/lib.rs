//! Another crate than its manifest says.

/// A thing.
pub struct Thing<P: Ports>(P);
