//! A word that both ends of a ring see.

use core::sync::atomic::{AtomicU32, Ordering, fence};

/// A shared word and its memory order. The protocol is written over it, so that a model checker can put
/// words of its own there.
pub(crate) trait Word {
    /// Reads it; what its writer wrote before is seen as well.
    fn get(&self) -> u32;

    /// Writes it; who reads this value sees all that was written before.
    fn set(&self, value: u32);

    /// Lets no read behind it happen before a write in front of it.
    fn order();
}

/// Words in memory are big-endian, as all that leaves a domain.
impl Word for AtomicU32 {
    #[inline]
    fn get(&self) -> u32 {
        u32::from_be(self.load(Ordering::Acquire))
    }

    #[inline]
    fn set(&self, value: u32) {
        self.store(value.to_be(), Ordering::Release);
    }

    #[inline]
    fn order() {
        fence(Ordering::SeqCst);
    }
}

/// The words of one end of a ring.
#[derive(Debug)]
pub(crate) struct Line<'a, W> {
    /// How many slots the end has handed over.
    pub(crate) index: &'a W,
    /// Changes each time the end is about to sleep.
    pub(crate) bell: &'a W,
}

impl<W> Clone for Line<'_, W> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<W> Copy for Line<'_, W> {}
