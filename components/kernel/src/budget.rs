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
//! A service: without the feature `budget`, time is free, and the kernel holds no instruction of this.

mod account;
mod meter;

pub use account::Account;
pub use meter::Meter;

/// Whether the image has the service.
const BUDGETS: bool = cfg!(feature = "budget");
