//! Add, multiply-add, divide: by the host's arithmetic where that is the same, else exactly and rounded.

pub(crate) mod exactly;

use crate::fast;
use crate::number::{Number, SIGN};
use crate::round::Format;
use crate::status::{Control, Outcome};

/// a + b.
#[inline]
pub fn add(a: u64, b: u64, format: Format, control: Control) -> Outcome {
    fast::add(a, b, format, control).unwrap_or_else(|| exactly::add(a, b, format, control))
}

/// a - b.
#[inline]
pub fn subtract(a: u64, b: u64, format: Format, control: Control) -> Outcome {
    // A NaN keeps its sign.
    let b = if Number::new(b).is_nan() { b } else { b ^ SIGN };
    add(a, b, format, control)
}

/// a * c.
#[inline]
pub fn multiply(a: u64, c: u64, format: Format, control: Control) -> Outcome {
    fast::multiply(a, c, format, control).unwrap_or_else(|| exactly::multiply(a, c, format, control))
}

/// a * c + b, or a * c - b with `subtracts`, rounded once; negated after rounding with `negates`, unless it is a NaN.
#[inline]
pub fn multiply_add(
    a: u64,
    c: u64,
    b: u64,
    subtracts: bool,
    negates: bool,
    format: Format,
    control: Control,
) -> Outcome {
    // A NaN keeps its sign.
    let b = if subtracts && !f64::from_bits(b).is_nan() { b ^ SIGN } else { b };
    let mut outcome = fast::multiply_add(a, c, b, format, control)
        .unwrap_or_else(|| exactly::multiply_add(a, c, b, format, control));
    if negates && !f64::from_bits(outcome.bits).is_nan() {
        outcome.bits ^= SIGN;
    }
    outcome
}

/// a / b.
#[inline]
pub fn divide(a: u64, b: u64, format: Format, control: Control) -> Outcome {
    fast::divide(a, b, format, control).unwrap_or_else(|| exactly::divide(a, b, format, control))
}
