//! What a thread has left of its budget.

use crate::tables::Budget;

/// An account: ticks left in this period, and when the next begins.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// What is paid in at the start of each period; nothing is kept of a thread without a budget.
    budget: Option<&'static Budget>,
    /// What may be used before the period ends; below zero, what was used too much.
    left: i64,
    /// When the period ends, in ticks of the time base.
    pub(super) ends: u64,
}

impl Account {
    /// An account that nobody has opened.
    pub const EMPTY: Self = Self { budget: None, left: 0, ends: 0 };

    /// A full account whose first period begins now.
    pub fn open(budget: &'static Budget, now: u64) -> Self {
        let ends = now.saturating_add(budget.period);
        Self { budget: Some(budget), left: budget.ticks as i64, ends }
    }

    /// Whether nothing is left of a budget.
    fn is_empty(&self) -> bool {
        self.budget.is_some() && self.left <= 0
    }

    /// Whether there is nothing left now.
    pub fn is_spent(&mut self, now: u64) -> bool {
        self.renew(now);
        self.is_empty()
    }

    /// When it will be used up, or the period ends, if somebody uses it from now on.
    pub fn lasts(&mut self, now: u64) -> Option<u64> {
        let lasts = !self.is_spent(now) && self.budget.is_some();
        lasts.then(|| self.ends.min(now.saturating_add_signed(self.left)))
    }

    /// Goes on to the period that holds `now`; nothing was used meanwhile.
    fn renew(&mut self, now: u64) {
        if let Some(budget) = self.budget
            && now >= self.ends
        {
            let periods = (now - self.ends).checked_div(budget.period).unwrap_or(0) + 1;
            let ticks = budget.ticks as i64;
            let refill = ticks.saturating_mul(periods as i64);
            self.left = self.left.min(0).saturating_add(refill).min(ticks);
            self.ends = self.ends.saturating_add(budget.period.saturating_mul(periods));
        }
    }

    /// Takes what was used from `since`, which lies in this period, to `now`. Whether there is something left now, and
    /// was not before, or the other way round.
    pub fn charge(&mut self, mut since: u64, now: u64) -> bool {
        let Some(budget) = self.budget else { return false };
        let empty = self.is_empty();
        if now >= self.ends {
            self.take(self.ends.saturating_sub(since));
            since = self.ends;
            self.left = self.left.min(0).saturating_add(budget.ticks as i64);
            self.ends = self.ends.saturating_add(budget.period);
            // Whole periods of uninterrupted use: each leaves a debt of what it lacks.
            let whole = now.saturating_sub(since).checked_div(budget.period).unwrap_or(0);
            self.take((budget.period - budget.ticks).saturating_mul(whole));
            since = since.saturating_add(budget.period.saturating_mul(whole));
            self.ends = self.ends.saturating_add(budget.period.saturating_mul(whole));
        }
        self.take(now.saturating_sub(since));
        self.is_empty() != empty
    }

    fn take(&mut self, ticks: u64) {
        self.left = self.left.saturating_sub_unsigned(ticks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, tick by tick.
    struct Slow {
        left: i64,
        now: u64,
    }

    impl Slow {
        fn tick(&mut self, budget: &Budget, used: bool) {
            self.left -= i64::from(used);
            self.now += 1;
            if self.now.is_multiple_of(budget.period) {
                self.left = self.left.min(0) + budget.ticks as i64;
            }
        }
    }

    proptest! {
        #[test]
        fn an_account_agrees_with_a_clerk_who_counts_ticks(
            ticks in 1_u64..20,
            more in 1_u64..40,
            steps in proptest::collection::vec((any::<bool>(), 0_u64..150), 0..30),
        ) {
            let budget: &Budget = Box::leak(Box::new(Budget { ticks, period: ticks + more }));
            let mut account = Account::open(budget, 0);
            let mut slow = Slow { left: ticks as i64, now: 0 };
            for (used, passes) in steps {
                let since = slow.now;
                (0..passes).for_each(|_| slow.tick(budget, used));
                if used {
                    account.charge(since, slow.now);
                } else {
                    account.renew(slow.now);
                }
                prop_assert_eq!(account.left, slow.left);
                prop_assert!(account.ends > slow.now && account.ends - slow.now <= budget.period);
                prop_assert!(account.ends.is_multiple_of(budget.period));
            }
        }
    }
}
