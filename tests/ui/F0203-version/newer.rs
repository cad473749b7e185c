//! Lines of text.

/// A place for text.
#[interface(version = 2)]
pub trait Console {
    /// Writes.
    fn write(&mut self, #[max(256)] text: &[u8]) -> Result<u32, WireError>;

    /// Something can be read.
    #[event]
    const READABLE: Event;
}
