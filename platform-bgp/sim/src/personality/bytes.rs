//! The personality's bytes (sections 8.4.1 to 8.4.3).

use super::{Description, Processes};
use std::net::Ipv4Addr;

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
    pub(super) const MESH_X: u32 = 0x0080_0000;
    pub(super) const TREE_A: u32 = 0x0010_0000;
    pub(super) const TORUS_DMA: u32 = 0x0002_0000;
    pub(super) const SERDES: u32 = 0x0001_0000;
    pub(super) const UPC: u32 = 0x8000;
    pub(super) const ETHERNET: u32 = 0x2000;
    pub(super) const FPU: u32 = 0x0400;
}

impl Description {
    /// NodeConfig (section 8.4.3).
    pub fn node_config(&self) -> u32 {
        use config::*;
        let mut word = self.node_config | LOCKBOX | BIC | DDR | BARRIER | COLLECTIVE | SERDES | UPC | FPU;
        word |= if self.is_io_node() { ETHERNET } else { TORUS | TORUS_DMA };
        for (axis, open) in self.torus.mesh.iter().enumerate() {
            word |= if *open { MESH_X >> axis } else { 0 };
        }
        let links = [self.links.0, self.links.1, self.links.2];
        for (link, leads) in links.iter().enumerate() {
            word |= if *leads { TREE_A >> link } else { 0 };
        }
        word
    }

    /// ProcessConfig: for each core, which others are in its process.
    const fn process_config(&self) -> u32 {
        match self.processes {
            Processes::Smp => 0x0F00_0000,
            Processes::Dual => 0x0C03_0000,
            Processes::VirtualNodes => 0x0804_0201,
            Processes::Diagnostics => 0xFF00_0000,
        }
    }

    /// The personality's bytes. The checksum is 0, which is accepted; what describes the memory controllers to the
    /// machine's own boot code is 0 as well.
    pub fn bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
        put(0x002, &[0x0A, (BYTES / 4) as u8]);
        let words = [
            (0x004, self.identifier()),
            (0x008, 850),
            (0x00C, self.ras_policy),
            (0x010, self.process_config()),
            (0x018, self.node_config()),
            (0x01C, self.caches.0),
            (0x020, self.caches.1),
            (0x024, self.caches.2),
            (0x028, self.caches.3),
            (0x090, self.block),
            (0x09C, self.pset.size),
            (0x0A0, self.pset.rank),
            (0x0A4, self.io_nodes),
            (0x0A8, self.rank),
            (0x0AC, self.io_node_rank),
        ];
        for (at, word) in words {
            put(at, &word.to_be_bytes());
        }
        put(0x08C, &(self.memory as u16).to_be_bytes());
        put(0x094, &self.torus.size);
        put(0x097, &self.torus.coordinates);
        put(0x09A, &self.pset.number.to_be_bytes());
        for (number, route) in self.routes.iter().enumerate() {
            put(0x0B0 + 2 * number, &route.to_be_bytes());
        }
        let ethernet = &self.ethernet;
        put(0x0D0, &ethernet.mtu.to_be_bytes());
        put(0x0D2, &ethernet.mac.0);
        let addresses: [(usize, Ipv4Addr); 6] = [
            (0x0D8, ethernet.address),
            (0x0E8, ethernet.netmask),
            (0x0F8, ethernet.broadcast),
            (0x108, ethernet.gateway),
            (0x118, ethernet.nfs_server),
            (0x128, ethernet.service_node),
        ];
        for (at, address) in addresses {
            // IPv4 stands in the last four of sixteen bytes.
            put(at + 12, &address.octets());
        }
        for (at, path) in [(0x138, &ethernet.nfs_export), (0x158, &ethernet.nfs_mount)] {
            let path = path.as_bytes();
            put(at, &path[..path.len().min(31)]);
        }
        bytes
    }
}
