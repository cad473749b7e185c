//! What benchmarks of rings queue.

use interface_macro::interface;
use runtime::WireError;

/// A server that takes words as they come.
#[interface(version = 1)]
pub trait Queue {
    /// Queues a word.
    #[post]
    fn put(&mut self, word: u32) -> Result<(), WireError>;

    /// Waits until everything that was queued before has been taken.
    fn drain(&mut self) -> Result<(), WireError>;
}
