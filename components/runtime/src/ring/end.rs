//! One ring, seen from either end: how far each end is, and who has to be woken.
//!
//! The content of slots is nobody's business here. A producer fills the slot that [`Producer::room`] names
//! and then [hands it over](Producer::hand_over); a consumer copies the slot that [`Consumer::next`] names
//! and then gives it back.
//!
//! # Why a hostile peer harms nobody else
//!
//! An end's own index is private; what stands in shared memory is a copy for the peer. The peer's index is
//! read once, and the distance between the two counts only if it is no more than there are slots.
//!
//! # Why no wake-up is lost
//!
//! Before it sleeps, an end changes its bell, and then looks once more whether the peer has moved. After
//! it has moved, an end looks at the peer's bell, and signals the peer if it differs from the last one that
//! it signalled for. Each end writes first and reads then, with a full barrier between: so at least one of
//! the two sees what the other wrote. A bell is answered once, however many slots are handed over meanwhile.

use super::word::{Line, Word};
use crate::WireError;

/// What both ends have in common.
#[derive(Debug)]
struct End<'a, W> {
    own: Line<'a, W>,
    peer: Line<'a, W>,
    slots: u32,
    /// How many slots this end has handed over.
    index: u32,
    /// The own bell.
    bell: u32,
    /// The peer's bell for which it was signalled last.
    answered: u32,
    /// Whether the peer's words belong to this session. Until then it has moved nothing.
    trusts: bool,
}

impl<'a, W: Word> End<'a, W> {
    fn new(own: Line<'a, W>, peer: Line<'a, W>, slots: u32) -> Self {
        Self { own, peer, slots, index: 0, bell: 0, answered: 0, trusts: false }
    }

    fn reset(&mut self, trusts: bool) {
        (self.index, self.bell, self.answered, self.trusts) = (0, 0, 0, trusts);
        self.own.index.set(0);
        self.own.bell.set(0);
    }

    fn peer_index(&self) -> u32 {
        if self.trusts { self.peer.index.get() } else { 0 }
    }

    /// Hands one slot over, and says whether the peer has to be signalled.
    fn hand_over(&mut self) -> bool {
        self.index = self.index.wrapping_add(1);
        self.own.index.set(self.index);
        W::order();
        if !self.trusts {
            return true;
        }
        let bell = self.peer.bell.get();
        core::mem::replace(&mut self.answered, bell) != bell
    }

    /// Asks to be signalled once the peer moves. The end must look once more before it sleeps.
    fn ring(&mut self) {
        self.bell = self.bell.wrapping_add(1);
        self.own.bell.set(self.bell);
        W::order();
    }

    /// A distance between the two indices, if it can be one.
    fn distance(&self, ahead: u32, behind: u32) -> Result<u32, WireError> {
        let distance = ahead.wrapping_sub(behind);
        if distance > self.slots { Err(WireError::Malformed) } else { Ok(distance) }
    }
}

/// The end that fills slots.
#[derive(Debug)]
pub(crate) struct Producer<'a, W>(End<'a, W>);

impl<'a, W: Word> Producer<'a, W> {
    /// The producer of a ring of so many slots, a power of two.
    pub(crate) fn new(own: Line<'a, W>, peer: Line<'a, W>, slots: u32) -> Self {
        Self(End::new(own, peer, slots))
    }

    /// Begins a session. Unless the peer is trusted, it has taken nothing yet.
    pub(crate) fn reset(&mut self, trusts: bool) {
        self.0.reset(trusts);
    }

    /// Believes the peer's words from now on.
    pub(crate) fn trust(&mut self) {
        self.0.trusts = true;
    }

    /// The index of a free slot; none if the ring is full.
    pub(crate) fn room(&self) -> Result<Option<u32>, WireError> {
        let used = self.0.distance(self.0.index, self.0.peer_index())?;
        Ok((used < self.0.slots).then_some(self.0.index))
    }

    /// Hands over the slot that [`Self::room`] named. Whether the consumer has to be signalled.
    pub(crate) fn hand_over(&mut self) -> bool {
        self.0.hand_over()
    }

    /// Asks to be signalled once there is room. Whether there is still none, so that this end may sleep.
    pub(crate) fn may_sleep(&mut self) -> Result<bool, WireError> {
        self.0.ring();
        self.room().map(|room| room.is_none())
    }
}

/// The end that empties slots.
#[derive(Debug)]
pub(crate) struct Consumer<'a, W>(End<'a, W>);

