//! A virtual channel's FIFOs: headers and payload, to inject and received (section 7.2).

use super::header::{Header, QUADS, Quad};
use crate::network::CollectivePacket;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Packets that fit a FIFO: eight headers, eight times sixteen quads.
pub(super) const DEPTH: usize = 8;

/// Headers and payload, which software handles apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fifo {
    pub(super) headers: VecDeque<u32>,
    pub(super) quads: VecDeque<Quad>,
}

impl Fifo {
    /// Adds a header; `false`: there is no room, and nothing has happened.
    pub(super) fn push_header(&mut self, header: u32) -> bool {
        let room = self.headers.len() < DEPTH;
        if room {
            self.headers.push_back(header);
        }
        room
    }

    /// Adds a quad; `false`: there is no room, and nothing has happened.
    pub(super) fn push_quad(&mut self, quad: Quad) -> bool {
        let room = self.quads.len() < DEPTH * QUADS;
        if room {
            self.quads.push_back(quad);
        }
        room
    }

    /// Whole packets of payload.
    pub(super) fn packets(&self) -> usize {
        self.quads.len() / QUADS
    }

    /// Counts as the status word has them, in its upper half: packets, quads beyond, headers.
    pub(super) fn counts(&self) -> u32 {
        let quads = self.quads.len();
        (quads / QUADS) as u32 * 0x1000 + (quads % QUADS) as u32 * 0x100 + self.headers.len() as u32
    }
}

/// A virtual channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Channel {
    /// What software injects.
    pub(super) inject: Fifo,
    /// What software receives.
    pub(super) receive: Fifo,
    /// What has arrived and finds no room: the network stalls.
    stalled: VecDeque<CollectivePacket>,
}

impl Channel {
    /// The status word.
    pub(super) fn status(&self) -> u32 {
        let interrupts = if self.interrupts() { 0x10 } else { 0 };
        self.inject.counts() << 16 | self.receive.counts() | interrupts
    }

    /// Whether a received packet waits whose header asks for an interrupt: until the header is read (open question
    /// 16).
    pub(super) fn interrupts(&self) -> bool {
        self.receive.headers.iter().any(|header| Header(*header).interrupts())
    }

    /// A whole packet to inject. While arrivals stall, nothing leaves either: what this node injects would come
    /// behind them.
    pub(super) fn take_injected(&mut self) -> Option<(Header, Vec<u8>)> {
        if self.inject.headers.is_empty() || self.inject.packets() == 0 || !self.stalled.is_empty() {
            return None;
        }
        let header = self.inject.headers.pop_front()?;
        Some((Header(header), self.inject.quads.drain(..QUADS).flatten().collect()))
    }

    /// A packet arrives for this node.
    pub(super) fn arrive(&mut self, packet: CollectivePacket) {
        self.stalled.push_back(packet);
        self.settle();
    }

    /// Moves what has arrived to where software finds it, as far as there is room.
    pub(super) fn settle(&mut self) {
        while self.receive.headers.len() < DEPTH && self.receive.quads.len() <= (DEPTH - 1) * QUADS {
            let Some(packet) = self.stalled.pop_front() else { return };
            self.receive.headers.push_back(packet.header);
            let mut bytes = packet.payload;
            bytes.resize(QUADS * size_of::<Quad>(), 0);
            self.receive.quads.extend(bytes.as_chunks::<16>().0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(header: u32) -> CollectivePacket {
        CollectivePacket { channel: 0, header, payload: vec![header as u8; 256], route: 3 }
    }

    #[test]
    fn what_finds_no_room_waits_in_order_and_holds_back_injection() {
        let mut channel = Channel::default();
        for number in 0..10 {
            channel.arrive(packet(number));
        }
        assert_eq!(channel.status(), 0x0000_8008);
        assert!(channel.inject.push_header(7));
        for _ in 0..QUADS {
            assert!(channel.inject.push_quad([1; 16]));
        }
        assert_eq!(channel.take_injected(), None);
        for number in 0..10 {
            assert_eq!(channel.receive.headers.pop_front(), Some(number));
            // A header alone makes no room.
            channel.settle();
            assert_eq!(channel.receive.quads.drain(..QUADS).next(), Some([number as u8; 16]));
            channel.settle();
        }
        assert_eq!(channel.take_injected(), Some((Header(7), vec![1; 256])));
        assert_eq!(channel.status(), 0);
    }

    #[test]
    fn the_status_counts_packets_quads_and_headers() {
        let mut channel = Channel::default();
        for _ in 0..35 {
            assert!(channel.inject.push_quad([0; 16]));
        }
        assert!(channel.inject.push_header(0));
        channel.arrive(packet(0x0400_0000));
        assert_eq!(channel.status(), 0x2301_1011);
        channel.receive.headers.clear();
        assert_eq!(channel.status(), 0x2301_1000);
    }
}
