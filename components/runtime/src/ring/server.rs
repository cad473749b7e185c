//! The server's end of a ring wire.

use core::sync::atomic::AtomicU32;

use abi::{Badge, Slot, Words};

use super::memory::{Header, RingMemory, RingSlices};
use super::side::ServerSide;
use crate::{Bits, Buffer, Message, WireError, arch, system};

/// A client that comes over a ring.
#[derive(Debug)]
pub struct RingServer<'a> {
    memory: RingMemory<'a>,
    badge: Badge,
    client: Slot,
    bits: Bits,
    side: ServerSide<'a, AtomicU32>,
}

impl<'a> RingServer<'a> {
    /// The ring of the client that `badge` names: the kernel has no part in a ring, so composer's tables say
    /// whose it is. `client` is the capability to signal the client, `bits` the bit with which it signals.
    pub fn new(memory: RingMemory<'a>, badge: Badge, client: Slot, bits: Bits) -> Self {
        Self { memory, badge, client, bits, side: ServerSide::new(&memory.lines(), memory.slots()) }
    }

    /// The bit with which the client signals.
    pub const fn bits(&self) -> Bits {
        self.bits
    }

    /// Answers at most so many requests. Whether more may be there: if not, the client will signal.
    ///
    /// Whatever stands in the shared memory, it ends in as many steps, and harms this wire only: a client
    /// that makes no sense is served again once it has opened another session.
    pub(crate) fn turn<F>(&mut self, most: u32, answer: &mut F) -> bool
    where
        F: FnMut(Badge, u16, &Words, &RingSlices<'_>) -> Result<Message, WireError>,
    {
        if self.side.accept() {
            system::signal(self.client);
        }
        for _ in 0..most {
            match self.one(answer) {
                Ok(true) => {}
                Ok(false) => return false,
                Err(_) => {
                    self.side.refuse();
                    system::signal(self.client);
                    return false;
                }
            }
        }
        true
    }

    /// Answers one request. False if there is none, or no room for its answer.
    fn one<F>(&mut self, answer: &mut F) -> Result<bool, WireError>
    where
        F: FnMut(Badge, u16, &Words, &RingSlices<'_>) -> Result<Message, WireError>,
    {
        let Some(index) = self.side.request()? else {
            return self.side.may_sleep_for_request().map(|sleeps| !sleeps);
        };
        let request = self.memory.request(index)?;
        let header = request.read()?;
        if header.wanted {
            let Some(free) = self.side.room()? else {
                return self.side.may_sleep_for_room().map(|sleeps| !sleeps);
            };
            let place = self.memory.answer(free)?;
            let slices = RingSlices { sent: request.slices, answered: place.slices };
            let reply = answer(self.badge, header.tag.operation(), &header.words, &slices);
            let reply = reply.unwrap_or_else(Message::refusal);
            let words = arch::words(&reply);
            place.write(&Header { tag: reply.tag(), request: index, wanted: false, words })?;
        } else {
            let slices = RingSlices { sent: request.slices, answered: Buffer::EMPTY };
            // A posted method brings nothing back, not even an error.
            let _ = answer(self.badge, header.tag.operation(), &header.words, &slices);
        }
        // The slot is free before the answer is seen: who has an answer may count on room.
        let for_room = self.side.take();
        let for_answer = header.wanted && self.side.answer();
        if for_room || for_answer {
            system::signal(self.client);
        }
        Ok(true)
    }
}