impl<'a, W: Word> Consumer<'a, W> {
    /// The consumer of a ring of so many slots, a power of two.
    pub(crate) fn new(own: Line<'a, W>, peer: Line<'a, W>, slots: u32) -> Self {
        Self(End::new(own, peer, slots))
    }

    /// Begins a session. Unless the peer is trusted, it has filled nothing yet.
    pub(crate) fn reset(&mut self, trusts: bool) {
        self.0.reset(trusts);
    }

    /// Believes the peer's words from now on.
    pub(crate) fn trust(&mut self) {
        self.0.trusts = true;
    }

    /// The index of the next full slot; none if the ring is empty.
    pub(crate) fn next(&self) -> Result<Option<u32>, WireError> {
        let full = self.0.distance(self.0.peer_index(), self.0.index)?;
        Ok((full > 0).then_some(self.0.index))
    }

    /// Gives back the slot that [`Self::next`] named. Whether the producer has to be signalled.
    pub(crate) fn give_back(&mut self) -> bool {
        self.0.hand_over()
    }

    /// Asks to be signalled once there is more. Whether there is still nothing, so that this end may sleep.
    pub(crate) fn may_sleep(&mut self) -> Result<bool, WireError> {
        self.0.ring();
        self.next().map(|next| next.is_none())
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::AtomicU32;

    use super::*;

    /// The words of a ring: the producer's index and bell, the consumer's index and bell.
    type Words = [AtomicU32; 4];

    fn ends(words: &Words) -> (Producer<'_, AtomicU32>, Consumer<'_, AtomicU32>) {
        let line = |first: usize| Line { index: &words[first], bell: &words[first + 1] };
        let mut producer = Producer::new(line(0), line(2), 4);
        let mut consumer = Consumer::new(line(2), line(0), 4);
        producer.reset(true);
        consumer.reset(true);
        (producer, consumer)
    }

    #[test]
    fn an_index_further_off_than_there_are_slots_is_nonsense() {
        let words = Words::default();
        let (producer, consumer) = ends(&words);
        for index in [5, 6, 1 << 31, u32::MAX] {
            words[0].set(index);
            assert_eq!(consumer.next(), Err(WireError::Malformed), "{index} slots were handed over at once");
        }
        words[0].set(4);
        assert_eq!(consumer.next(), Ok(Some(0)));
        for index in [1, 4, 1 << 31] {
            words[2].set(index);
            assert_eq!(producer.room(), Err(WireError::Malformed), "{index} empty slots were given back");
        }
        words[2].set(0);
        assert_eq!(producer.room(), Ok(Some(0)));
    }

    #[test]
    fn what_stands_in_the_own_line_is_never_believed() {
        let words = Words::default();
        let (mut producer, mut consumer) = ends(&words);
        producer.hand_over();
        producer.hand_over();
        consumer.give_back();
        words[2].set(77);
        assert_eq!(consumer.next(), Ok(Some(1)));
        words[2].set(1);
        words[0].set(77);
        assert_eq!(producer.room(), Ok(Some(2)));
    }

    #[test]
    fn indices_go_on_beyond_the_last_number() {
        let words = Words::default();
        let (mut producer, mut consumer) = ends(&words);
        (producer.0.index, consumer.0.index) = (u32::MAX - 1, u32::MAX - 1);
        words[0].set(u32::MAX - 1);
        words[2].set(u32::MAX - 1);
        for _ in 0..4 {
            assert!(producer.room().unwrap().is_some());
            producer.hand_over();
        }
        assert_eq!(producer.room(), Ok(None));
        let emptied: [_; 4] = core::array::from_fn(|_| {
            let next = consumer.next().unwrap();
            consumer.give_back();
            next
        });
        assert_eq!(emptied, [Some(u32::MAX - 1), Some(u32::MAX), Some(0), Some(1)]);
        assert_eq!((consumer.next(), producer.room()), (Ok(None), Ok(Some(2))));
    }

    #[test]
    fn a_bell_is_answered_once() {
        let words = Words::default();
        let (mut producer, mut consumer) = ends(&words);
        assert!(!producer.hand_over(), "nobody sleeps");
        assert_eq!(consumer.may_sleep(), Ok(false), "there is something");
        consumer.give_back();
        assert_eq!(consumer.may_sleep(), Ok(true));
        assert_eq!([producer.hand_over(), producer.hand_over()], [true, false]);
    }
}
