//! What every interface has beside its methods: events.

use crate::{Client, Event, Events, WireError};

/// The client's end of a wire. `#[interface]` makes it a supertrait of every interface, so that a
/// component waits for events in the same way over every kind of wire.
pub trait Wire {
    /// Waits until any of the wanted events has happened, and takes those that have.
    ///
    /// # Errors
    ///
    /// [`WireError::PeerGone`] once the provider's domain has stopped, [`WireError::Busy`] in a passive
    /// instance (its methods answer at once), [`WireError::Malformed`] if no event of the interface is
    /// wanted.
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError>;

    /// Takes those of the wanted events that have happened, without waiting.
    ///
    /// # Errors
    ///
    /// [`WireError::PeerGone`] once the provider's domain has stopped and no wanted event is left.
    fn pending(&mut self, wanted: Events) -> Result<Events, WireError>;
}

/// The provider's end of a port: its clients, as composer numbers them.
pub trait Clients {
    /// How many clients the port has. They are numbered from 0.
    fn count(&self) -> u32;

    /// The name of the client's instance in the spec; `"?"` for a number that no client has.
    fn name(&self, client: Client) -> &'static str;

    /// Tells the client that an event has happened. It never waits; an event signalled again before the
    /// client takes it happens once.
    fn signal(&mut self, client: Client, event: Event);
}
