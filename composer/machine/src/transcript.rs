//! What the console said, kept for expectations and for the end's message.

use regex::bytes::Regex;

/// What is kept: more than any test prints, and little enough for a node that prints for ever.
const KEPT: usize = 8 << 20;

/// How far a match may reach back into what was searched before.
const REACH: usize = 64 << 10;

/// The console's output, its front dropped when it grows too long.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    bytes: Vec<u8>,
    /// Before this, searches found nothing that could still become a match.
    searched: usize,
}

impl Transcript {
    /// Adds output.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > 2 * KEPT {
            let dropped = self.bytes.len() - KEPT;
            self.bytes.drain(..dropped);
            self.searched = self.searched.saturating_sub(dropped);
        }
    }

    /// Looks for a pattern in what came since the last find. After a find the search goes on behind it.
    pub(crate) fn find(&mut self, pattern: &Regex) -> bool {
        match pattern.find_at(&self.bytes, self.searched) {
            Some(found) => {
                self.searched = found.end();
                true
            }
            None => false,
        }
    }

    /// Says that all patterns have been looked for in what is there.
    pub(crate) fn done(&mut self) {
        self.searched = self.searched.max(self.bytes.len().saturating_sub(REACH));
    }

    /// All that is kept.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The last lines of a console, for the message that says why a run failed.
pub(crate) fn tail(bytes: &[u8], lines: usize) -> String {
    let text = String::from_utf8_lossy(bytes);
    let all: Vec<&str> = text.lines().map(|line| line.trim_end_matches('\r')).collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_may_come_in_pieces_and_counts_once() {
        let pattern = Regex::new("hello").expect("a pattern");
        let mut transcript = Transcript::default();
        transcript.push(b"he");
        assert!(!transcript.find(&pattern));
        transcript.done();
        transcript.push(b"llo");
        assert!(transcript.find(&pattern));
        assert!(!transcript.find(&pattern));
    }

    #[test]
    fn memory_is_bounded() {
        let mut transcript = Transcript::default();
        for _ in 0..5 {
            transcript.push(&vec![b'x'; KEPT]);
            transcript.done();
        }
        assert!(transcript.into_bytes().len() <= 2 * KEPT);
    }

    #[test]
    fn the_tail_is_the_last_lines() {
        assert_eq!(tail(b"a\r\nb\r\nc\r\n", 2), "b\nc");
        assert_eq!(tail(b"", 2), "");
    }
}
