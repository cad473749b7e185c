//! A stand-in for the I/O node above a compute node.
//!
//! Boot software of compute nodes waits until its I/O node has announced itself (section 7.7), and reaches the world
//! through it. The stand-in announces itself once, gives Ethernet frames that come up the collective network to a
//! socket of the host and sends down what comes from there, hears the console, and reflects frames that ask for it
//! (section 7.8). It hangs on link 0 and is the root: class 0 ends there, and what is sent by another class to
//! everybody turns around and reaches the sender again.
//!
//! Without a socket a run is the same bit for bit, always. With one it depends on when the host's frames come.
//!
//! - [`link`]: messages in packets;
//! - [`wire`]: the socket.

pub mod link;
pub mod wire;

use crate::devices::collective::{Header, route};
use crate::network::{Arrival, Arrivals, CollectivePacket, Loopback, Network, Parcel, Sent};
use crate::node::Node;
use crate::personality::{Description, Mac};
use link::{Assembler, protocol};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use wire::Wire;

/// Cycles between a packet's leaving one end of the link and its arriving at the other: ten microseconds.
const DELAY: u64 = 8_500;
/// When the I/O node announces itself: after a millisecond, unless told otherwise.
const ANNOUNCED: u64 = 850_000;
/// The network to the world (section 7.7).
const EXTERNAL: u32 = 1;
/// Frames for a host that nobody takes are dropped beyond so many.
const KEPT: usize = 1024;

/// The I/O node, as far as a compute node can see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IoNode {
    /// Its number in the collective network.
    rank: u32,
    /// The compute node's.
    below: u32,
    /// The number that it announces, unique in the machine (section 8.9).
    unique: u32,
    /// Its address.
    address: Ipv4Addr,
    /// The compute node's place in the torus, for what does not concern the collective network.
    coordinates: [u8; 3],
    /// What the node last used: virtual channel and network's number. Answers use the same.
    channel: u8,
    network: u32,
    connections: u16,
    sequence: u64,
    assembler: Assembler,
    /// Frames for the host.
    frames: VecDeque<Vec<u8>>,
    /// What the node's console said over the network, and nobody has taken yet.
    said: Vec<u8>,
    /// Messages that were understood by none.
    dropped: u64,
}

impl IoNode {
    /// The I/O node of a compute node's description.
    pub fn above(description: &Description) -> Self {
        let (row, column) = description.rack;
        let (midplane, node_card) = (description.midplane, description.node_card);
        let second = ((row & 7) << 5 | column << 1 | midplane) as u8;
        Self {
            rank: description.io_node_rank,
            below: description.rank,
            unique: 17_408 * column + 1_088 * row + 544 * midplane + 34 * node_card,
            address: Ipv4Addr::new(10, second, node_card as u8, 1),
            coordinates: description.torus.coordinates,
            channel: 0,
            network: EXTERNAL,
            connections: 0,
            sequence: 0,
            assembler: Assembler::default(),
            frames: VecDeque::new(),
            said: Vec::new(),
            dropped: 0,
        }
    }

    /// A payload on its way down: to a node, or to all.
    fn down(&mut self, time: u64, to: Option<u32>, payload: Vec<u8>) -> Arrival {
        // Class 0; bit 4: point to point.
        let header = to.map_or(0, |address| 0x0800_0000 | (address & 0x00FF_FFFF) << 2);
        let packet = CollectivePacket { channel: self.channel, header, payload, route: 0 };
        let sequence = self.sequence;
        self.sequence += 1;
        Arrival { time, node: self.rank, sequence, parcel: Parcel::Collective(packet) }
    }

    fn header(&mut self, destination: u32, protocol: u16) -> link::Header {
        let connection = self.connections;
        self.connections = self.connections.wrapping_add(1);
        let source = self.rank;
        link::Header { destination, source, connection, fragment: 0, fragments: 1, protocol, option: 0 }
    }

    /// The packet with which it announces itself.
    fn announcement(&mut self, time: u64) -> Arrival {
        let mut payload = self.header(0, protocol::CONTROL).bytes().to_vec();
        payload.extend(self.unique.to_be_bytes());
        payload.extend([0; 12]);
        payload.extend(self.address.octets());
        payload.resize(link::HEADER + link::DATA, 0);
        self.down(time, None, payload)
    }

    /// Sends a frame down, if it is the node's or everybody's; empty: it is not, or it is no frame.
    fn send_frame(&mut self, time: u64, frame: &[u8]) -> Vec<Arrival> {
        let Some(mac) = frame.first_chunk::<6>().map(|bytes| Mac(*bytes)) else { return Vec::new() };
        let to = if mac.is_multicast() {
            None
        } else {
            Some(u32::from_be_bytes([0, mac.0[3], mac.0[4], mac.0[5]]))
        };
        if to.is_some_and(|address| address != self.below) {
            return Vec::new();
        }
        let header = self.header(self.network, protocol::NET);
        let payloads = link::cut(frame, header).unwrap_or_default();
        payloads.into_iter().map(|payload| self.down(time, to, payload)).collect()
    }

