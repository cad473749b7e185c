//! Unfinished lines, one for each client.
//!
//! A line goes out whole once its newline is there, with the client's name before it. One that is longer
//! than the room here goes out piece by piece; if another client's line comes between two pieces, it starts
//! on a line of its own, and so does the next piece. A client can also have a piece sent before its line is whole.

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
const CLIENTS: usize = 16;

/// Bytes of a line that are kept until its newline comes.
const LINE: usize = 384;

/// The unfinished lines of all clients.
#[derive(Debug)]
pub struct Lines {
    of: [Vec<u8, LINE>; CLIENTS],
    /// Who wrote last, if that was no whole line.
    open: Option<Client>,
}

impl Lines {
    /// No client has written.
    pub const fn new() -> Self {
        Self { of: [const { Vec::new() }; CLIENTS], open: None }
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
            let _ = line.push(*byte);
            if *byte == b'\n' || line.is_full() {
                let sent = send(&mut self.open, from, prefix, line, output);
                line.clear();
                sent?;
            }
        }
        Ok(())
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
        if line.is_empty() {
            return Ok(());
        }
        let sent = send(&mut self.open, from, prefix, line, output);
        line.clear();
        sent
    }
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

/// Sends a line or a piece of one.
fn send(
    open: &mut Option<Client>,
    from: Client,
    prefix: Option<&str>,
    piece: &[u8],
    output: &mut impl Output,
) -> Result<(), WireError> {
    let goes_on = *open == Some(from);
    if open.is_some() && !goes_on {
        output.send(b'\n')?;
    }
    *open = if piece.ends_with(b"\n") { None } else { Some(from) };
    if let Some(name) = prefix
        && !goes_on
    {
        for byte in name.bytes().chain(*b": ") {
            output.send(byte)?;
        }
    }
    piece.iter().try_for_each(|byte| output.send(*byte))
}
