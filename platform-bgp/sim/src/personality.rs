//! The personality: what the service system tells a node about itself (section 8.4).

use serde::{Deserialize, Serialize};

/// Bytes of a personality.
pub const BYTES: usize = 0x1A0;

/// NodeConfig: the units that are there.
mod config {
    pub(super) const LOCKBOX: u32 = 0x4000_0000;
    pub(super) const BIC: u32 = 0x2000_0000;
    pub(super) const DDR: u32 = 0x1000_0000;
    pub(super) const BARRIER: u32 = 0x0400_0000;
    pub(super) const COLLECTIVE: u32 = 0x0200_0000;
    pub(super) const TORUS: u32 = 0x0100_0000;
    pub(super) const TORUS_DMA: u32 = 0x0002_0000;
    pub(super) const FPU: u32 = 0x0000_0400;
}

/// What a node is, from which its personality is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Rack's row and column, 0 to 15 each.
    pub rack: (u32, u32),
    /// 0 bottom, 1 top.
    pub midplane: u32,
    /// 0 to 15.
    pub node_card: u32,
    /// 0 and 1 are I/O cards, 4 to 35 compute cards.
    pub card: u32,
    /// Megabytes of DRAM.
    pub memory: u32,
    /// Nodes along the torus's axes, and where this one is.
    pub torus: ([u8; 3], [u8; 3]),
    /// The pset's number, its compute nodes, and this one's place in it.
    pub pset: (u16, u32, u32),
    /// I/O nodes of the block.
    pub io_nodes: u32,
    /// The node's number in the collective network.
    pub rank: u32,
    /// That of its I/O node. Below 16 a known boot loader hangs (section 8.4.6).
    pub io_node_rank: u32,
    /// Class routes.
    pub routes: [u16; 16],
}

impl Default for Description {
    fn default() -> Self {
        Self {
            rack: (0, 0),
            midplane: 0,
            node_card: 0,
            card: 4,
            memory: 2048,
            torus: ([1, 1, 1], [0, 0, 0]),
            pset: (0, 32, 0),
            io_nodes: 1,
            rank: 0,
            io_node_rank: 64,
            routes: [0x0003; 16],
        }
    }
}

impl Description {
    /// Whether it is an I/O node's.
    pub const fn is_io_node(&self) -> bool {
        self.card < 2
    }

    /// The universal component identifier (section 8.4.5).
    pub const fn identifier(&self) -> u32 {
        let component = if self.is_io_node() { 14 } else { 13 };
        component << 27
            | (self.rack.0 & 15) << 23
            | (self.rack.1 & 15) << 19
            | (self.midplane & 1) << 18
            | (self.node_card & 15) << 14
            | (self.card & 63) << 8
    }

    /// The personality's bytes.
    pub fn bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
        let config = config::LOCKBOX
            | config::BIC
            | config::DDR
            | config::BARRIER
            | config::COLLECTIVE
            | config::TORUS
            | config::TORUS_DMA
            | config::FPU;
        put(0x002, &[0x0A, (BYTES / 4) as u8]);
        put(0x004, &self.identifier().to_be_bytes());
        put(0x008, &850_u32.to_be_bytes());
        // One process of four cores.
        put(0x010, &0x0F00_0000_u32.to_be_bytes());
        put(0x018, &config.to_be_bytes());
        put(0x08C, &(self.memory as u16).to_be_bytes());
        put(0x094, &self.torus.0);
        put(0x097, &self.torus.1);
        put(0x09A, &self.pset.0.to_be_bytes());
        put(0x09C, &self.pset.1.to_be_bytes());
        put(0x0A0, &self.pset.2.to_be_bytes());
        put(0x0A4, &self.io_nodes.to_be_bytes());
        put(0x0A8, &self.rank.to_be_bytes());
        put(0x0AC, &self.io_node_rank.to_be_bytes());
        for (number, route) in self.routes.iter().enumerate() {
            put(0x0B0 + 2 * number, &route.to_be_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_at_their_offsets() {
        let description = Description {
            rack: (1, 2),
            midplane: 1,
            node_card: 3,
            card: 5,
            rank: 0x0102_0304,
            ..Description::default()
        };
        let bytes = description.bytes();
        assert_eq!(bytes[2..4], [0x0A, 0x68]);
        assert_eq!(description.identifier(), 0x6894_C500);
        assert_eq!(bytes[4..8], 0x6894_C500_u32.to_be_bytes());
        assert_eq!(bytes[0x8C..0x8E], [8, 0]);
        assert_eq!(bytes[0xA8..0xAC], [1, 2, 3, 4]);
        assert_eq!(bytes[0xB0..0xB2], [0, 3]);
    }
}
