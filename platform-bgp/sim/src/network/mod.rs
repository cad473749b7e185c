//! How nodes reach each other: torus, collective network, global interrupts.
//!
//! A node is simulated on its own, in virtual time, and other nodes perhaps in other threads. So a device that sends
//! only puts a [`Parcel`] into its node's [`Port`], with the time; the node hands it to the [`Network`] that it is
//! connected to; and whatever reaches a node is put into its port with the time at which it [arrives](Arrival).
//!
//! ```text
//! device --Port::send--> node --Network::send--> (other nodes) --Node::deliver--> Port --> Devices::arrive
//!                              +--Arrivals, of the same node, as Loopback does----^
//! ```
//!
//! **Order.** What arrives at one time at one node arrives in the order of the senders' numbers, and of what each
//! sent. So nothing depends on the order in which the host runs nodes.
//!
//! **Time.** Between nodes nothing arrives earlier than [`Network::lookahead`] after it was sent. Nodes that have all
//! reached a time can be run apart up to that much further; what they sent then is exchanged, and lies in everybody's
//! future.
//!
//! **Flow control.** Networks lose nothing and never refuse: a device without room keeps what arrived until software
//! has made some, as a stalled network would. Senders do not feel it.

mod loopback;
mod port;

pub use loopback::Loopback;
pub use port::{Arrivals, Port};

use serde::{Deserialize, Serialize};

/// Where a node is in its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The node's number: senders are told apart, and ordered, by it.
    pub node: u32,
    /// Coordinates in the torus: X, Y, Z.
    pub coordinates: [u8; 3],
    /// Nodes along X, Y, Z.
    pub size: [u8; 3],
}

impl Default for Place {
    /// A node alone.
    fn default() -> Self {
        Self { node: 0, coordinates: [0; 3], size: [1; 3] }
    }
}

/// What goes from node to node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parcel {
    /// A packet of the torus.
    Torus(TorusPacket),
    /// A packet of the collective network.
    Collective(CollectivePacket),
    /// The global interrupts, channel 0 in the bit of the value 8, channel 3 in that of 1: going out, what the node
    /// drives uptree; coming in, the downtree (section 8.1).
    Interrupts(u8),
}

/// A packet of the torus (section 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TorusPacket {
    /// Coming in: who receives it. 0 to 5: X+, X-, Y+, Y-, Z+, Z-; 6: packets with priority.
    pub receiver: u8,
    /// Headers and payload: 32 to 256 bytes in chunks of 32. Going out, the hints are complete.
    pub bytes: Vec<u8>,
}

/// A packet of the collective network (sections 7.1 to 7.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectivePacket {
    /// Virtual channel, 0 or 1.
    pub channel: u8,
    /// The header.
    pub header: u32,
    /// 256 bytes.
    pub payload: Vec<u8>,
    /// Going out: the sender's route of the packet's class (16 bits, section 7.4).
    pub route: u16,
}

/// A parcel on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// When it left, in cycles.
    pub time: u64,
    /// The sender's number.
    pub node: u32,
    /// Counts what the node has sent.
    pub sequence: u64,
    /// What it is.
    pub parcel: Parcel,
}

/// A parcel that reaches a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// When, in cycles.
    pub time: u64,
    /// The sender's number.
    pub node: u32,
    /// The sender's count.
    pub sequence: u64,
    /// What it is.
    pub parcel: Parcel,
}

/// What carries parcels between nodes, as one node sees it.
pub trait Network: Send {
    /// Cycles that lie at least between a node's sending and an arrival at another node.
    fn lookahead(&self) -> u64;

    /// Takes what the node sends. What comes back to the same node without any other node's doing goes into its
    /// arrivals at once, and nothing else does.
    ///
    /// # Errors
    /// The parcel, if nobody can carry it: the node stops.
    fn send(&mut self, sent: Sent, arrivals: &mut Arrivals) -> Result<(), Sent>;
}
