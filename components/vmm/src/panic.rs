//! A guest's panic, known by its words on the console.
//!
//! A Linux that panics says so, and then stands still or resets its machine as it does for a reboot; the processor looks
//! the same in both. So the monitor reads along, if the spec wants to tell them apart. Words alone do nothing: what counts
//! is the reset that follows them in the same life of the guest.

/// How Linux begins its last message, at any level of messages (Linux 6.1, `kernel/panic.c`).
const WORDS: &[u8] = b"Kernel panic - not syncing";

/// Reads what a guest writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listener {
    /// How many of the words have just been read.
    read: usize,
    has_panicked: bool,
}

impl Listener {
    /// One that has heard nothing.
    pub const fn new() -> Self {
        Self { read: 0, has_panicked: false }
    }

    /// Whether the guest has said that it panics.
    pub const fn has_panicked(&self) -> bool {
        self.has_panicked
    }

    /// Reads on, in pieces of any length.
    pub fn hear(&mut self, written: &[u8]) {
        for byte in written {
            // The first letter comes once, so what fails can only begin anew with this byte.
            let goes_on = *byte == WORDS[self.read];
            self.read = if goes_on { self.read + 1 } else { usize::from(*byte == WORDS[0]) };
            if self.read == WORDS.len() {
                *self = Self { read: 0, has_panicked: true };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hears(pieces: &[&str]) -> bool {
        let mut listener = Listener::new();
        pieces.iter().for_each(|piece| listener.hear(piece.as_bytes()));
        listener.has_panicked()
    }

    #[test]
    fn the_words_are_heard_in_any_pieces() {
        assert!(hears(&["[    1.5] Kernel panic - not syncing: Attempted to kill init!\n", "Rebooting"]));
        assert!(hears(&["KKernel pa", "", "nic - not sync", "ing"]));
    }

    #[test]
    fn other_words_are_none() {
        assert!(!hears(&["Kernel panic - not sync", "\nKernel panic", "- not syncing", "kernel panic"]));
    }
}
