//! The threads that could run, by priority, with constant-time choice.

use crate::list::{List, ThreadId};
use crate::objects::Thread;

/// How many priorities there are; a higher one runs first.
pub const PRIORITIES: usize = 32;

/// The ready threads of one core. The running thread is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Bit `p` is set where `queues[p]` is not empty. Assembly reads it.
    pub(crate) occupied: u32,
    pub(crate) queues: [List; PRIORITIES],
}

impl Ready {
    /// No threads.
    pub const EMPTY: Self = Self { occupied: 0, queues: [List::EMPTY; PRIORITIES] };

    /// Adds a thread behind its equals, or `first`, before them: it was preempted and keeps its turn.
    #[inline(always)]
    pub fn add(&mut self, threads: &mut [Thread], id: ThreadId, priority: u32, first: bool) {
        let queue = self.queue(priority);
        let next = queue.first().filter(|_| first);
        queue.insert(threads, next, id);
        self.occupied |= bit(priority);
    }

    /// Takes a thread off, which must be ready.
    #[inline(always)]
    pub fn remove(&mut self, threads: &mut [Thread], id: ThreadId, priority: u32) {
        let queue = self.queue(priority);
        queue.remove(threads, id);
        if queue.first().is_none() {
            self.occupied &= !bit(priority);
        }
    }

    /// The highest priority with a ready thread.
    pub fn highest(&self) -> Option<u32> {
        self.occupied.checked_ilog2()
    }

    /// Takes the thread that is to run next.
    #[inline(always)]
    pub fn take_highest(&mut self, threads: &mut [Thread]) -> Option<ThreadId> {
        let priority = self.highest()?;
        let id = self.queue(priority).first()?;
        self.remove(threads, id, priority);
        Some(id)
    }

    fn queue(&mut self, priority: u32) -> &mut List {
        // The mask only spares a bounds check; `Tables::check` holds priorities below 32.
        &mut self.queues[priority as usize % PRIORITIES]
    }
}

const fn bit(priority: u32) -> u32 {
    1 << (priority as usize % PRIORITIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_runs_first_and_equals_take_turns() {
        let mut threads = vec![Thread::INITIAL; 8];
        let mut ready = Ready::EMPTY;
        ready.add(&mut threads, ThreadId::new(0), 3, false);
        ready.add(&mut threads, ThreadId::new(1), 31, false);
        ready.add(&mut threads, ThreadId::new(2), 3, false);
        ready.add(&mut threads, ThreadId::new(3), 3, true);
        let order: Vec<_> =
            std::iter::from_fn(|| ready.take_highest(&mut threads)).map(ThreadId::index).collect();
        assert_eq!(order, [1, 3, 0, 2]);
        assert_eq!(ready, Ready::EMPTY);
    }
}
