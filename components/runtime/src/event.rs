//! Events of an interface, and the notification bits that carry them.

use core::cell::Cell;
use core::ops::BitOr;

/// One event of an interface: the number of its bit within the interface, 0 to 31.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event(pub u32);

/// A set of events of one interface, bit `n` for [`Event`] `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events(pub u32);

impl Events {
    /// No event.
    pub const NONE: Self = Self(0);

    /// Whether no event is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the event is in the set.
    pub const fn contains(self, event: Event) -> bool {
        event.0 < u32::BITS && self.0 >> event.0 & 1 == 1
    }
}

impl From<Event> for Events {
    fn from(event: Event) -> Self {
        Self(1_u32.checked_shl(event.0).unwrap_or(0))
    }
}

impl BitOr for Events {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Bits of a thread's notification, as composer numbers them in its domain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bits(pub u32);

impl Bits {
    /// No bit.
    pub const NONE: Self = Self(0);

    /// Whether no bit is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The bits that are set in both.
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These bits but for `other`'s.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether any of `other`'s bits is set here too.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Bits {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The notification bits of the wanted events, on a wire whose events have the bits `events`.
pub(crate) const fn wanted_bits(wanted: Events, events: Bits) -> Bits {
    match wanted.0.checked_shl(events.0.trailing_zeros()) {
        Some(bits) => Bits(bits & events.0),
        None => Bits::NONE,
    }
}

/// The events among what arrived, on the same wire.
pub(crate) const fn events_in(arrived: Bits, events: Bits) -> Events {
    match (arrived.0 & events.0).checked_shr(events.0.trailing_zeros()) {
        Some(happened) => Events(happened),
        None => Events::NONE,
    }
}

/// Events raised over a direct wire and not yet taken: what the notification's bits are to a call wire.
#[derive(Debug, Default)]
pub struct EventFlags(Cell<u32>);

impl EventFlags {
    /// No event raised.
    pub const fn new() -> Self {
        Self(Cell::new(0))
    }

    /// Raises an event; one that is already raised stays so.
    pub fn raise(&self, event: Event) {
        self.0.set(self.0.get() | Events::from(event).0);
    }

    /// Takes those of the wanted events that are raised.
    pub fn take(&self, wanted: Events) -> Events {
        let raised = self.0.get();
        self.0.set(raised & !wanted.0);
        Events(raised & wanted.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_beyond_the_bits_is_in_no_set() {
        assert_eq!(Events::from(Event(32)), Events::NONE);
        assert!(!Events(u32::MAX).contains(Event(32)));
        assert!(Events(u32::MAX).contains(Event(31)));
    }

    #[test]
    fn taking_leaves_what_was_not_wanted() {
        let flags = EventFlags::new();
        flags.raise(Event(0));
        flags.raise(Event(3));
        assert_eq!(flags.take(Event(3).into()), Event(3).into());
        assert_eq!(flags.take(Events(u32::MAX)), Event(0).into());
        assert_eq!(flags.take(Events(u32::MAX)), Events::NONE);
    }
}
