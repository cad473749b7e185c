//! A learning Ethernet switch. Each client of its port is one machine, or several behind one wire.
//!
//! ```text
//!   frame ──send──▶ whose is the source? ──▶ learn ──▶ whose is the destination? ──▶ queues of ports ──receive──▶
//!                                                      nobody's, or a group's: everybody else's
//! ```
//!
//! **What one client can do to another.** Send it frames, and no more. Each port has its own share of the queues and of
//! the table of addresses: a port that sends under a thousand addresses forgets its own. It gets no frame for another
//! port whose address is known, and the addresses that the switch gives are known from the start. With `guard`, it
//! cannot send under an address that is another's, nor so get the other's frames.

#![no_std]
#![forbid(unsafe_code)]

mod address;
mod queue;
mod stations;

use interfaces::ServeEthernet;
use interfaces::ethernet::{self, EthernetCounters, LONGEST_FRAME, SHORTEST_FRAME};
use runtime::{Client, Clients, Memory, Passive, WireError};

use address::Address;
use queue::{Queue, SLOT_BYTES};
use stations::Stations;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The most ports. A client beyond them is [`WireError::Full`].
const PORTS: usize = 16;

/// One port.
#[derive(Debug)]
struct Port {
    /// The address that its client gets.
    address: Address,
    /// Others that it has used.
    stations: Stations,
    /// Frames that wait for it.
    queue: Queue,
    counters: EthernetCounters,
}

impl Port {
    /// Whether an address is its own.
    fn owns(&self, address: Address, age: u32) -> bool {
        self.address == address || self.stations.has(address, age)
    }
}

/// The switch.
pub struct Switch<P: Ports> {
    clients: P::EthernetClients,
    frames: P::Frames,
    config: Config,
    ports: [Port; PORTS],
    /// How many of them there are.
    count: usize,
}

impl<P: Ports> Component<P> for Switch<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        let count = (wires.ethernet_clients.count() as usize).min(PORTS);
        let share = wires.frames.bytes() / SLOT_BYTES / count.max(1);
        let ports = core::array::from_fn(|port| Port {
            address: Address::of_port(config.network, port),
            stations: Stations::default(),
            queue: Queue::new(port * share, share),
            counters: EthernetCounters::default(),
        });
        Self { clients: wires.ethernet_clients, frames: wires.frames, config, ports, count }
    }
}

impl<P: Ports> Switch<P> {
    /// A client's port.
    fn port(&mut self, client: Client) -> Result<&mut Port, WireError> {
        self.ports[..self.count].get_mut(client.0 as usize).ok_or(WireError::Full)
    }

    /// The port that an address belongs to.
    fn owner(&self, address: Address) -> Option<usize> {
        self.ports[..self.count].iter().position(|port| port.owns(address, self.config.age))
    }

    /// Takes note of who sends under which address. False: the frame goes no further.
    fn admit(&mut self, from: usize, source: Address) -> bool {
        match self.owner(source) {
            Some(port) if port != from => {
                if self.config.guard || self.ports[port].address == source {
                    bump(&mut self.ports[from].counters.foreign);
                    return false;
                }
                // It has moved.
                self.ports[port].stations.forget(source);
            }
            _ => {}
        }
        let port = &mut self.ports[from];
        port.stations.tick();
        if source != port.address {
            port.stations.learn(source, self.config.age);
        }
        bump(&mut port.counters.sent);
        true
    }

    /// Puts a frame into a port's queue, and tells its client if it was empty.
    fn deliver(&mut self, to: usize, frame: &[u8]) {
        let port = &mut self.ports[to];
        let was_empty = port.queue.is_empty();
        if !port.queue.push(&mut self.frames, frame) {
            bump(&mut port.counters.lost);
            return;
        }
        bump(&mut port.counters.received);
        if was_empty {
            self.clients.signal(Client(to as u32), ethernet::RECEIVED);
        }
    }

    /// Puts a frame into the queues of all other ports.
    fn flood(&mut self, from: usize, frame: &[u8]) {
        bump(&mut self.ports[from].counters.flooded);
        for to in (0..self.count).filter(|&to| to != from) {
            self.deliver(to, frame);
        }
    }
}

/// Counts one more.
fn bump(counter: &mut u32) {
    *counter = counter.wrapping_add(1);
}

impl<P: Ports> ServeEthernet for Switch<P> {
    fn send(&mut self, client: Client, frame: &[u8]) -> Result<(), WireError> {
        let port = self.port(client)?;
        let (destination, source) = match Address::of_frame(frame) {
            Some(addresses) if (SHORTEST_FRAME..=LONGEST_FRAME).contains(&frame.len()) => addresses,
            _ => {
                bump(&mut port.counters.malformed);
                return Err(WireError::Malformed);
            }
        };
        if source.is_group() {
            bump(&mut port.counters.malformed);
            return Err(WireError::Malformed);
        }
        let from = client.0 as usize;
        if !self.admit(from, source) {
            return Ok(());
        }
        let owner = if destination.is_group() { None } else { self.owner(destination) };
        match owner {
            Some(to) if to != from => self.deliver(to, frame),
            None if !destination.is_link_local() => self.flood(from, frame),
            _ => bump(&mut self.ports[from].counters.filtered),
        }
        Ok(())
    }

    fn settle(&mut self, client: Client) -> Result<(), WireError> {
        self.port(client).map(drop)
    }

    fn receive(&mut self, client: Client, into: &mut [u8]) -> Result<u32, WireError> {
        self.port(client)?;
        self.ports[client.0 as usize].queue.pop(&self.frames, into)
    }

    fn address(&mut self, client: Client) -> Result<[u8; 6], WireError> {
        Ok(self.port(client)?.address.bytes())
    }

    fn counters(&mut self, client: Client) -> Result<[u8; 28], WireError> {
        Ok(self.port(client)?.counters.to_bytes())
    }
}

impl<P: Ports> Passive for Switch<P> {}
