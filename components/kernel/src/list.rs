//! Doubly linked lists of threads, linked through the threads themselves: no memory of their own, and
//! every operation in constant time.

/// The number of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThreadId(pub u16);

impl ThreadId {
    /// The thread's place in the arrays.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A thread's neighbours in the one list it may be on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Links {
    previous: Option<ThreadId>,
    next: Option<ThreadId>,
}

impl Links {
    /// On no list, or alone on one.
    pub const NONE: Self = Self { previous: None, next: None };
}

/// Where the links of threads are kept.
pub trait Linked {
    /// The links of a thread.
    fn links(&mut self, id: ThreadId) -> &mut Links;
}

/// A list: its two ends. A thread is on at most one list; its owner's state says on which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    first: Option<ThreadId>,
    last: Option<ThreadId>,
}

impl List {
    /// No threads.
    pub const EMPTY: Self = Self { first: None, last: None };

    /// The thread at the front.
    pub const fn first(&self) -> Option<ThreadId> {
        self.first
    }

    /// Adds a thread that is on no list at the end.
    pub fn push_back(&mut self, threads: &mut (impl Linked + ?Sized), id: ThreadId) {
        *threads.links(id) = Links { previous: self.last, next: None };
        match self.last {
            Some(last) => threads.links(last).next = Some(id),
            None => self.first = Some(id),
        }
        self.last = Some(id);
    }

    /// Adds a thread that is on no list at the front.
    pub fn push_front(&mut self, threads: &mut (impl Linked + ?Sized), id: ThreadId) {
        *threads.links(id) = Links { previous: None, next: self.first };
        match self.first {
            Some(first) => threads.links(first).previous = Some(id),
            None => self.last = Some(id),
        }
        self.first = Some(id);
    }

    /// Takes a thread off; it must be on this list.
    pub fn remove(&mut self, threads: &mut (impl Linked + ?Sized), id: ThreadId) {
        let Links { previous, next } = core::mem::take(threads.links(id));
        match previous {
            Some(previous) => threads.links(previous).next = next,
            None => self.first = next,
        }
        match next {
            Some(next) => threads.links(next).previous = previous,
            None => self.last = previous,
        }
    }

    /// Takes the first thread off.
    pub fn pop_front(&mut self, threads: &mut (impl Linked + ?Sized)) -> Option<ThreadId> {
        let id = self.first?;
        self.remove(threads, id);
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    impl Linked for Vec<Links> {
        fn links(&mut self, id: ThreadId) -> &mut Links {
            &mut self[id.index()]
        }
    }

    proptest! {
        /// Any sequence of operations keeps the list equal to a deque.
        #[test]
        fn behaves_as_a_deque(steps in proptest::collection::vec((0_u8..4, 0_u16..8), 0..200)) {
            let mut links = vec![Links::default(); 8];
            let mut list = List::EMPTY;
            let mut model: VecDeque<ThreadId> = VecDeque::new();
            for (operation, number) in steps {
                let id = ThreadId(number);
                let on_it = model.contains(&id);
                match operation {
                    0 if !on_it => { list.push_back(&mut links, id); model.push_back(id); }
                    1 if !on_it => { list.push_front(&mut links, id); model.push_front(id); }
                    2 if on_it => { list.remove(&mut links, id); model.retain(|other| *other != id); }
                    3 => prop_assert_eq!(list.pop_front(&mut links), model.pop_front()),
                    _ => {}
                }
                prop_assert_eq!(list.first(), model.front().copied());
            }
            while let Some(id) = model.pop_front() {
                prop_assert_eq!(list.pop_front(&mut links), Some(id));
            }
            prop_assert_eq!(list, List::EMPTY);
        }
    }
}
