//! Capabilities: what a domain's table holds.

use bitflags::bitflags;

/// The slot that always names the domain itself.
pub const SELF_SLOT: Slot = Slot(0);

/// A place in the calling domain's capability table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct Slot(pub u32);

bitflags! {
    /// What a capability allows on its object.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Rights: u8 {
        /// Call an endpoint.
        const CALL    = 1 << 0;
        /// Receive from an endpoint and reply.
        const SERVE   = 1 << 1;
        /// Signal a notification.
        const SIGNAL  = 1 << 2;
        /// Wait for and poll a notification.
        const WAIT    = 1 << 3;
        /// Stop a domain.
        const CONTROL = 1 << 4;
        /// End the node's run.
        const HALT    = 1 << 5;
        /// Acknowledge an interrupt, arm a timer.
        const USE     = 1 << 6;
    }
}

/// The object that a capability names, by its index in the kernel's table of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// An empty slot.
    None,
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
    /// The node itself.
    Node,
}

/// What a capability adds to a message or a signal. For an endpoint it names port and client; for a
/// notification it holds the bits that a signal sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct Badge(pub u32);

impl Badge {
    /// The badge of a client at a port, both numbered by composer.
    pub const fn of_client(port: u16, client: u16) -> Self {
        Self((port as u32) << 16 | client as u32)
    }

    /// The port's number.
    pub const fn port(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// The client's number.
    pub const fn client(self) -> u16 {
        self.0 as u16
    }
}

/// A slot's content. Holding one in a const table *is* the right: nothing at run time makes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// What it names.
    pub object: Object,
    /// What it allows.
    pub rights: Rights,
    /// What it adds.
    pub badge: Badge,
}

impl Cap {
    /// An empty slot.
    pub const EMPTY: Self = Self { object: Object::None, rights: Rights::empty(), badge: Badge(0) };
}
