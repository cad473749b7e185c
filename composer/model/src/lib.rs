//! The typed model of a system: specs, boards and manifests, resolved and checked.
//!
//! [`load()`] reads a spec and everything that it names, and hands back all diagnostics of one run and,
//! if none is an error, the [`System`]. The passes do not mix:
//!
//! | pass      | from                  | to                                  |
//! |-----------|-----------------------|-------------------------------------|
//! | `spec`    | the spec's tree       | the spec as written, spans kept     |
//! | `find`    | names                 | manifests, interfaces, the board    |
//! | `draft`   | all of these          | names turned into indexes           |
//! | `check`   | the draft             | diagnostics, never a change         |
//! | `lower`   | a draft without holes | the system, defaults filled in      |
//!
//! A check returns diagnostics and never prints.

#![forbid(unsafe_code)]

mod attach;
mod board;
mod check;
mod checkout;
mod cycle;
mod draft;
mod edit;
mod find;
mod load;
mod loaded;
mod lower;
mod names;
mod noise;
mod spec;
mod system;

pub use attach::with_debugger;
pub use checkout::Checkout;
pub use load::load;
pub use loaded::Loaded;
pub use system::*;
