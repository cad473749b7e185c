//! A reply under construction, with its frame.

use core::fmt;

use crate::{PACKET, hex};

/// A reply: `$`, its text, and at its end `#` with the sum. What does not fit is left out, and then the reply is an
/// error.
#[derive(Clone, Debug)]
pub struct Reply {
    bytes: [u8; PACKET + 4],
    length: usize,
    is_too_long: bool,
}

impl Default for Reply {
    fn default() -> Self {
        Self::new()
    }
}

impl Reply {
    /// An empty one: what gdb takes for "unknown packet".
    pub const fn new() -> Self {
        let mut bytes = [0; PACKET + 4];
        bytes[0] = b'$';
        Self { bytes, length: 1, is_too_long: false }
    }

    /// Starts again.
    pub fn clear(&mut self) {
        (self.length, self.is_too_long) = (1, false);
    }

    /// Whether it has no text.
    pub const fn is_empty(&self) -> bool {
        self.length == 1
    }

    /// Adds a byte as it is. `$`, `#`, `*` and `}` would have to be escaped, and are not used.
    pub fn byte(&mut self, byte: u8) {
        if self.length <= PACKET {
            self.bytes[self.length] = byte;
            self.length += 1;
        } else {
            self.is_too_long = true;
        }
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.byte(byte));
    }

    /// Adds a byte as two digits.
    pub fn hex(&mut self, byte: u8) {
        self.byte(hex::letter(byte >> 4));
        self.byte(hex::letter(byte));
    }

    /// The reply with its frame. The text stays, so that it can be sent again.
    pub fn framed(&mut self) -> &[u8] {
        if self.is_too_long {
            self.clear();
            self.text("E01");
        }
        let sum = self.bytes[1..self.length].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        self.bytes[self.length] = b'#';
        self.bytes[self.length + 1] = hex::letter(sum >> 4);
        self.bytes[self.length + 2] = hex::letter(sum);
        &self.bytes[..self.length + 3]
    }
}

/// Text for people: in digits, as the reply to a command of the user's is.
#[derive(Debug)]
pub(crate) struct Words<'a>(pub(crate) &'a mut Reply);

impl fmt::Write for Words<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| self.0.hex(byte));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_framed_each_time_it_is_sent() {
        let mut reply = Reply::new();
        assert_eq!(reply.framed(), b"$#00");
        reply.text("OK");
        assert_eq!(reply.framed(), b"$OK#9a");
        assert_eq!(reply.framed(), b"$OK#9a");
        reply.clear();
        reply.hex(0xA5);
        assert_eq!(reply.framed(), b"$a5#96");
    }

    #[test]
    fn one_that_is_too_long_is_an_error() {
        let mut reply = Reply::new();
        (0..PACKET).for_each(|_| reply.byte(b'a'));
        assert_eq!(reply.framed().len(), PACKET + 4);
        reply.byte(b'a');
        assert_eq!(reply.framed(), b"$E01#a6");
    }
}
