//! Faults of others.

/// Handles faults.
#[interface(version = 1)]
pub trait FaultHandler {
    /// A thread has faulted.
    fn fault(&mut self, cause: u32, address: u32, instruction: u32, thread: u32) -> Result<u64, WireError>;
}
