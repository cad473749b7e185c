//! The personality: what the service system tells a node about itself (section 8.4), made from a description.
//!
//! A description is a file in RON; whatever it leaves out has the value that [`Description::default`] gives:
//!
//! ```ron
//! (
//!     card: 4, memory: 1024, rank: 3, io_node_rank: 64,
//!     torus: (size: (4, 4, 2), coordinates: (3, 0, 0), mesh: (false, false, true)),
//!     ethernet: (mac: "00:14:5e:01:02:03", address: "10.0.0.3", netmask: "255.0.0.0"),
//! )
//! ```

mod bytes;
mod mac;

pub use bytes::BYTES;
pub use mac::Mac;

use crate::devices::collective::route;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
    /// The torus.
    pub torus: Torus,
    /// The I/O node's set of compute nodes, of which this is one.
    pub pset: Pset,
    /// The block's number.
    pub block: u32,
    /// I/O nodes of the block.
    pub io_nodes: u32,
    /// The node's number in the collective network.
    pub rank: u32,
    /// That of its I/O node. Below 16 a known boot loader hangs (section 8.4.6).
    pub io_node_rank: u32,
    /// Class routes (section 7.4).
    pub routes: [u16; 16],
    /// Which of the collective's links 0, 1, 2 lead somewhere.
    pub links: (bool, bool, bool),
    /// How the cores are divided among processes.
    pub processes: Processes,
    /// Bits of NodeConfig that are set besides those that follow from the rest (section 8.4.3).
    pub node_config: u32,
    /// RASPolicy.
    pub ras_policy: u32,
    /// L1Config, L2Config, L3Config, L3Select (section 8.4.4).
    pub caches: (u32, u32, u32, u32),
    /// Ethernet, of I/O nodes, and what Ethernet over the collective network is given.
    pub ethernet: Ethernet,
}

/// The torus, and the node's place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Torus {
    /// Nodes along X, Y, Z.
    pub size: [u8; 3],
    /// X, Y, Z.
    pub coordinates: [u8; 3],
    /// Axes that are open: a mesh.
    pub mesh: [bool; 3],
}

impl Default for Torus {
    /// A node alone.
    fn default() -> Self {
        Self { size: [1; 3], coordinates: [0; 3], mesh: [false; 3] }
    }
}

/// A set of compute nodes with one I/O node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pset {
    /// Its number.
    pub number: u16,
    /// Compute nodes in it.
    pub size: u32,
    /// The node's place in it.
    pub rank: u32,
}

impl Default for Pset {
    fn default() -> Self {
        Self { number: 0, size: 32, rank: 0 }
    }
}

/// How the cores are divided (ProcessConfig).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Processes {
    /// One process, four cores.
    #[default]
    Smp,
    /// Two processes of two cores.
    Dual,
    /// Four processes: 'virtual nodes'.
    VirtualNodes,
    /// Diagnostics.
    Diagnostics,
}

/// The Ethernet section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ethernet {
    /// Largest payload of a frame.
    pub mtu: u16,
    /// The interface's address.
    pub mac: Mac,
    /// The node's address.
    pub address: Ipv4Addr,
    /// The network's mask.
    pub netmask: Ipv4Addr,
    /// The network's address for everybody.
    pub broadcast: Ipv4Addr,
    /// Where other networks are.
    pub gateway: Ipv4Addr,
    /// Where files are.
    pub nfs_server: Ipv4Addr,
    /// The service node.
    pub service_node: Ipv4Addr,
    /// What the file server exports: at most 31 bytes.
    pub nfs_export: String,
    /// Where it is mounted: at most 31 bytes. A known boot loader shows it as the block's name.
    pub nfs_mount: String,
}

impl Default for Ethernet {
    fn default() -> Self {
        let none = Ipv4Addr::UNSPECIFIED;
        Self {
            mtu: 1500,
            mac: Mac::default(),
            address: none,
            netmask: none,
            broadcast: none,
            gateway: none,
            nfs_server: none,
            service_node: none,
            nfs_export: String::new(),
            nfs_mount: String::new(),
        }
    }
}

impl Default for Description {
    fn default() -> Self {
        Self {
            rack: (0, 0),
            midplane: 0,
            node_card: 0,
            card: 4,
            memory: 2048,
            torus: Torus::default(),
            pset: Pset::default(),
            block: 0,
            io_nodes: 1,
            rank: 0,
            io_node_rank: 64,
            routes: [route::SOURCE_LOCAL | route::TARGET_LOCAL; 16],
            links: (false, false, false),
            processes: Processes::default(),
            node_config: 0,
            ras_policy: 0,
            caches: (0, 0, 0, 0),
            ethernet: Ethernet::default(),
        }
    }
}

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn from_ron(text: &str) -> Result<Self, String> {
        let description: Self = ron::from_str(text).map_err(|error| error.to_string())?;
        description.check().map(|()| description)
    }

    /// Whether every field fits where the personality has it.
    fn check(&self) -> Result<(), String> {
        let bounds = [
            ("rack's row", self.rack.0, 15),
            ("rack's column", self.rack.1, 15),
            ("midplane", self.midplane, 1),
            ("node_card", self.node_card, 15),
            ("card", self.card, 35),
            ("memory", self.memory, 4096),
            ("rank", self.rank, 0x00FF_FFFF),
            ("io_node_rank", self.io_node_rank, 0x00FF_FFFF),
        ];
        if let Some((name, value, most)) = bounds.iter().find(|(_, value, most)| value > most) {
            return Err(format!("{name} is {value}, and at most {most} is possible"));
        }
        for (axis, size, coordinate) in ["X", "Y", "Z"]
            .iter()
            .zip(self.torus.size)
            .zip(self.torus.coordinates)
            .map(|((axis, size), coordinate)| (axis, size, coordinate))
        {
            if coordinate >= size {
                return Err(format!(
                    "coordinate {axis} is {coordinate}, and the torus has {size} nodes there"
                ));
            }
        }
        let paths = [("nfs_export", &self.ethernet.nfs_export), ("nfs_mount", &self.ethernet.nfs_mount)];
        match paths.iter().find(|(_, path)| path.len() > 31) {
            Some((name, _)) => Err(format!("{name} is longer than 31 bytes")),
            None => Ok(()),
        }
    }

    /// The same node with an I/O node on link 0 of the collective network: towards it leads class 0, and class 15,
    /// which reaches everybody.
    #[must_use]
    pub fn below_io_node(mut self) -> Self {
        for class in [0, 15] {
            self.routes[class] = route::SOURCE_LOCAL | route::TARGET_LINK;
        }
        self.links.0 = true;
        self
    }

    /// The links that lead somewhere, as bits: 1 for link 0.
    pub const fn wired(&self) -> u8 {
        self.links.0 as u8 | (self.links.1 as u8) << 1 | (self.links.2 as u8) << 2
    }

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
}

#[cfg(test)]
mod tests;
