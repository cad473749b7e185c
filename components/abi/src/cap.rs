//! Capabilities: what a domain's table holds.

use crate::Cause;
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
    #[repr(transparent)]
    pub struct Rights: u8 {
        /// Call an endpoint.
        const CALL    = 1 << 0;
        /// Receive from an endpoint and reply.
        const SERVE   = 1 << 1;
        /// Signal a notification.
        const SIGNAL  = 1 << 2;
        /// Wait for and poll a notification.
        const WAIT    = 1 << 3;
        /// Stop and restart a domain, change a thread's registers while it waits for its handler.
        const CONTROL = 1 << 4;
        /// End the node's run.
        const HALT    = 1 << 5;
        /// Acknowledge an interrupt, arm a timer, write a device control register, run a virtual CPU.
        const USE     = 1 << 6;
        /// Read a domain's state and counters, a thread's registers, a region's place, a device control
        /// register, translate a guest's address.
        const OBSERVE = 1 << 7;
    }
}

/// The object that a capability names: its kind, and its index in the kernel's table of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Object(pub Kind, pub u16);

/// The kind of an object: the first byte of a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// An empty slot.
    None = 0,
    /// A protection domain.
    Domain = 1,
    /// The endpoint of a thread that serves: where calls to it arrive. Named by the thread.
    Endpoint = 2,
    /// The notification of a thread. Named by the thread.
    Notification = 3,
    /// A device interrupt.
    Irq = 4,
    /// A timer.
    Timer = 5,
    /// The node itself; its index is 0.
    Node = 6,
    /// A thread's registers.
    Thread = 7,
    /// A piece of physical memory.
    Region = 8,
    /// A range of device control registers.
    Dcr = 9,
    /// A virtual CPU. It has one thread that runs it.
    Vcpu = 10,
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
///
/// Two words: kind, rights and index, then the badge. The kernel's assembly reads them so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Cap {
    kind: Kind,
    /// What it allows.
    pub rights: Rights,
    index: u16,
    /// What it adds.
    pub badge: Badge,
}

impl Cap {
    /// An empty slot.
    pub const EMPTY: Self = Self::new(Object(Kind::None, 0), Rights::empty(), Badge(0));

    /// A capability for an object.
    pub const fn new(object: Object, rights: Rights, badge: Badge) -> Self {
        let Object(kind, index) = object;
        Self { kind, rights, index, badge }
    }

    /// What it names.
    #[inline]
    pub const fn object(&self) -> Object {
        Object(self.kind, self.index)
    }

    /// The index that it names, if the capability is of this kind and has this right.
    ///
    /// # Errors
    ///
    /// [`Cause::WrongObject`], then [`Cause::MissingRight`].
    #[inline]
    pub const fn want(&self, kind: Kind, right: Rights) -> Result<u16, Cause> {
        if self.kind as u8 != kind as u8 {
            Err(Cause::WrongObject)
        } else if !self.rights.contains(right) {
            Err(Cause::MissingRight)
        } else {
            Ok(self.index)
        }
    }

    /// Whether the slot is empty.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        matches!(self.kind, Kind::None)
    }

    /// The upper half of the first word of a capability of this kind with exactly these rights, as the
    /// kernel's assembly compares it.
    pub const fn signature(kind: Kind, rights: Rights) -> u16 {
        (kind as u16) << 8 | rights.bits() as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::offset_of;

    #[test]
    fn the_assembly_finds_kind_rights_and_index_in_the_first_word() {
        let cap = Cap::new(Object(Kind::Vcpu, 0xBEEF), Rights::USE, Badge(9));
        assert_eq!(cap.object(), Object(Kind::Vcpu, 0xBEEF));
        assert_eq!((offset_of!(Cap, kind), offset_of!(Cap, rights), offset_of!(Cap, index)), (0, 1, 2));
        assert_eq!((offset_of!(Cap, badge), size_of::<Cap>()), (4, 8));
    }

    #[test]
    fn the_wrong_kind_comes_before_the_missing_right() {
        let cap = Cap::new(Object(Kind::Timer, 3), Rights::USE, Badge(0));
        assert_eq!(cap.want(Kind::Timer, Rights::USE), Ok(3));
        assert_eq!(cap.want(Kind::Timer, Rights::CALL), Err(Cause::MissingRight));
        assert_eq!(cap.want(Kind::Irq, Rights::CALL), Err(Cause::WrongObject));
    }
}
