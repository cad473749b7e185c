//! What a message to a mirror asks for: the tag's operation, in three parts.
//!
//! | bits   | what                                                          |
//! |--------|---------------------------------------------------------------|
//! | 0–3    | how many words the reply is to have                           |
//! | 4–7    | 0 reply, 1 forget the caller, 2 signal a client first, 3 call the next mirror first, 4 work first |
//! | 8–11   | the client to signal                                          |

use abi::Tag;

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reply.
    Reply,
    /// Receive the next without a reply.
    Forget,
    /// Signal a client, then reply.
    Signal {
        /// Its number among the clients.
        client: u32,
    },
    /// Call on, then reply.
    Pass,
    /// Work for a long time, then reply.
    Work,
}

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// What to do.
    pub action: Action,
    /// How many words the reply is to have.
    pub words: usize,
}

/// The operation of a reply that complains.
const COMPLAINT: u16 = 0xBAD0;

impl Request {
    /// What an operation asks for.
    pub const fn of(operation: u16) -> Self {
        let action = match operation >> 4 & 0xF {
            1 => Action::Forget,
            2 => Action::Signal { client: (operation >> 8 & 0xF) as u32 },
            3 => Action::Pass,
            4 => Action::Work,
            _ => Action::Reply,
        };
        Self { action, words: (operation & 0xF) as usize }
    }

    /// The operation that asks for it.
    pub const fn operation(self) -> u16 {
        let action = match self.action {
            Action::Reply => 0,
            Action::Forget => 1,
            Action::Signal { client } => 2 | (client as u16 & 0xF) << 4,
            Action::Pass => 3,
            Action::Work => 4,
        };
        action << 4 | self.words as u16 & 0xF
    }
}

/// What the reply's words are, given those that arrived.
pub fn mirrored(words: &[u32; 8]) -> [u32; 8] {
    words.map(|word| !word & 0x0FFF_FFFF)
}

/// The reply that tells of a register which is not as it should be.
pub(crate) fn complaint(register: usize, value: u32) -> (Tag, [u32; 8]) {
    (Tag::new(COMPLAINT, 2), [register as u32, value, 0, 0, 0, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_survive_the_tag() {
        for action in
            [Action::Reply, Action::Forget, Action::Signal { client: 3 }, Action::Pass, Action::Work]
        {
            for words in 0..9 {
                let request = Request { action, words };
                assert_eq!(Request::of(request.operation()), request);
            }
        }
    }
}
