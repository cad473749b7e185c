//! The time.

/// A clock.
#[interface(version = 1)]
pub trait Clock {
    /// Ticks since the start.
    fn now(&mut self) -> Result<u64, WireError>;
}
