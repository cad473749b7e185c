//! What generation prints: every number decided, every name resolved, every line's origin in words.
//!
//! No emitter computes. Two programs are printed from two values: the domains' from [`Program`], before
//! anything is compiled, and the kernel's from [`Kernel`], when the domains have been linked and placed.
//! Both serialise, so that a test can hold them to what they were.

mod domain;
mod kernel;

use serde::{Deserialize, Serialize};

pub use domain::{
    Authority, Called, Calls, Client, Config, Device, Domain, Grant, GuestDisk, GuestImage, Instance,
    Interrupt, Memory, Optional, Provided, Reach, Reaction, Required, Ringed, Slice, Timer, Value,
    VirtualMachine, WireBuffer, WireRing,
};
pub use kernel::{
    Board, Boot, Budget, GuestRam, Handler, Irq, Kernel, KernelDcr, KernelDomain, KernelRegion, KernelTimer,
    Link, Mourner, PageRow, Thread, Trace, Vcpu,
};

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
    /// What it allows: constants of `abi::Rights`.
    pub rights: Vec<Right>,
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
    /// A thread's registers.
    Thread(u16),
    /// A region.
    Region(u16),
    /// A range of device control registers.
    Dcr(u16),
    /// A virtual CPU.
    Vcpu(u16),
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
    /// Stop and restart a domain, write a thread's registers.
    Control,
    /// End the node's run.
    Halt,
    /// Acknowledge an interrupt, arm a timer, write device control registers.
    Use,
    /// Read a domain's state, a thread's registers, a region's place, device control registers.
    Observe,
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
            Self::Observe => "OBSERVE",
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
