//! The client's end of a ring wire.

use core::sync::atomic::AtomicU32;

use abi::{Slot, Tag, Words};

use super::memory::{Header, RingMemory};
use super::side::{ClientSide, Found};
use crate::event::{events_in, wanted_bits};
use crate::{Bits, Buffer, Endpoint, Events, Inbox, Wire, WireError, system};

/// Where composer has put a ring wire, at the client.
#[derive(Clone, Copy, Debug)]
pub struct RingAt<'a> {
    /// The shared memory.
    pub memory: RingMemory<'a>,
    /// The capability to signal the server's bit of this wire.
    pub server: Slot,
    /// The bit that the server sets when there is an answer, or room.
    pub wake: Bits,
    /// The bits of the interface's events, adjacent, event 0 lowest; none if it has no events.
    pub events: Bits,
    /// The bit that says that the provider's domain has stopped.
    pub gone: Bits,
}

/// A wire to a provider in another domain, on this core or another, through rings in shared memory.
///
/// A method with a result queues a request and waits for its answer; a posted one only queues, and is
/// [`WireError::Full`] when there is no room. What the provider's end does to the wire stands in
/// `docs/design/rings.md`: each end is told once at least, as [`WireError::PeerGone`], and
/// then on every use until a new life of the provider has accepted the wire.
#[derive(Debug)]
pub struct RingWire<'a> {
    inbox: Inbox<'a>,
    at: RingAt<'a>,
    side: ClientSide<'a, AtomicU32>,
}

impl<'a> RingWire<'a> {
    /// The wire at its place.
    pub fn new(inbox: Inbox<'a>, at: RingAt<'a>) -> Self {
        Self { inbox, at, side: ClientSide::new(&at.memory.lines(), at.memory.slots()) }
    }

    fn begin(&mut self) -> Result<(), WireError> {
        match self.side.begin() {
            Found::Session => Ok(()),
            Found::Opened => {
                system::signal(self.at.server);
                Ok(())
            }
            Found::Over => Err(self.over(WireError::PeerGone)),
            Found::Nobody => Err(WireError::PeerGone),
        }
    }

    /// The session is over: opens the next one, and passes the reason on.
    fn over(&mut self, reason: WireError) -> WireError {
        // The bit speaks of ends up to now. One that comes later is another.
        self.inbox.take_aside(self.at.gone);
        self.side.renew();
        system::signal(self.at.server);
        reason
    }

    fn signal_if(&self, needed: bool) {
        if needed {
            system::signal(self.at.server);
        }
    }

    /// Waits until `look` finds something. `may_sleep` asks to be signalled, and says that it is still not
    /// there.
    fn until<T>(
        &mut self,
        mut look: impl FnMut(&mut ClientSide<'a, AtomicU32>) -> Result<Option<T>, WireError>,
        mut may_sleep: impl FnMut(&mut ClientSide<'a, AtomicU32>) -> Result<bool, WireError>,
    ) -> Result<T, WireError> {
        let mut gone = false;
        loop {
            match look(&mut self.side) {
                Ok(Some(found)) => return Ok(found),
                // What came before the provider's end still counted.
                Ok(None) if gone => return Err(self.over(WireError::PeerGone)),
                Ok(None) => {}
                Err(error) => return Err(self.over(error)),
            }
            match may_sleep(&mut self.side) {
                Ok(true) => {
                    gone = self.inbox.wait_aside(self.at.wake | self.at.gone).intersects(self.at.gone);
                }
                Ok(false) => {}
                Err(error) => return Err(self.over(error)),
            }
        }
    }

    /// Fills the request of an index and hands it over.
    fn send<const N: usize>(
        &mut self,
        index: u32,
        (operation, words, wanted): (u16, [u32; N], bool),
        slices: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        const { assert!(N <= abi::MESSAGE_WORDS, "a message has at most eight words") };
        let place = self.at.memory.request(index)?;
        slices(place.slices)?;
        let mut all = Words::default();
        for (place, word) in all.iter_mut().zip(words) {
            *place = word;
        }
        place.write(&Header { tag: Tag::new(operation, N), request: index, wanted, words: all })?;
        let needed = self.side.send();
        self.signal_if(needed);
        Ok(())
    }

    /// Copies the answer of an index, which must be the one to that request.
    fn fetch(
        &mut self,
        index: u32,
        request: u32,
        slices: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<Words, WireError> {
        let place = self.at.memory.answer(index)?;
        let header = place.read()?;
        if header.request != request {
            return Err(self.over(WireError::Malformed));
        }
        let outcome = match header.tag.outcome() {
            0 => slices(place.slices).map(|()| header.words),
            outcome => Err(WireError::from_outcome(outcome)),
        };
        let needed = self.side.fetch();
        self.signal_if(needed);
        outcome
    }

    /// What arrived, as events; the provider's end counts once no event is left.
    fn events_of(&mut self, arrived: Bits) -> Result<Events, WireError> {
        let events = events_in(arrived, self.at.events);
        if !arrived.intersects(self.at.gone) {
            return Ok(events);
        }
        let end = self.over(WireError::PeerGone);
        if events.is_empty() { Err(end) } else { Ok(events) }
    }
}

impl Endpoint for RingWire<'_> {
    fn call<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
        fetch: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<Words, WireError> {
        self.begin()?;
        let request = self.until(ClientSide::room, ClientSide::may_sleep_for_room)?;
        self.send(request, (operation, words, true), send)?;
        let answer = self.until(ClientSide::answer, ClientSide::may_sleep_for_answer)?;
        self.fetch(answer, request, fetch)
    }

    fn post<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.begin()?;
        match self.side.room() {
            Ok(Some(request)) => self.send(request, (operation, words, false), send),
            // Perhaps nobody is left who could make room.
            Ok(None) if self.inbox.take_aside(self.at.gone).is_empty() => Err(WireError::Full),
            Ok(None) => Err(self.over(WireError::PeerGone)),
            Err(error) => Err(self.over(error)),
        }
    }
}

impl Wire for RingWire<'_> {
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError> {
        let bits = wanted_bits(wanted, self.at.events);
        if bits.is_empty() {
            return Err(WireError::Malformed);
        }
        // Events need no session: they are the kernel's bits. But nobody is there to send one while the
        // next session waits to be accepted; what came before the end still counts.
        if !self.side.is_new() {
            let begun = self.begin();
            if begun.is_err() {
                let left = self.inbox.take(bits);
                return if left.is_empty() { begun.map(|()| Events::NONE) } else { self.events_of(left) };
            }
        }
        let arrived = self.inbox.wait(bits | self.at.gone)?;
        self.events_of(arrived)
    }

    fn pending(&mut self, wanted: Events) -> Result<Events, WireError> {
        let bits = wanted_bits(wanted, self.at.events);
        let arrived = self.inbox.take(bits | self.at.gone);
        let events = self.events_of(arrived)?;
        if events.is_empty() && !self.side.is_new() {
            self.begin()?;
        }
        Ok(events)
    }
}
