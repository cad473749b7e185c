//! The on-target suite: images built from specs, run under QEMU, their consoles read by a program.
//!
//! `cases` has the tables; a new case is a new entry in one, and a spec under `tests/specs/` if none fits. The
//! program `on-target` runs it, usually from `composer test`.

mod case;
mod cases;
mod conduct;
mod custom;
mod judge;
mod summary;

pub use case::{Case, Expect, Run, What};
pub use cases::cases;
pub use conduct::{Stage, conduct};
pub use judge::judge;
pub use summary::{Summary, Verdict};
