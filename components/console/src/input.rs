//! What was typed and not read yet, one queue for each client, and whose the next byte is.
//!
//! A byte belongs to whoever has the input when it arrives: what was typed for one client never reaches another,
//! however late it is read.

use heapless::Deque;
use runtime::Client;

use crate::lines::CLIENTS;

/// Bytes of input that wait for a reader. Once they are full, the UART keeps the rest, and then whoever
/// sends.
const INPUT: usize = 256;

/// The queues.
#[derive(Debug)]
pub struct Input {
    of: [Deque<u8, INPUT>; CLIENTS],
    /// What arrived before anybody had read: the first reader's.
    unclaimed: Deque<u8, INPUT>,
    /// The clients that have ever read, a bit each.
    readers: u32,
    chosen: Option<Client>,
}

impl Input {
    /// Nothing was typed and nobody has read.
    pub const fn new() -> Self {
        Self { of: [const { Deque::new() }; CLIENTS], unclaimed: Deque::new(), readers: 0, chosen: None }
    }

    /// Who gets what is typed: whoever was chosen, else the first client, by its number, of those that read.
    pub fn owner(&self) -> Option<Client> {
        let first = (self.readers != 0).then(|| Client(self.readers.trailing_zeros()));
        self.chosen.or(first)
    }

    /// Gives a client the input.
    pub fn choose(&mut self, client: Client) {
        self.chosen = Some(client);
    }

    /// A client is about to read; whether it is the second that ever does. The first gets what was typed before.
    pub fn note_reader(&mut self, client: Client) -> bool {
        let before = self.readers.count_ones();
        self.readers |= 1_u32.checked_shl(client.0).unwrap_or(0);
        if before == 0
            && let Some(own) = self.of.get_mut(client.0 as usize)
        {
            core::mem::swap(own, &mut self.unclaimed);
        }
        before == 1 && self.readers.count_ones() == 2
    }

    /// Whether the next byte has no room.
    pub fn is_full(&mut self) -> bool {
        let owner = self.owner();
        self.queue(owner).is_full()
    }

    /// Takes a byte, for which there is room.
    pub fn push(&mut self, byte: u8) {
        let owner = self.owner();
        let _ = self.queue(owner).push_back(byte);
    }

    /// Hands a client the next byte that is its.
    pub fn pop(&mut self, client: Client) -> Option<u8> {
        self.of.get_mut(client.0 as usize)?.pop_front()
    }

    fn queue(&mut self, owner: Option<Client>) -> &mut Deque<u8, INPUT> {
        owner.and_then(|client| self.of.get_mut(client.0 as usize)).unwrap_or(&mut self.unclaimed)
    }
}

impl Default for Input {
    fn default() -> Self {
        Self::new()
    }
}
