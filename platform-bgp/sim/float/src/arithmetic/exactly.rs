//! Arithmetic on numbers taken apart, for any operands and any rounding.

use crate::number::{Class, INFINITY, NAN, Number, QUIET, SIGN, Wide};
use crate::round::{Format, round};
use crate::status::{Control, Outcome, Rounding, VXIDI, VXIMZ, VXISI, VXSNAN, VXZDZ, ZX};

/// The NaN among operands that becomes the result, the first in the architecture's order.
fn propagated(operands: &[Number], format: Format, mut flags: u32) -> Option<Outcome> {
    if operands.iter().any(Number::signals) {
        flags |= VXSNAN;
    }
    let bits = operands.iter().find(|operand| operand.is_nan())?.bits | QUIET;
    let kept = if format == Format::Single { !0x1FFF_FFFF } else { u64::MAX };
    Some(Outcome { bits: bits & kept, flags })
}

const fn invalid(why: u32) -> Outcome {
    Outcome { bits: NAN, flags: why }
}

const fn signed(bits: u64, sign: bool) -> Outcome {
    Outcome::exact(if sign { bits | SIGN } else { bits })
}

/// The sign of a sum that is exactly zero: minus only when rounding down.
fn zero_sum(control: Control) -> Outcome {
    signed(0, control.rounding == Rounding::Down)
}

/// a + b.
#[inline(never)]
pub(crate) fn add(a: u64, b: u64, format: Format, control: Control) -> Outcome {
    let (a, b) = (Number::new(a), Number::new(b));
    if let Some(nan) = propagated(&[a, b], format, 0) {
        return nan;
    }
    match (a.class, b.class) {
        (Class::Infinity, Class::Infinity) if a.sign != b.sign => invalid(VXISI),
        (Class::Infinity, _) => Outcome::exact(a.bits),
        (_, Class::Infinity) => Outcome::exact(b.bits),
        (Class::Zero, Class::Zero) if a.sign == b.sign => Outcome::exact(a.bits),
        (Class::Zero, Class::Zero) => zero_sum(control),
        (Class::Zero, _) => round(b.wide(), format, control),
        (_, Class::Zero) => round(a.wide(), format, control),
        _ => a.wide().sum(b.wide()).map_or_else(|| zero_sum(control), |sum| round(sum, format, control)),
    }
}

/// a * c.
#[inline(never)]
pub(crate) fn multiply(a: u64, c: u64, format: Format, control: Control) -> Outcome {
    let (a, c) = (Number::new(a), Number::new(c));
    if let Some(nan) = propagated(&[a, c], format, 0) {
        return nan;
    }
    let sign = a.sign != c.sign;
    match (a.class, c.class) {
        (Class::Infinity, Class::Zero) | (Class::Zero, Class::Infinity) => invalid(VXIMZ),
        (Class::Infinity, _) | (_, Class::Infinity) => signed(INFINITY, sign),
        (Class::Zero, _) | (_, Class::Zero) => signed(0, sign),
        _ => round(Wide::product(&a, &c), format, control),
    }
}

/// a * c + b, rounded once.
#[inline(never)]
pub(crate) fn multiply_add(a: u64, c: u64, b: u64, format: Format, control: Control) -> Outcome {
    let (a, c, b) = (Number::new(a), Number::new(c), Number::new(b));
    let impossible =
        matches!((a.class, c.class), (Class::Infinity, Class::Zero) | (Class::Zero, Class::Infinity));
    // A NaN that is added wins over the product that is none, which is told all the same.
    if let Some(nan) = propagated(&[a, b, c], format, if impossible { VXIMZ } else { 0 }) {
        return nan;
    }
    if impossible {
        return invalid(VXIMZ);
    }
    let sign = a.sign != c.sign;
    let product_is_infinite = a.class == Class::Infinity || c.class == Class::Infinity;
    let product_is_zero = a.class == Class::Zero || c.class == Class::Zero;
    match b.class {
        Class::Infinity if product_is_infinite && sign != b.sign => invalid(VXISI),
        _ if product_is_infinite => signed(INFINITY, sign),
        Class::Infinity => Outcome::exact(b.bits),
        Class::Zero if product_is_zero && sign == b.sign => Outcome::exact(b.bits),
        Class::Zero if product_is_zero => zero_sum(control),
        _ if product_is_zero => round(b.wide(), format, control),
        Class::Zero => round(Wide::product(&a, &c), format, control),
        _ => Wide::product(&a, &c)
            .sum(b.wide())
            .map_or_else(|| zero_sum(control), |sum| round(sum, format, control)),
    }
}

/// a / b.
#[inline(never)]
pub(crate) fn divide(a: u64, b: u64, format: Format, control: Control) -> Outcome {
    let (a, b) = (Number::new(a), Number::new(b));
    if let Some(nan) = propagated(&[a, b], format, 0) {
        return nan;
    }
    let sign = a.sign != b.sign;
    match (a.class, b.class) {
        (Class::Infinity, Class::Infinity) => invalid(VXIDI),
        (Class::Zero, Class::Zero) => invalid(VXZDZ),
        (Class::Infinity, _) => signed(INFINITY, sign),
        (_, Class::Zero) => Outcome { flags: ZX, ..signed(INFINITY, sign) },
        (Class::Zero, _) | (_, Class::Infinity) => signed(0, sign),
        _ => round(Wide::quotient(&a, &b), format, control),
    }
}
