//! The keys that are for composer and not for the node.

/// How a console is left, for people.
pub const HOW_TO_LEAVE: &str =
    "Ctrl-A X leaves, Ctrl-A H helps; every other key, Ctrl-C too, goes to the node";

const CONTROL_A: u8 = 0x01;

/// What typed bytes ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Bytes for the node.
    Send(Vec<u8>),
    /// The user leaves.
    Leave,
    /// The user wants to know the keys.
    Help,
}

/// Picks Ctrl-A and the key after it out of what is typed.
#[derive(Debug, Default)]
pub(crate) struct Escape {
    pending: bool,
}

impl Escape {
    /// Takes typed bytes. Nothing after a request to leave is looked at.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Vec<Typed> {
        let mut typed = Vec::new();
        let mut send = Vec::new();
        for &byte in bytes {
            let asked = match (std::mem::take(&mut self.pending), byte) {
                (false, CONTROL_A) => {
                    self.pending = true;
                    continue;
                }
                (true, b'x' | b'X') => Typed::Leave,
                (true, b'h' | b'H' | b'?') => Typed::Help,
                // Ctrl-A twice, or Ctrl-A A, is one for the node.
                (true, b'a' | b'A') => {
                    send.push(CONTROL_A);
                    continue;
                }
                (_, byte) => {
                    send.push(byte);
                    continue;
                }
            };
            if !send.is_empty() {
                typed.push(Typed::Send(std::mem::take(&mut send)));
            }
            let leave = asked == Typed::Leave;
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
            escape.take(b"a\x01hb\x01x"),
            [Typed::Send(b"a".to_vec()), Typed::Help, Typed::Send(b"b".to_vec()), Typed::Leave]
        );
    }

    #[test]
    fn an_escape_may_come_in_two_pieces_and_be_sent_itself() {
        let mut escape = Escape::default();
        assert_eq!(escape.take(b"\x01"), []);
        assert_eq!(escape.take(b"X"), [Typed::Leave]);
        assert_eq!(escape.take(b"\x01\x01\x01az"), [Typed::Send(b"\x01\x01z".to_vec())]);
    }
}
