//! A console: lines of text out, bytes of input in.

mod text;

use interface_macro::interface;
use runtime::WireError;

pub use text::{Text, write_all};

/// A console that several clients share.
///
/// What a client writes appears line by line: the lines of two clients never mix. What is no whole line appears when its
/// client [flushes](Console::flush) it. Input goes to one client at a time: to the one that was chosen at the console,
/// before that to the first, by its number, of those that have read.
#[interface(version = 1)]
pub trait Console {
    /// Writes text and returns how many bytes were taken: all of them, or fewer if there is no room now.
    /// A line appears once its newline has been written, or once it is longer than the console keeps.
    fn write(&mut self, #[max(256)] text: &[u8]) -> Result<u32, WireError>;

    /// Reads input that has arrived for this client and returns how many bytes it is, perhaps 0.
    fn read(&mut self, #[max(64)] into: &mut [u8]) -> Result<u32, WireError>;

    /// Shows what the client has written since its last newline, as far as it goes: a prompt. If another client writes
    /// before the line ends, that starts on a line of its own, and what was shown comes again with what follows it.
    #[post]
    fn flush(&mut self) -> Result<(), WireError>;

    /// Input has arrived for this client; or for nobody yet, as long as none has read.
    #[event]
    const READABLE: Event;
}
