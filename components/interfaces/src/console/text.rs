//! Writing text of any length to a console.

use core::fmt;

use runtime::WireError;

use super::Console;

/// The most bytes of one `write`.
const PIECE: usize = 256;

/// Writes bytes of any length, in as many calls as they need.
///
/// # Errors
///
/// What the console answers; [`WireError::Full`] if it takes no byte of a piece.
pub fn write_all(console: &mut impl Console, mut bytes: &[u8]) -> Result<(), WireError> {
    while !bytes.is_empty() {
        let piece = &bytes[..bytes.len().min(PIECE)];
        let taken = console.write(piece)? as usize;
        // A console that claims more than it was given has taken all of it.
        bytes = &bytes[taken.min(piece.len())..];
        if taken == 0 {
            return Err(WireError::Full);
        }
    }
    Ok(())
}

/// Formatted text on its way to a console, gathered into few calls.
///
/// [`Text::flush`] sends the rest and says whether all went well; `core::fmt` cannot carry a
/// [`WireError`].
#[derive(Debug)]
pub struct Text<'a, C> {
    console: &'a mut C,
    gathered: [u8; PIECE],
    length: usize,
    outcome: Result<(), WireError>,
}

impl<'a, C: Console> Text<'a, C> {
    /// Text for the console.
    pub const fn new(console: &'a mut C) -> Self {
        Self { console, gathered: [0; PIECE], length: 0, outcome: Ok(()) }
    }

    /// Sends what is gathered.
    ///
    /// # Errors
    ///
    /// The first error since the text began.
    pub fn flush(&mut self) -> Result<(), WireError> {
        let gathered = &self.gathered[..self.length];
        self.outcome = self.outcome.and_then(|()| write_all(self.console, gathered));
        self.length = 0;
        self.outcome
    }
}

impl<C: Console> fmt::Write for Text<'_, C> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.length == PIECE {
                self.flush().map_err(|_| fmt::Error)?;
            }
            self.gathered[self.length] = byte;
            self.length += 1;
        }
        Ok(())
    }
}
