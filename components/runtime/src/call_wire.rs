//! The client's end of a call wire: what derived clients are generic over.

use abi::{Slot, Words};

use crate::event::{events_in, wanted_bits};
use crate::{Bits, Buffer, Events, Inbox, Message, Wire, WireError, system};

/// Something that calls can be made through. Derived clients are generic over it: they are the same over
/// calls and over rings, and run on the host over a mock.
pub trait Endpoint: Wire {
    /// Calls the operation with the words, and waits for the reply's words. `send` writes the slices that
    /// go with it, and `fetch` reads those that come back, each in the memory that the wire has for them.
    ///
    /// # Errors
    ///
    /// What the provider answers, or [`WireError::PeerGone`].
    fn call<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
        fetch: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<Words, WireError>;

    /// The same for an operation that brings nothing back, as far as the wire need not wait for it.
    ///
    /// # Errors
    ///
    /// [`WireError::Full`] if the wire can take no more now, else as [`Self::call`].
    fn post<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<(), WireError>;
}

/// Where composer has put a call wire.
#[derive(Clone, Copy, Debug)]
pub struct WireAt<'a> {
    /// The endpoint's capability, with the right to call.
    pub slot: Slot,
    /// The buffer; [`Buffer::EMPTY`] if the interface has no slices.
    pub buffer: Buffer<'a>,
    /// The bits of the interface's events, adjacent, event 0 lowest; none if it has no events.
    pub events: Bits,
    /// The bit that says that the provider's domain has stopped; none if the interface has no events.
    pub gone: Bits,
}

/// A wire to a provider in another domain, by calls through the kernel.
///
/// Once the provider's domain has stopped, waits for its events are [`WireError::PeerGone`], until a call
/// succeeds: then the domain has been started again. Its new life knows nothing of what the client asked the
/// former one for.
#[derive(Debug)]
pub struct CallWire<'a> {
    inbox: Inbox<'a>,
    at: WireAt<'a>,
    gone: bool,
}

impl<'a> CallWire<'a> {
    /// The wire at its place.
    pub const fn new(inbox: Inbox<'a>, at: WireAt<'a>) -> Self {
        Self { inbox, at, gone: false }
    }

    /// What arrived, as events; the provider's end counts once no event is left.
    fn events_of(&mut self, arrived: Bits) -> Result<Events, WireError> {
        self.gone |= arrived.intersects(self.at.gone);
        let events = events_in(arrived, self.at.events);
        if events.is_empty() && self.gone { Err(WireError::PeerGone) } else { Ok(events) }
    }
}

impl Endpoint for CallWire<'_> {
    #[inline(always)]
    fn call<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
        fetch: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<Words, WireError> {
        send(self.at.buffer)?;
        let words = system::call(self.at.slot, &Message::call(operation, words))?;
        // Who answers lives: a provider that was gone has been started again.
        self.gone = false;
        fetch(self.at.buffer)?;
        Ok(words)
    }

    /// Over a call the provider takes it before this returns.
    #[inline(always)]
    fn post<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.call(operation, words, send, |_| Ok(())).map(drop)
    }
}

impl Wire for CallWire<'_> {
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError> {
        let bits = wanted_bits(wanted, self.at.events);
        if bits.is_empty() {
            return Err(WireError::Malformed);
        }
        if self.gone {
            // No bit comes before a call has found the provider alive; what came before its end still counts.
            let left = self.inbox.take(bits);
            return self.events_of(left);
        }
        let arrived = self.inbox.wait(bits | self.at.gone)?;
        self.events_of(arrived)
    }

    fn pending(&mut self, wanted: Events) -> Result<Events, WireError> {
        let bits = wanted_bits(wanted, self.at.events);
        let arrived = self.inbox.take(bits | self.at.gone);
        self.events_of(arrived)
    }
}
