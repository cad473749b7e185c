//! Timer ports and the time base.

use abi::Slot;

use crate::{Bits, Inbox, WireError, system};

/// A timer port: one deadline at a time, or one that comes again.
pub trait Timer {
    /// The time base now, in ticks since the node started.
    fn now(&self) -> u64;

    /// Sets the deadline, in ticks of the time base; one that has passed fires at once. It replaces a
    /// deadline that is still set; one that has fired already still ends the next wait.
    fn arm(&mut self, deadline: u64);

    /// Sets a deadline that comes again after each period, in ticks of the time base; a period of 0 is
    /// [`Timer::arm`]. Deadlines that nobody waited for count as one.
    fn arm_every(&mut self, first: u64, period: u64);

    /// Ticks of the time base in a second.
    fn frequency(&self) -> u64;

    /// Forgets the deadline, whether it is still set or has fired.
    fn cancel(&mut self);

    /// The notification bits that the timer sets.
    fn bits(&self) -> Bits;

    /// Waits until the timer has fired.
    ///
    /// # Errors
    ///
    /// [`WireError::Busy`] in a passive instance.
    fn wait(&mut self) -> Result<(), WireError>;
}

/// A timer of the kernel.
#[derive(Clone, Copy, Debug)]
pub struct KernelTimer<'a> {
    inbox: Inbox<'a>,
    slot: Slot,
    bits: Bits,
    frequency: u64,
}

impl<'a> KernelTimer<'a> {
    /// The timer that the slot names, with its notification bits and the board's ticks in a second.
    pub const fn new(inbox: Inbox<'a>, slot: Slot, bits: Bits, frequency: u64) -> Self {
        Self { inbox, slot, bits, frequency }
    }
}

impl Timer for KernelTimer<'_> {
    fn now(&self) -> u64 {
        system::now()
    }

    fn arm(&mut self, deadline: u64) {
        system::arm(self.slot, deadline);
    }

    fn arm_every(&mut self, first: u64, period: u64) {
        system::arm_every(self.slot, first, period);
    }

    fn frequency(&self) -> u64 {
        self.frequency
    }

    fn cancel(&mut self) {
        system::cancel(self.slot);
        // It may have fired just before: the next wait is for the next deadline.
        self.inbox.take(self.bits);
    }

    fn bits(&self) -> Bits {
        self.bits
    }

    fn wait(&mut self) -> Result<(), WireError> {
        self.inbox.wait(self.bits).map(drop)
    }
}
