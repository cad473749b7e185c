//! Unfinished lines, one for each client.
//!
//! A line goes out whole once its newline is there, with the client's name before it. A client can have a piece sent
//! before its line is whole, such as a prompt. If somebody else's line comes then, it starts on a line of its own; the
//! piece is sent again with what follows it, so that a line is never torn. Only one that is longer than the room here
//! goes out piece by piece.

use heapless::Vec;
use runtime::{Client, WireError};

/// What takes the lines: a device, byte by byte.
pub trait Output {
    /// Sends a byte; a newline ends the line on whatever shows it.
    ///
    /// # Errors
    ///
    /// [`WireError::Hardware`] if the device takes nothing.
    fn send(&mut self, byte: u8) -> Result<(), WireError>;
}

/// Clients whose lines are kept apart.
pub const CLIENTS: usize = 16;

/// Bytes of a line that are kept until its newline comes.
const LINE: usize = 384;

/// Whose line the last one is, as long as it has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nobody,
    Console,
    Client(Client),
}

/// One client's line.
#[derive(Debug)]
struct Line {
    text: Vec<u8, LINE>,
    /// How much of it stands on the screen's last line.
    shown: usize,
    /// How many lines were not shown.
    hidden: u32,
}

/// The unfinished lines of all clients.
#[derive(Debug)]
pub struct Lines {
    of: [Line; CLIENTS],
    open: Open,
}

impl Lines {
    /// No client has written.
    pub const fn new() -> Self {
        Self { of: [const { Line { text: Vec::new(), shown: 0, hidden: 0 } }; CLIENTS], open: Open::Nobody }
    }

    /// Takes a client's text; sends each line that it finishes.
    ///
    /// # Errors
    ///
    /// [`WireError::Full`] for a client beyond those whose lines are kept, [`WireError::Hardware`] if the
    /// device takes nothing.
    pub fn write(
        &mut self,
        from: Client,
        prefix: Option<&str>,
        text: &[u8],
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        let line = self.of.get_mut(from.0 as usize).ok_or(WireError::Full)?;
        for byte in text {
            // A full line is sent right below, so there is room.
            let _ = line.text.push(*byte);
            if *byte == b'\n' || line.text.is_full() {
                let sent = line.send(&mut self.open, from, prefix, output);
                line.clear();
                sent?;
            }
        }
        Ok(())
    }

    /// Takes a client's text and shows nothing of it; its lines are counted.
    ///
    /// # Errors
    ///
    /// [`WireError::Full`] for a client beyond those whose lines are kept.
    pub fn hide(&mut self, from: Client, text: &[u8]) -> Result<(), WireError> {
        let line = self.of.get_mut(from.0 as usize).ok_or(WireError::Full)?;
        for byte in text {
            let is_whole = *byte == b'\n';
            if is_whole || line.text.push(*byte).is_err() {
                line.clear();
            }
            line.hidden = line.hidden.saturating_add(is_whole.into());
        }
        Ok(())
    }

    /// How many of a client's lines were hidden since this was last asked.
    pub fn hidden(&mut self, of: Client) -> u32 {
        self.of.get_mut(of.0 as usize).map_or(0, |line| core::mem::take(&mut line.hidden))
    }

    /// Sends what a client has written of a line that is not whole.
    ///
    /// # Errors
    ///
    /// Those of [`Lines::write`].
    pub fn flush(
        &mut self,
        from: Client,
        prefix: Option<&str>,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        let line = self.of.get_mut(from.0 as usize).ok_or(WireError::Full)?;
        if line.text.is_empty() {
            return Ok(());
        }
        line.send(&mut self.open, from, prefix, output)
    }

    /// Sends text of the console's own; what begins a line does so on one of its own.
    ///
    /// # Errors
    ///
    /// [`WireError::Hardware`] if the device takes nothing.
    pub fn say(&mut self, text: &[u8], output: &mut impl Output) -> Result<(), WireError> {
        if self.open != Open::Console {
            end(self.open, output)?;
        }
        self.open = if text.ends_with(b"\n") { Open::Nobody } else { Open::Console };
        text.iter().try_for_each(|byte| output.send(*byte))
    }
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

impl Line {
    fn clear(&mut self) {
        self.text.clear();
        self.shown = 0;
    }

    /// Sends what the screen does not show of a line or of a piece of one.
    fn send(
        &mut self,
        open: &mut Open,
        from: Client,
        prefix: Option<&str>,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        if *open != Open::Client(from) {
            end(*open, output)?;
            self.shown = 0;
            if let Some(name) = prefix {
                name.bytes().chain(*b": ").try_for_each(|byte| output.send(byte))?;
            }
        }
        *open = if self.text.ends_with(b"\n") { Open::Nobody } else { Open::Client(from) };
        let rest = self.text.get(self.shown..).unwrap_or_default();
        rest.iter().try_for_each(|byte| output.send(*byte))?;
        self.shown = self.text.len();
        Ok(())
    }
}

/// Ends a line that somebody has left open.
fn end(open: Open, output: &mut impl Output) -> Result<(), WireError> {
    if open == Open::Nobody { Ok(()) } else { output.send(b'\n') }
}
