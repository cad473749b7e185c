//! Budgets: how much of the core's time a thread may use in each period.
//!
//! # The rule
//!
//! Time is charged to an *account*, the one of the thread at the head of the chain of calls: a server works on
//! its client's account, and on its own only when it works for itself. When an account is used up, its thread does
//! not run again until its period ends. But a server that is working for it finishes that request first, and what
//! this takes too much is missing in the next period. So no server is ever stuck with the request of an exhausted
//! client, and no client gets more time by letting servers work.
//!
//! Periods begin at multiples of their length since the start. A budget that was not used up does not add to
//! the next. The kernel's own work is charged to whoever runs after it.
//!
//! # What the assembly relies on
//!
//! A call and its reply do not change the account, so the fast path charges nothing. A reply to a thread whose
//! account is used up must not let it run: while that is so, the server's debt to it stands in `handles`, where the
//! fast path does not look.
//!
//! A service: without the feature `budget`, none of this is in the kernel.

#[cfg(feature = "budget")]
mod account;
#[cfg(feature = "budget")]
mod meter;

#[cfg(feature = "budget")]
pub use account::Account;
#[cfg(feature = "budget")]
pub use meter::Meter;

#[cfg(not(feature = "budget"))]
mod absent {
    use crate::kernel::Kernel;
    use crate::list::ThreadId;
    use crate::machine::{Machine, Node};

    /// Without budgets, time is free.
    impl<N: Node> Kernel<N> {
        #[inline(always)]
        pub(crate) fn open_accounts(&mut self) {}

        #[inline(always)]
        pub(crate) fn charge(&mut self) {}

        #[inline(always)]
        pub(crate) fn open_account(&mut self) {}

        #[inline(always)]
        pub(crate) fn is_spent(&mut self, _id: ThreadId) -> bool {
            false
        }

        #[inline(always)]
        pub(crate) fn park(&mut self, _id: ThreadId) -> bool {
            false
        }

        #[inline(always)]
        pub(crate) fn park_current(&mut self, _id: ThreadId) {}

        #[inline(always)]
        pub(crate) fn set_timer_deadline(&mut self, deadline: Option<u64>) {
            self.machine.set_deadline(deadline);
        }
    }
}
