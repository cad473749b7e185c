//! A provider's clients: their numbers, names and the way of their events.

use abi::{Badge, Slot};

use crate::{Clients, Event, EventFlags, system};

/// A client of a port, by its number at that port: what a server twin's methods get as `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub u32);

impl Client {
    /// The client that a badge names. The kernel sets badges, so a client cannot name another.
    pub const fn of(badge: Badge) -> Self {
        Self(badge.client() as u32)
    }
}

/// One client in a [`ClientTable`].
#[derive(Clone, Copy, Debug)]
pub struct ClientEntry<'a> {
    name: &'static str,
    events: EventsTo<'a>,
}

/// Where a client's events go.
#[derive(Clone, Copy, Debug)]
enum EventsTo<'a> {
    /// To its thread's notification: event `n` by the capability in slot `first + n`.
    Slots { first: Slot, count: u32 },
    /// To flags in the same domain.
    Flags(&'a EventFlags),
}

impl<'a> ClientEntry<'a> {
    /// A client over a call wire. Event `n` of its `events` events goes by the slot `first + n`; with no
    /// events `first` is not looked at.
    pub const fn called(name: &'static str, first: Slot, events: u32) -> Self {
        Self { name, events: EventsTo::Slots { first, count: events } }
    }

    /// A client over a direct wire.
    pub const fn direct(name: &'static str, events: &'a EventFlags) -> Self {
        Self { name, events: EventsTo::Flags(events) }
    }
}

/// The clients of one port, from a generated table.
#[derive(Clone, Copy, Debug)]
pub struct ClientTable<'a> {
    entries: &'a [ClientEntry<'a>],
}

impl<'a> ClientTable<'a> {
    /// The table over its entries, one for each client in order of their numbers.
    pub const fn new(entries: &'a [ClientEntry<'a>]) -> Self {
        Self { entries }
    }

    fn entry(&self, client: Client) -> Option<&ClientEntry<'a>> {
        self.entries.get(client.0 as usize)
    }
}

impl Clients for ClientTable<'_> {
    fn count(&self) -> u32 {
        self.entries.len() as u32
    }

    fn name(&self, client: Client) -> &'static str {
        self.entry(client).map_or("?", |entry| entry.name)
    }

    fn signal(&mut self, client: Client, event: Event) {
        match self.entry(client).map(|entry| entry.events) {
            Some(EventsTo::Slots { first, count }) if event.0 < count => {
                system::signal(Slot(first.0 + event.0));
            }
            Some(EventsTo::Flags(flags)) => flags.raise(event),
            _ => {}
        }
    }
}