    /// A packet comes up; answers what goes down for it.
    fn receive(&mut self, time: u64, packet: &CollectivePacket) -> Vec<Arrival> {
        let Some(header) = link::Header::of(&packet.payload) else { return Vec::new() };
        if header.source == self.rank {
            return Vec::new();
        }
        match header.protocol {
            protocol::NET | protocol::REFLECT => {
                (self.channel, self.network) = (packet.channel, header.destination);
                let Some(frame) = self.assembler.add(header, &packet.payload) else { return Vec::new() };
                let everybody = frame.first().is_some_and(|first| first & 1 != 0);
                let answer = match header.protocol {
                    protocol::REFLECT => self.send_frame(time + DELAY, &frame),
                    _ => Vec::new(),
                };
                if header.protocol == protocol::NET || everybody {
                    self.frames.push_back(frame);
                    while self.frames.len() > KEPT {
                        self.frames.pop_front();
                    }
                }
                answer
            }
            protocol::CONSOLE => {
                let length = usize::from(header.option).min(link::DATA);
                let text = packet.payload.get(link::HEADER..).unwrap_or(&[]);
                self.said.extend(text.iter().take(length));
                Vec::new()
            }
            _ => {
                self.dropped += 1;
                Vec::new()
            }
        }
    }

    /// A packet leaves the node below.
    fn take(&mut self, sent: Sent, packet: CollectivePacket, arrivals: &mut Arrivals) {
        let header = Header(packet.header);
        let up = packet.route & route::TARGET_LINK != 0;
        let local = packet.route & route::TARGET_LOCAL != 0;
        let source = packet.route & route::SOURCE_LOCAL != 0;
        let mine = !header.is_point_to_point() || header.address() == self.rank || header.class() == 0;
        if up && mine {
            for arrival in self.receive(sent.time, &packet) {
                arrivals.add(arrival);
            }
        }
        // What turns around, here or in the node, comes back to the sender.
        if local || source && up && header.class() != 0 {
            let time = sent.time + if up { 2 * DELAY } else { DELAY };
            let parcel = Parcel::Collective(packet);
            arrivals.add(Arrival { time, node: sent.node, sequence: sent.sequence, parcel });
        }
    }
}

/// An I/O node that a compute node is connected to; whoever runs the node keeps it as well.
#[derive(Clone, Debug)]
pub struct Attached(Arc<Mutex<IoNode>>);

impl Attached {
    /// Connects a node that has not run yet: it will hear the announcement.
    pub fn new(mut io_node: IoNode, node: &mut Node) -> Self {
        let announcement = io_node.announcement(node.time() + ANNOUNCED);
        let attached = Self::again(io_node, node);
        node.deliver(announcement);
        attached
    }

    /// Connects a node that was read from a checkpoint with what [`state`](Self::state) was then.
    pub fn again(io_node: IoNode, node: &mut Node) -> Self {
        let shared = Self(Arc::new(Mutex::new(io_node)));
        node.connect(Box::new(shared.clone()));
        shared
    }

    fn with<T>(&self, change: impl FnOnce(&mut IoNode) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The I/O node as it is: for checkpoints, beside the node's.
    pub fn state(&self) -> IoNode {
        self.with(|io_node| io_node.clone())
    }

    /// What the node's console has said over the network since the last call.
    pub fn take_said(&self) -> Vec<u8> {
        self.with(|io_node| std::mem::take(&mut io_node.said))
    }

    /// Hands frames to the host and takes those that have come: between runs of the node. The host's arrive after
    /// everything that the node has already lived through.
    pub fn exchange(&self, node: &mut Node, wire: &mut dyn Wire) {
        let time = node.time() + DELAY;
        self.with(|io_node| {
            for frame in io_node.frames.drain(..) {
                wire.send(&frame);
            }
            while let Some(frame) = wire.receive() {
                for arrival in io_node.send_frame(time, &frame) {
                    node.deliver(arrival);
                }
            }
        });
    }
}

impl Network for Attached {
    fn lookahead(&self) -> u64 {
        DELAY
    }

    fn send(&mut self, sent: Sent, arrivals: &mut Arrivals) -> Result<(), Sent> {
        let Parcel::Collective(packet) = sent.parcel.clone() else {
            let coordinates = self.with(|io_node| io_node.coordinates);
            return Loopback { coordinates }.send(sent, arrivals);
        };
        self.with(|io_node| io_node.take(sent, packet, arrivals));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
