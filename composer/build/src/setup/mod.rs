//! What composer needs on a machine, and how it gets there.
//!
//! [`REQUIREMENTS`] is the one list. `doctor` shows it whole; before a verb runs, [`prepare()`] installs what
//! that verb lacks and nothing else.

mod apt;
mod doctor;
mod prepare;
mod requirement;

pub use apt::{Apt, Ran, Runner, System};
pub use doctor::{Finding, examine};
pub use prepare::{Consent, prepare};
pub use requirement::{Purpose, REQUIREMENTS, Requirement};
