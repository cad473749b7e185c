//! Interfaces, as wires speak them.

/// Index of an [`Interface`] in its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceId(pub usize);

/// An interface that at least one wire speaks.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The trait's name (`Console`).
    pub name: String,
    /// The module of `interfaces` that holds it (`console`).
    pub module: String,
    /// Version; both ends of a wire agree on it.
    pub version: u32,
    /// Names of its events, in order: the n-th has bit n of the wire's range of notification bits.
    pub events: Vec<String>,
    /// Bytes that a wire's shared buffer needs for the longest call; 0 if no method takes a slice.
    pub buffer: u32,
    /// Bytes of slices in a request over a ring.
    pub request: u32,
    /// Bytes of slices in an answer over a ring.
    pub answer: u32,
}
