//! The estimates of reciprocals and of their roots.
//!
//! The architecture bounds their errors (1/256 and 1/32) and leaves the bits to the unit; the 440's are not known.
//! These are as good as the format allows, and the same on every host.

use crate::arithmetic::divide;
use crate::number::{Class, INFINITY, NAN, Number, QUIET, SIGN};
use crate::round::Format;
use crate::status::{Control, FI, FR, Outcome, VXSNAN, VXSQRT, XX, ZX};

/// 1 / b. Estimates do not tell whether they are inexact.
pub fn reciprocal(b: u64, format: Format, control: Control) -> Outcome {
    let outcome = divide(1.0_f64.to_bits(), b, format, control);
    Outcome { flags: outcome.flags & !(FI | FR | XX), ..outcome }
}

/// 1 / sqrt(b).
pub fn reciprocal_root(b: u64) -> Outcome {
    let number = Number::new(b);
    match (number.class, number.sign) {
        (Class::Quiet, _) => Outcome::exact(b),
        (Class::Signalling, _) => Outcome { bits: b | QUIET, flags: VXSNAN },
        (Class::Zero, sign) => Outcome { bits: INFINITY | if sign { SIGN } else { 0 }, flags: ZX },
        (_, true) => Outcome { bits: NAN, flags: VXSQRT },
        (Class::Infinity, false) => Outcome::exact(0),
        // Roots and quotients of the host are correctly rounded, everywhere.
        (Class::Finite, false) => Outcome::exact((1.0 / f64::from_bits(b).sqrt()).to_bits()),
    }
}
