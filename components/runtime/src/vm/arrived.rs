//! Bits that arrived while a monitor's thread was not the guest.

use core::cell::Cell;

use crate::Bits;

/// The bits that arrived since the guest last ran. A generated main has one, and its inbox
/// [hands](crate::Inbox::driving) each bit that arrives to it: a monitor that has just answered the guest may not run
/// it while something waits to be looked at.
#[derive(Debug, Default)]
pub struct Arrived {
    bits: Cell<u32>,
}

impl Arrived {
    /// None.
    pub const fn new() -> Self {
        Self { bits: Cell::new(0) }
    }

    /// Adds bits.
    pub fn add(&self, bits: Bits) {
        self.bits.set(self.bits.get() | bits.0);
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.bits.get() == 0
    }

    /// Takes all of them.
    pub fn take(&self) -> Bits {
        Bits(self.bits.take())
    }
}
