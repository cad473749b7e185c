//! Doubly linked lists of threads, linked through the threads themselves: no memory of their own, and
//! every operation in constant time, but for the insertion by priority.

use crate::checked::object;
use crate::objects::Thread;
use core::num::NonZeroU32;

/// A thread, by its place in the kernel's array.
///
/// The number inside is the distance in bytes from the idle thread, which stands before the first, so that assembly
/// adds it to that address, and zero is left to mean no thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub struct ThreadId(NonZeroU32);

/// Bytes from one thread to the next, as a power of two.
pub(crate) const THREAD_SHIFT: u32 = 8;

impl ThreadId {
    /// The thread of an index.
    pub const fn new(index: u16) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index as u32).saturating_mul(STRIDE))
    }

    /// The thread itself.
    pub fn of(self, threads: &mut [Thread]) -> &mut Thread {
        object(threads, self.place())
    }

    /// The thread's place among the objects.
    pub const fn place(self) -> usize {
        (self.0.get() >> THREAD_SHIFT) as usize
    }

    /// The thread's place in the tables.
    pub const fn index(self) -> usize {
        self.place() - 1
    }

    /// The thread's number in the tables and in reports.
    pub const fn number(self) -> u16 {
        self.index() as u16
    }
}

const STRIDE: NonZeroU32 = NonZeroU32::new(1 << THREAD_SHIFT).unwrap();

/// A thread's neighbours in the one list it may be on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Links {
    previous: Option<ThreadId>,
    /// The thread behind.
    pub next: Option<ThreadId>,
}

impl Links {
    /// Where the thread before stands.
    pub const PREVIOUS: usize = core::mem::offset_of!(Self, previous);

    /// On no list, or alone on one.
    pub const NONE: Self = Self { previous: None, next: None };
}

/// A list: its two ends. A thread is on at most one list; its owner's state says on which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct List {
    first: Option<ThreadId>,
    last: Option<ThreadId>,
}

impl List {
    /// Where its first thread stands.
    pub const FIRST: usize = core::mem::offset_of!(Self, first);

    /// No threads.
    pub const EMPTY: Self = Self { first: None, last: None };

    /// The thread at the front.
    pub const fn first(&self) -> Option<ThreadId> {
        self.first
    }

    /// Adds a thread that is on no list before `next`, which is on this one, or at the end.
    #[inline(always)]
    pub fn insert(&mut self, threads: &mut [Thread], next: Option<ThreadId>, id: ThreadId) {
        let before = match next {
            Some(next) => next.of(threads).links.previous.replace(id),
            None => self.last.replace(id),
        };
        id.of(threads).links = Links { previous: before, next };
        match before {
            Some(before) => before.of(threads).links.next = Some(id),
            None => self.first = Some(id),
        }
    }

    /// Takes a thread off; it must be on this list.
    #[inline(always)]
    pub fn remove(&mut self, threads: &mut [Thread], id: ThreadId) {
        let Links { previous, next } = core::mem::take(&mut id.of(threads).links);
        match previous {
            Some(previous) => previous.of(threads).links.next = next,
            None => self.first = next,
        }
        match next {
            Some(next) => next.of(threads).links.previous = previous,
            None => self.last = previous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        /// Any sequence of operations keeps the list equal to a deque.
        #[test]
        fn behaves_as_a_deque(steps in proptest::collection::vec((0_u8..5, 0_u16..8), 0..200)) {
            let mut threads = vec![Thread::INITIAL; 16];
            let mut list = List::EMPTY;
            let mut model: VecDeque<ThreadId> = VecDeque::new();
            for (operation, number) in steps {
                let id = ThreadId::new(number);
                let on_it = model.contains(&id);
                match operation {
                    0 if !on_it => { list.insert(&mut threads, None, id); model.push_back(id); }
                    1 if !on_it => { list.insert(&mut threads, list.first(), id); model.push_front(id); }
                    2 if on_it => { list.remove(&mut threads, id); model.retain(|other| *other != id); }
                    4 if !on_it && !model.is_empty() => {
                        let place = number as usize % model.len();
                        list.insert(&mut threads, Some(model[place]), id);
                        model.insert(place, id);
                    }
                    3 => if let Some(first) = model.pop_front() { list.remove(&mut threads, first) },
                    _ => {}
                }
                prop_assert_eq!(list.first(), model.front().copied());
            }
            while let Some(id) = model.pop_front() {
                prop_assert_eq!(list.first(), Some(id));
                list.remove(&mut threads, id);
            }
            prop_assert_eq!(list, List::EMPTY);
        }
    }
}
