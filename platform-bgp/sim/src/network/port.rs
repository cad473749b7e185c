//! A node's end of its networks.

use super::{Arrival, Parcel, Sent};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What will reach a node, in the order in which it does: by time, the sender's number, the sender's count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrivals(VecDeque<Arrival>);

impl Arrivals {
    /// Adds one, at its place.
    pub fn add(&mut self, arrival: Arrival) {
        let key = |one: &Arrival| (one.time, one.node, one.sequence);
        let place = self.0.partition_point(|other| key(other) <= key(&arrival));
        self.0.insert(place, arrival);
    }

    /// When the first arrives.
    pub fn next(&self) -> Option<u64> {
        self.0.front().map(|arrival| arrival.time)
    }

    /// Takes the first, if it has arrived at a time.
    pub fn take(&mut self, now: u64) -> Option<Arrival> {
        self.0.pop_front_if(|arrival| arrival.time <= now)
    }
}

/// What devices have sent and the network has not taken yet, and what will arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Port {
    node: u32,
    sequence: u64,
    outgoing: VecDeque<Sent>,
    /// What will arrive.
    pub arrivals: Arrivals,
}

impl Port {
    /// The port of a node with a number.
    pub fn new(node: u32) -> Self {
        Self { node, ..Self::default() }
    }

    /// Sends. The core whose instruction it was pauses behind it, so that the parcel's way is known before anything
    /// else happens.
    pub fn send(&mut self, time: u64, parcel: Parcel) {
        self.outgoing.push_back(Sent { time, node: self.node, sequence: self.sequence, parcel });
        self.sequence += 1;
    }

    /// Whether the network has something to take.
    pub fn has_outgoing(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// The next that the network has to take.
    pub(crate) fn take_outgoing(&mut self) -> Option<Sent> {
        self.outgoing.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn arrivals_are_ordered_however_they_come(mut keys in proptest::collection::vec((0_u64..9, 0_u32..3, 0_u64..9), 0..20)) {
            let mut arrivals = Arrivals::default();
            for (time, node, sequence) in &keys {
                let parcel = Parcel::Interrupts(0);
                arrivals.add(Arrival { time: *time, node: *node, sequence: *sequence, parcel });
            }
            keys.sort_unstable();
            for (time, node, sequence) in keys {
                prop_assert_eq!(arrivals.next(), Some(time));
                let taken = arrivals.take(time).expect("it has arrived");
                prop_assert_eq!((taken.time, taken.node, taken.sequence), (time, node, sequence));
            }
            prop_assert_eq!(arrivals.take(u64::MAX), None);
        }
    }
}
