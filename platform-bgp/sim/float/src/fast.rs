//! Arithmetic by the host's, where that is known to be the same: rounding to nearest, and nothing near the ends of the
//! exponents' range, so that no exception but an inexact result is possible.
//!
//! The host's doubles give the result. What FPSCR wants besides, whether it is exact and whether it was rounded up in
//! magnitude, is the *error*: the exact value less the result, which is a double, or two, and is found by
//! transformations without any error of their own (Knuth's sum; the fused product's rest; Boldo and Muller, *Exact and
//! approximated error of the FMA*, 2011, for multiply-add). Only its sign matters.
//!
//! A single is rounded from a double that was rounded to odd: the result cut off, its last bit set if anything was.
//!
//! `None`: the operands are not such; the long way knows.

use crate::number::SIGN;
use crate::round::Format;
use crate::status::{Control, FI, FR, Outcome, Rounding, XX};

/// The field of a double's exponent.
#[inline(always)]
const fn field(bits: u64) -> u64 {
    bits >> 52 & 0x7FF
}

/// Whether a number is normal, and so far from both ends of the range that sums and differences are as well.
#[inline(always)]
const fn is_middle(bits: u64) -> bool {
    field(bits).wrapping_sub(300) < 1446
}

#[inline(always)]
const fn is_zero(bits: u64) -> bool {
    bits << 1 == 0
}

/// Whether a double is one that a single can have, of normal ones.
#[inline(always)]
const fn is_single(bits: u64) -> bool {
    bits & 0x1FFF_FFFF == 0
}

/// Whether the error of a result other than zero means that it was rounded up in magnitude.
#[inline(always)]
fn is_up(result: f64, error: f64) -> bool {
    (result.to_bits() ^ error.to_bits()) & SIGN != 0
}

#[inline(always)]
fn flags(result: f64, error: f64) -> u32 {
    if error == 0.0 {
        return 0;
    }
    XX | FI | if is_up(result, error) { FR } else { 0 }
}

/// A result with its error, in a format.
#[inline(always)]
fn finish(result: f64, error: f64, format: Format) -> Option<Outcome> {
    if format == Format::Double || result == 0.0 {
        return Some(Outcome { bits: result.to_bits(), flags: flags(result, error) });
    }
    let mut odd = result.to_bits();
    if error != 0.0 {
        odd = (odd - u64::from(is_up(result, error))) | 1;
    }
    let odd = f64::from_bits(odd);
    let single = f64::from(odd as f32);
    // The normal singles, and not the last.
    let normal = field(single.to_bits()).wrapping_sub(898) < 252;
    normal.then(|| Outcome { bits: single.to_bits(), flags: flags(single, odd - single) })
}

#[inline(always)]
fn applies(control: Control, format: Format, operands: &[u64]) -> bool {
    control.rounding == Rounding::Nearest
        && (format == Format::Double || operands.iter().all(|operand| is_single(*operand)))
}

/// A sum and its error.
#[inline(always)]
fn sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let other = sum - a;
    (sum, (a - (sum - other)) + (b - other))
}

/// Results alone, for whoever asks for the error later, or never.
pub mod result {
    use super::{field, is_middle, is_single, is_zero};
    use crate::round::Format;

    /// A double's result, if it is normal.
    #[inline(always)]
    fn double(result: f64) -> Option<u64> {
        is_middle(result.to_bits()).then_some(result.to_bits())
    }

    /// A single's result, if it is normal and not of the largest.
    #[inline(always)]
    fn single(result: f32) -> Option<u64> {
        let bits = f64::from(result).to_bits();
        (field(bits).wrapping_sub(898) < 252).then_some(bits)
    }

    /// The single that a double is.
    #[inline(always)]
    fn narrow(bits: u64) -> f32 {
        f64::from_bits(bits) as f32
    }

    /// a + b, neither of which may be zero.
    #[inline(always)]
    pub fn add(a: u64, b: u64, format: Format) -> Option<u64> {
        if !is_middle(a) || !is_middle(b) {
            return None;
        }
        match format {
            Format::Double => double(f64::from_bits(a) + f64::from_bits(b)),
            Format::Single if is_single(a | b) => single(narrow(a) + narrow(b)),
            Format::Single => None,
        }
    }

    /// a * c.
    #[inline(always)]
    pub fn multiply(a: u64, c: u64, format: Format) -> Option<u64> {
        if !is_middle(a) || !is_middle(c) {
            return None;
        }
        match format {
            Format::Double => double(f64::from_bits(a) * f64::from_bits(c)),
            Format::Single if is_single(a | c) => single(narrow(a) * narrow(c)),
            Format::Single => None,
        }
    }

    /// a * c + b.
    #[inline(always)]
    pub fn multiply_add(a: u64, c: u64, b: u64, format: Format) -> Option<u64> {
        if !is_middle(a) || !is_middle(c) || !(is_middle(b) || is_zero(b)) {
            return None;
        }
        match format {
            Format::Double => double(f64::from_bits(a).mul_add(f64::from_bits(c), f64::from_bits(b))),
            Format::Single if is_single(a | c | b) => single(narrow(a).mul_add(narrow(c), narrow(b))),
            Format::Single => None,
        }
    }
}

/// a + b.
#[inline(always)]
pub fn add(a: u64, b: u64, format: Format, control: Control) -> Option<Outcome> {
    let fits = |bits| is_middle(bits) || is_zero(bits);
    if !applies(control, format, &[a, b]) || !fits(a) || !fits(b) {
        return None;
    }
    let (result, error) = sum(f64::from_bits(a), f64::from_bits(b));
    finish(result, error, format)
}

