//! The typed model of a system: specs, boards and manifests, resolved and checked.
//!
//! [`load`] reads a spec and everything that it names, and hands back all diagnostics of one run and,
//! if none is an error, the [`System`]. The passes do not mix:
//!
//! | pass      | from                  | to                                  |
//! |-----------|-----------------------|-------------------------------------|
//! | `spec`    | the spec's tree       | the spec as written, spans kept     |
//! | `find`    | names of files        | manifests, interfaces, the board    |
//! | `resolve` | names                 | indexes, defaults filled in         |
//! | `check`   | the resolved system   | diagnostics, never a change         |
//!
//! A check returns diagnostics and never prints.

#![forbid(unsafe_code)]

mod checkout;
mod loaded;
mod system;

pub use checkout::Checkout;
pub use loaded::Loaded;
pub use system::*;
