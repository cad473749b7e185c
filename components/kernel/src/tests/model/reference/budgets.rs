//! Rule 7, tick by tick.

use super::{Model, State};
use crate::tables;
use crate::tests::model::systems::BUDGETS;

/// What a thread may use in its first period.
pub(super) fn full(thread: &tables::Thread) -> i64 {
    thread.budget.as_ref().map_or(0, |budget| budget.ticks as i64)
}

impl Model {
    /// Lets the time since the last trap pass.
    pub(super) fn charge(&mut self) {
        for tick in std::mem::replace(&mut self.since, self.now) + 1..=self.now {
            for (index, table) in self.tables.threads.iter().enumerate() {
                let Some(budget) = &table.budget else { continue };
                let left = &mut self.threads[index].left;
                *left -= i64::from(self.payer == Some(index));
                if tick % budget.period == 0 {
                    *left = (*left).min(0) + budget.ticks as i64;
                }
            }
        }
        for thread in 0..self.threads.len() {
            if self.threads[thread].parked && !self.is_spent(thread) {
                self.threads[thread].parked = false;
                self.go_last(thread);
            }
        }
    }

    /// Whether nothing is left of its budget.
    pub(in crate::tests::model) fn is_spent(&self, thread: usize) -> bool {
        BUDGETS && self.tables.threads[thread].budget.is_some() && self.threads[thread].left <= 0
    }

    /// Who pays for a thread: whom it serves, whom that one serves, and so on.
    pub(super) fn head(&self, thread: usize) -> usize {
        self.owed(thread).map_or(thread, |caller| self.head(caller))
    }

    /// Keeps a thread from running that could, if it works for itself and has nothing left.
    pub(super) fn park(&mut self, thread: usize) {
        let works = self.threads[thread].state == State::Able && self.owed(thread).is_none();
        self.threads[thread].parked |= works && self.is_spent(thread);
    }
}
