//! A call wire without a kernel: the provider's dispatcher answers at once.

use abi::{Tag, Words};

use crate::{Buffer, Client, Endpoint, EventFlags, Events, Message, Wire, WireError};

/// An endpoint whose calls go straight to a dispatcher, through the same words and the same buffer as on
/// the node. With it a test runs derived clients and dispatchers against each other.
#[derive(Debug)]
pub struct Loopback<'a, D> {
    dispatch: D,
    buffer: Buffer<'a>,
    events: &'a EventFlags,
}

impl<'a, D> Loopback<'a, D>
where
    D: FnMut(Client, u16, &Words, &[Buffer<'a>]) -> Result<Message, WireError>,
{
    /// The wire of client 0, whose events the provider raises in `events`.
    pub const fn new(buffer: Buffer<'a>, events: &'a EventFlags, dispatch: D) -> Self {
        Self { dispatch, buffer, events }
    }
}

impl<'a, D> Endpoint for Loopback<'a, D>
where
    D: FnMut(Client, u16, &Words, &[Buffer<'a>]) -> Result<Message, WireError>,
{
    fn call<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
        fetch: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<Words, WireError> {
        send(self.buffer)?;
        let sent = Message::call(operation, words);
        let reply = (self.dispatch)(Client(0), operation, sent.registers(), &[self.buffer]);
        let reply = reply.unwrap_or_else(Message::refusal);
        match Tag::outcome(reply.tag()) {
            0 => fetch(self.buffer).map(|()| *reply.registers()),
            outcome => Err(WireError::from_outcome(outcome)),
        }
    }

    fn post<const N: usize>(
        &mut self,
        operation: u16,
        words: [u32; N],
        send: impl FnOnce(Buffer<'_>) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.call(operation, words, send, |_| Ok(())).map(drop)
    }
}

/// Events come from the provider in the same thread, so a wait for one that is not there would never end.
impl<D> Wire for Loopback<'_, D> {
    /// # Panics
    ///
    /// When none of the wanted events has been raised.
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError> {
        let happened = self.pending(wanted)?;
        assert!(!happened.is_empty(), "nobody can raise {wanted:?} while the only thread waits for it");
        Ok(happened)
    }

    fn pending(&mut self, wanted: Events) -> Result<Events, WireError> {
        Ok(self.events.take(wanted))
    }
}