/// a * c.
#[inline(always)]
pub fn multiply(a: u64, c: u64, format: Format, control: Control) -> Option<Outcome> {
    if !applies(control, format, &[a, c]) || !is_middle(a) || !is_middle(c) {
        return None;
    }
    let (x, y) = (f64::from_bits(a), f64::from_bits(c));
    let result = x * y;
    if !is_middle(result.to_bits()) {
        return None;
    }
    finish(result, x.mul_add(y, -result), format)
}

/// a * c + b.
#[inline(always)]
pub fn multiply_add(a: u64, c: u64, b: u64, format: Format, control: Control) -> Option<Outcome> {
    let fits = is_middle(a) && is_middle(c) && (is_middle(b) || is_zero(b));
    if !fits || !applies(control, format, &[a, c, b]) {
        return None;
    }
    let (x, y, z) = (f64::from_bits(a), f64::from_bits(c), f64::from_bits(b));
    let product = x * y;
    if !is_middle(product.to_bits()) {
        return None;
    }
    let result = x.mul_add(y, z);
    let rest = x.mul_add(y, -product);
    let (upper, lower) = sum(z, rest);
    let (first, second) = sum(product, upper);
    let error = ((first - result) + second) + lower;
    finish(result, error, format)
}

/// a / b.
#[inline(always)]
pub fn divide(a: u64, b: u64, format: Format, control: Control) -> Option<Outcome> {
    if !applies(control, format, &[a, b]) || !is_middle(a) || !is_middle(b) {
        return None;
    }
    let (x, y) = (f64::from_bits(a), f64::from_bits(b));
    let result = x / y;
    if !is_middle(result.to_bits()) {
        return None;
    }
    // What remains has the sign of the error, if the divisor is positive.
    let remainder = (-result).mul_add(y, x);
    finish(result, if b & SIGN == 0 { remainder } else { -remainder }, format)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::exactly;
    use proptest::prelude::*;

    /// Doubles that meet: of close exponents, with few bits or many, singles, zeros.
    fn double() -> impl Strategy<Value = u64> {
        let near = |bits: u64, field: u64| bits & 0x800F_FFFF_FFFF_FFFF | field << 52;
        prop_oneof![
            8 => (any::<u64>(), 1000_u64..1050).prop_map(move |(bits, field)| near(bits, field)),
            4 => (any::<u64>(), 900_u64..1150).prop_map(move |(bits, field)| near(bits, field)),
            4 => (any::<u64>(), 1015_u64..1030).prop_map(move |(bits, field)| near(bits, field) & !0x1FFF_FFFF),
            4 => (any::<u64>(), 1015_u64..1030, 40_u32..52).prop_map(move |(bits, field, zeros)| {
                near(bits, field) >> zeros << zeros
            }),
            // Just above and below a few bits: what rounds at the half, or nearly.
            4 => (any::<u64>(), 970_u64..1080, 45_u32..52, 0_u64..3).prop_map(move |(bits, field, zeros, off)| {
                (near(bits, field) >> zeros << zeros).wrapping_add(off).wrapping_sub(1)
            }),
            2 => any::<u64>(),
            1 => Just(0),
            1 => Just(SIGN),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_hosts_arithmetic_is_the_long_ways(a in double(), b in double(), c in double(), single: bool) {
            let format = if single { Format::Single } else { Format::Double };
            let control = Control { rounding: Rounding::Nearest, enabled: 0 };
            for (fast, exact) in [
                (add(a, b, format, control), exactly::add(a, b, format, control)),
                (multiply(a, c, format, control), exactly::multiply(a, c, format, control)),
                (multiply_add(a, c, b, format, control), exactly::multiply_add(a, c, b, format, control)),
                (divide(a, b, format, control), exactly::divide(a, b, format, control)),
            ] {
                if let Some(fast) = fast {
                    prop_assert_eq!(fast, exact);
                }
            }
            for (fast, exact) in [
                (result::add(a, b, format), exactly::add(a, b, format, control)),
                (result::multiply(a, c, format), exactly::multiply(a, c, format, control)),
                (result::multiply_add(a, c, b, format), exactly::multiply_add(a, c, b, format, control)),
            ] {
                if let Some(fast) = fast {
                    prop_assert_eq!(fast, exact.bits);
                    prop_assert_eq!(exact.flags & !(XX | FI | FR), 0);
                }
            }
        }
    }

    #[test]
    fn other_roundings_and_ends_of_the_range_go_the_long_way() {
        let (one, nearest) = (1.0_f64.to_bits(), Control { rounding: Rounding::Nearest, enabled: 0 });
        assert!(add(one, one, Format::Double, nearest).is_some());
        for rounding in [Rounding::Zero, Rounding::Up, Rounding::Down] {
            assert_eq!(add(one, one, Format::Double, Control { rounding, enabled: 0 }), None);
        }
        for bits in
            [1, 0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0x7FE0_0000_0000_0000, 0x0010_0000_0000_0000]
        {
            assert_eq!(add(one, bits, Format::Double, nearest), None);
            assert_eq!(multiply(bits, one, Format::Double, nearest), None);
        }
        let small = 2.0_f64.powi(-400).to_bits();
        assert_eq!(multiply(small, small, Format::Double, nearest), None);
        // A single of more bits than singles have.
        assert_eq!(add(one, one + 1, Format::Single, nearest), None);
    }
}
