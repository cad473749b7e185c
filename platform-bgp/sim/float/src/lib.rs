//! Floating-point arithmetic as PowerPC defines it: IEEE 754 with the architecture's choices where the standard
//! leaves them open, and with everything that goes to FPSCR.
//!
//! Libraries of soft floating point answer results and the five IEEE exceptions. FPSCR wants more: why an
//! operation was invalid, whether the fraction was rounded up, and results with wrapped exponents where overflow or
//! underflow is enabled. So the few operations of the 440's unit are here: all work on [`Wide`] numbers, exact but
//! for one sticky bit, and meet in one function that rounds.
//!
//! - [`status`]: bits of FPSCR, and how an outcome changes it;
//! - [`arithmetic`]: add, multiply-add, divide;
//! - [`fast`]: the same by the host's, where that can be;
//! - [`convert`]: to single precision and to integers, comparisons, the formats in memory;
//! - [`estimate`]: the two estimates.

#![forbid(unsafe_code)]

pub mod arithmetic;
pub mod convert;
pub mod estimate;
pub mod fast;
mod number;
mod round;
pub mod status;

pub use number::{Class, Number, Wide};
pub use round::{Format, round};
pub use status::{Control, Outcome, Rounding};
