//! Turns: how machines of equal priority share the core.
//!
//! The kernel has no time slices, and a guest that computes never gives the core away. So a machine with equals has a
//! timer; when it fires, the monitor's thread goes behind its equals, and begins its next slice once its turn has come
//! again. Slices are as long as weights say, so busy machines share the core in that proportion, and what one does not
//! use the others get. A slice counts from its beginning, whoever has the core meanwhile.
//!
//! A guest that waits has nothing to give away, and its slice's end wakes the monitor for nothing. So the next slice of one
//! that is met waiting begins when it goes on, and is longer, until it is met computing.

use abi::Slot;

use crate::{Bits, system};

/// How many times its ticks a slice lasts at most, of a guest that is met waiting at each end.
const LONGEST: u64 = 8;

/// How long a machine runs before it gives way to its equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The timer.
    pub timer: Slot,
    /// Its notification bits.
    pub bits: Bits,
    /// Ticks of the time base.
    pub ticks: u64,
}

/// A machine's turns.
#[derive(Debug)]
pub(super) struct Turns {
    slice: Slice,
    has_begun: bool,
    /// How many times its ticks the slice lasts.
    times: u64,
}

impl Turns {
    /// Turns that have not begun; they never do without a slice.
    pub(super) const fn new(slice: Option<Slice>) -> Self {
        match slice {
            Some(slice) => Self { slice, has_begun: false, times: 1 },
            None => Self {
                slice: Slice { timer: Slot(0), bits: Bits::NONE, ticks: 0 },
                has_begun: true,
                times: 1,
            },
        }
    }

    /// Whether the first slice has begun, or there is none.
    #[inline]
    pub(super) const fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Begins the first slice.
    #[inline]
    pub(super) fn begin(&mut self) {
        if !self.has_begun {
            self.has_begun = true;
            system::arm(self.slice.timer, system::now().saturating_add(self.slice.ticks * self.times));
        }
    }

    /// Gives way if bits that have arrived say that the slice is over, and begins the next one; the other bits.
    #[inline]
    pub(super) fn pass(&mut self, arrived: Bits) -> Bits {
        if arrived.intersects(self.slice.bits) {
            self.times = 1;
            system::give_way();
            self.has_begun = false;
            self.begin();
        }
        arrived.without(self.slice.bits)
    }

    /// Ends the slice if it is over, of a machine that does not run: the next one, a longer one, begins when it does. The
    /// other bits.
    pub(super) fn end(&mut self, arrived: Bits) -> Bits {
        if arrived.intersects(self.slice.bits) {
            self.times = LONGEST.min(2 * self.times);
            self.has_begun = false;
        }
        arrived.without(self.slice.bits)
    }
}
