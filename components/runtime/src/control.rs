//! Grant ports: authority over another domain.

use abi::{COUNTERS, Slot};

use crate::{Bits, Inbox, WireError, system};

/// What a domain is at, as the kernel tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// Whether it runs; else it has stopped.
    pub running: bool,
    /// Which of its lives it is in, or was in last: 0 for the first.
    pub generation: u32,
    /// How many faults it had, over all its lives.
    pub faults: u32,
}

/// The right to look at another domain.
pub trait Observe {
    /// Whether the domain runs, in which life, and how often it has faulted.
    fn inspect(&self) -> Inspection;

    /// Its counters of kernel entries, in the order of [`Counter`](crate::Counter). They wrap.
    fn counters(&self) -> [u32; COUNTERS];
}

/// The authority over another domain.
pub trait Control: Observe {
    /// Stops the domain: its threads end, and its peers learn it. One that has stopped stays so.
    ///
    /// # Errors
    ///
    /// None on the node today; a mock can answer what a test needs.
    fn stop(&mut self) -> Result<(), WireError>;

    /// Starts the domain afresh, whether it runs or has stopped. Its peers learn that its earlier life
    /// ended.
    ///
    /// # Errors
    ///
    /// None on the node today; a mock can answer what a test needs.
    fn restart(&mut self) -> Result<(), WireError>;

    /// The notification bits that say that the domain has stopped or started afresh, by whomever:
    /// [`Control::restart`] of this grant sets them too, and [`Observe::inspect`] tells which it was.
    fn bits(&self) -> Bits;

    /// Waits until the domain has stopped or started afresh.
    ///
    /// # Errors
    ///
    /// [`WireError::Busy`] in a passive instance.
    fn wait(&mut self) -> Result<(), WireError>;
}

/// An `Observe` grant by its capability.
#[derive(Clone, Copy, Debug)]
pub struct DomainObserver {
    slot: Slot,
}

impl DomainObserver {
    /// The grant that the slot holds.
    pub const fn new(slot: Slot) -> Self {
        Self { slot }
    }
}

impl Observe for DomainObserver {
    fn inspect(&self) -> Inspection {
        system::inspect(self.slot)
    }

    fn counters(&self) -> [u32; COUNTERS] {
        system::counters(self.slot)
    }
}

/// A `Control` grant by its capability.
#[derive(Clone, Copy, Debug)]
pub struct DomainControl<'a> {
    inbox: Inbox<'a>,
    slot: Slot,
    bits: Bits,
}

impl<'a> DomainControl<'a> {
    /// The grant that the slot holds, with the notification bit of the domain's end.
    pub const fn new(inbox: Inbox<'a>, slot: Slot, bits: Bits) -> Self {
        Self { inbox, slot, bits }
    }
}

impl Observe for DomainControl<'_> {
    fn inspect(&self) -> Inspection {
        system::inspect(self.slot)
    }

    fn counters(&self) -> [u32; COUNTERS] {
        system::counters(self.slot)
    }
}

impl Control for DomainControl<'_> {
    fn stop(&mut self) -> Result<(), WireError> {
        system::stop(self.slot)
    }

    fn restart(&mut self) -> Result<(), WireError> {
        system::restart(self.slot)
    }

    fn bits(&self) -> Bits {
        self.bits
    }

    fn wait(&mut self) -> Result<(), WireError> {
        self.inbox.wait(self.bits).map(drop)
    }
}
