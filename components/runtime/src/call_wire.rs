//! The client's end of a call wire: what derived clients are generic over.

use abi::{Slot, Words};

use crate::{Bits, Buffer, Events, Inbox, Message, Wire, WireError, system};

/// Something that calls can be made through. Derived clients are generic over it, so that they run on the
/// host over a mock.
pub trait Endpoint: Wire {
    /// Calls the operation with the words, and waits for the reply's words.
    ///
    /// # Errors
    ///
    /// What the provider answers, or [`WireError::PeerGone`].
    fn call<const N: usize>(&mut self, operation: u16, words: [u32; N]) -> Result<Words, WireError>;

    /// The wire's buffer.
    fn buffer(&self) -> Buffer<'_>;
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

    /// The notification bits of the wanted events.
    const fn bits_of(&self, wanted: Events) -> Bits {
        let shift = self.at.events.0.trailing_zeros();
        match wanted.0.checked_shl(shift) {
            Some(bits) => Bits(bits & self.at.events.0),
            None => Bits::NONE,
        }
    }

    /// What arrived, as events; the provider's end counts once no event is left.
    fn events_of(&mut self, arrived: Bits) -> Result<Events, WireError> {
        self.gone |= arrived.intersects(self.at.gone);
        let happened = arrived.0 & self.at.events.0;
        match happened.checked_shr(self.at.events.0.trailing_zeros()) {
            Some(events) if events != 0 => Ok(Events(events)),
            _ if self.gone => Err(WireError::PeerGone),
            _ => Ok(Events::NONE),
        }
    }
}

impl Endpoint for CallWire<'_> {
    #[inline(always)]
    fn call<const N: usize>(&mut self, operation: u16, words: [u32; N]) -> Result<Words, WireError> {
        system::call(self.at.slot, &Message::call(operation, words))
    }

    #[inline]
    fn buffer(&self) -> Buffer<'_> {
        self.at.buffer
    }
}

impl Wire for CallWire<'_> {
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError> {
        let bits = self.bits_of(wanted);
        if bits.is_empty() {
            return Err(WireError::Malformed);
        }
        if self.gone {
            // No bit will come any more; what came before the end still counts.
            let left = self.inbox.take(bits);
            return self.events_of(left);
        }
        let arrived = self.inbox.wait(bits | self.at.gone)?;
        self.events_of(arrived)
    }

    fn pending(&mut self, wanted: Events) -> Result<Events, WireError> {
        let bits = self.bits_of(wanted);
        let arrived = self.inbox.take(bits | self.at.gone);
        self.events_of(arrived)
    }
}
