//! Frames.

/// A port of a network.
#[interface(version = 1)]
pub trait Ethernet {
    /// Sends a frame.
    #[post]
    fn send(&mut self, #[max(1514)] frame: &[u8]) -> Result<(), WireError>;

    /// A frame has come.
    #[event]
    const RECEIVED: Event;
}
