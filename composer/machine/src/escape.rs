//! The keys that are for composer, and those that are for the node's console, behind Ctrl-A.

/// How a console is left, for people.
pub const HOW_TO_LEAVE: &str =
    "Ctrl-A X leaves, Ctrl-A H helps; every other key, Ctrl-C too, goes to the node";

pub(crate) const CONTROL_A: u8 = 0x01;

/// What typed bytes ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Bytes for the node.
    Send(Vec<u8>),
    /// The user leaves.
    Leave,
    /// The user wants to know the keys.
    Help,
    /// The user wants to see the counters of the virtual machines.
    Statistics,
}

/// Picks Ctrl-A and the key after it out of what is typed.
#[derive(Debug, Default)]
pub(crate) struct Escape {
    pending: bool,
    /// The node's console has keys behind Ctrl-A itself: those that are not composer's go there.
    shared: bool,
    /// There are counters.
    counted: bool,
}

impl Escape {
    /// For a node whose console knows keys too, or not; with counters, or without.
    pub(crate) fn new(shared: bool, counted: bool) -> Self {
        Self { pending: false, shared, counted }
    }

    /// Takes typed bytes. Nothing after a request to leave is looked at.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Vec<Typed> {
        let mut typed = Vec::new();
        let mut send = Vec::new();
        for &byte in bytes {
            if !std::mem::take(&mut self.pending) {
                if byte == CONTROL_A {
                    self.pending = true;
                } else {
                    send.push(byte);
                }
                continue;
            }
            let asked = match byte {
                b'x' | b'X' => Typed::Leave,
                b'h' | b'H' | b'?' => Typed::Help,
                b's' | b'S' if self.counted => Typed::Statistics,
                CONTROL_A if self.shared => {
                    self.pending = true;
                    continue;
                }
                _ if self.shared => {
                    send.extend([CONTROL_A, byte]);
                    continue;
                }
                // Ctrl-A twice, or Ctrl-A A, is one for the node.
                CONTROL_A | b'a' | b'A' => {
                    send.push(CONTROL_A);
                    continue;
                }
                _ => {
                    send.push(byte);
                    continue;
                }
            };
            if !send.is_empty() {
                typed.push(Typed::Send(std::mem::take(&mut send)));
            }
            let leave = asked == Typed::Leave;
            // The console's own help follows composer's.
            if asked == Typed::Help && self.shared {
                send.extend([CONTROL_A, b'h']);
            }
            typed.push(asked);
            if leave {
                return typed;
            }
        }
        if !send.is_empty() {
            typed.push(Typed::Send(send));
        }
        typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_to_the_node_but_for_the_escapes() {
        let mut escape = Escape::default();
        assert_eq!(escape.take(b"ls\x03\x04"), [Typed::Send(b"ls\x03\x04".to_vec())]);
        assert_eq!(
            escape.take(b"a\x01hb\x01s\x01x"),
            [Typed::Send(b"a".to_vec()), Typed::Help, Typed::Send(b"bs".to_vec()), Typed::Leave]
        );
    }

    #[test]
    fn an_escape_may_come_in_two_pieces_and_be_sent_itself() {
        let mut escape = Escape::default();
        assert_eq!(escape.take(b"\x01"), []);
        assert_eq!(escape.take(b"X"), [Typed::Leave]);
        assert_eq!(escape.take(b"\x01\x01\x01az"), [Typed::Send(b"\x01\x01z".to_vec())]);
    }

    #[test]
    fn a_console_with_keys_gets_those_that_are_not_composer_s() {
        let mut escape = Escape::new(true, true);
        assert_eq!(escape.take(b"\x011ls\x01:vm0\r"), [Typed::Send(b"\x011ls\x01:vm0\r".to_vec())]);
        assert_eq!(escape.take(b"\x01a\x01\x01a"), [Typed::Send(b"\x01a\x01a".to_vec())]);
        assert_eq!(
            escape.take(b"\x01h\x01s\x01\x01x"),
            [Typed::Help, Typed::Send(b"\x01h".to_vec()), Typed::Statistics, Typed::Leave]
        );
    }
}
