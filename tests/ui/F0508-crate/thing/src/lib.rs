//! Another crate than its manifest says.

#![forbid(unsafe_code)]

/// A thing.
pub struct Thing<P: Ports>(P);
