//! What generation prints: every number decided, every name resolved, every line's origin in words.
//!
//! No emitter computes. Two programs are printed from two values: the domains' from [`Program`], before
//! anything is compiled, and the kernel's from [`Kernel`], when the domains have been linked and placed.
//! Both serialise, so that a test can hold them to what they were.

mod domain;
mod kernel;

use serde::{Deserialize, Serialize};

pub use domain::{
    Authority, Called, Client, Config, Device, Domain, Grant, Instance, Interrupt, Memory, Provided, Reach,
    Required, Timer, Value, WireBuffer,
};
pub use kernel::{Board, Boot, Irq, Kernel, KernelDomain, KernelTimer, Link, Mourner, PageRow, Thread};

/// Everything that the generated domain crates say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The system's name.
    pub system: String,
    /// File name of the spec, for the head of generated files.
    pub spec: String,
    /// The domains, by index.
    pub domains: Vec<Domain>,
}

/// A place in the spec or the board's description, `hello.ron:9`.
pub type Place = String;

/// Addresses of one space: from `start`, `size` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// First address.
    pub start: u64,
    /// Bytes.
    pub size: u64,
}

/// A capability, in the slot that its position in the table says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// What it names.
    pub object: Object,
    /// What it allows: a constant of `abi::Rights`, none for an empty set.
    pub right: Option<Right>,
    /// Port and client, or the bits that a signal sets.
    pub badge: Badge,
    /// What it is for.
    pub purpose: String,
    /// The line that hands it out.
    pub place: Place,
}

/// An object, by its index in the kernel's table of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Object {
    /// A protection domain.
    Domain(u16),
    /// An endpoint.
    Endpoint(u16),
    /// A notification.
    Notification(u16),
    /// A device interrupt.
    Irq(u16),
    /// A timer.
    Timer(u16),
    /// The node.
    Node,
}

/// What a capability allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Right {
    /// Call an endpoint.
    Call,
    /// Receive from an endpoint.
    Serve,
    /// Signal a notification.
    Signal,
    /// Wait for a notification.
    Wait,
    /// Stop a domain.
    Control,
    /// End the node's run.
    Halt,
    /// Acknowledge an interrupt, arm a timer.
    Use,
}

impl Right {
    /// The constant of `abi::Rights`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "CALL",
            Self::Serve => "SERVE",
            Self::Signal => "SIGNAL",
            Self::Wait => "WAIT",
            Self::Control => "CONTROL",
            Self::Halt => "HALT",
            Self::Use => "USE",
        }
    }
}

/// What a capability adds to a message or a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Badge {
    /// Nothing.
    None,
    /// Who calls, and at which port of the server.
    Client {
        /// The port, numbered over the server's domain.
        port: u16,
        /// The client, numbered over the port.
        client: u16,
    },
    /// The bits that a signal sets.
    Bits(u32),
}
