//! Numbers taken apart.

/// What a double is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Zero.
    Zero,
    /// Normal or denormalised.
    Finite,
    /// Infinity.
    Infinity,
    /// A NaN that does not signal.
    Quiet,
    /// A NaN that does.
    Signalling,
}

/// A double in parts. The significand has its first bit in bit 63, and the value is significand * 2^(exponent - 63).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The double itself.
    pub bits: u64,
    /// What it is.
    pub class: Class,
    /// Negative.
    pub sign: bool,
    /// Of the first bit; finite numbers only.
    pub exponent: i32,
    /// Finite numbers only.
    pub significand: u64,
}

/// The sign of a double.
pub(crate) const SIGN: u64 = 1 << 63;
/// Plus infinity.
pub(crate) const INFINITY: u64 = 0x7FF0_0000_0000_0000;
/// The NaN that invalid operations leave.
pub(crate) const NAN: u64 = 0x7FF8_0000_0000_0000;
/// What makes a NaN quiet.
pub(crate) const QUIET: u64 = 0x0008_0000_0000_0000;

const FRACTION: u64 = 0x000F_FFFF_FFFF_FFFF;

impl Number {
    /// Takes a double apart.
    #[inline]
    pub const fn new(bits: u64) -> Self {
        let sign = bits & SIGN != 0;
        let (field, fraction) = ((bits >> 52 & 0x7FF) as i32, bits & FRACTION);
        let (class, exponent, significand) = match (field, fraction) {
            (0, 0) => (Class::Zero, 0, 0),
            (0, _) => {
                let zeros = fraction.leading_zeros();
                // A fraction's first bit is worth 2^-1023, and stands behind 12 others.
                (Class::Finite, -1022 - (zeros as i32 - 11), fraction << zeros)
            }
            (0x7FF, 0) => (Class::Infinity, 0, 0),
            (0x7FF, _) if fraction & QUIET != 0 => (Class::Quiet, 0, 0),
            (0x7FF, _) => (Class::Signalling, 0, 0),
            _ => (Class::Finite, field - 1023, (fraction | 1 << 52) << 11),
        };
        Self { bits, class, sign, exponent, significand }
    }

    /// Whether it is a NaN.
    pub const fn is_nan(&self) -> bool {
        matches!(self.class, Class::Quiet | Class::Signalling)
    }

    /// Whether it is a NaN that signals.
    pub const fn signals(&self) -> bool {
        matches!(self.class, Class::Signalling)
    }

    /// The same number in wide form. Finite numbers only.
    pub const fn wide(&self) -> Wide {
        Wide { sign: self.sign, exponent: self.exponent, significand: (self.significand as u128) << 63 }
    }
}

/// A finite number other than zero, with room: the first bit is bit 126, and the value significand * 2^(exponent -
/// 126). The last bit is sticky: set, if anything but zeros was lost to its right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide {
    /// Negative.
    pub sign: bool,
    /// Of the first bit.
    pub exponent: i32,
    /// 127 bits.
    pub significand: u128,
}

/// Shifts to the right; ones that are lost stick in the last bit.
pub(crate) const fn shift_sticky(value: u128, count: u32) -> u128 {
    if count == 0 {
        value
    } else if count > 127 {
        (value != 0) as u128
    } else {
        value >> count | (value << (128 - count) != 0) as u128
    }
}

impl Wide {
    /// The exact product of two finite numbers.
    pub const fn product(a: &Number, b: &Number) -> Self {
        // Doubles fill the upper 53 bits, so nothing is lost by making room.
        Self {
            sign: a.sign != b.sign,
            exponent: a.exponent + b.exponent,
            significand: a.significand as u128 * b.significand as u128,
        }
        .normalised()
    }

    /// The quotient of two finite numbers.
    pub const fn quotient(a: &Number, b: &Number) -> Self {
        let dividend = (a.significand as u128) << 63;
        let divisor = b.significand as u128;
        let (quotient, rest) = (dividend / divisor, dividend % divisor);
        Self {
            sign: a.sign != b.sign,
            exponent: a.exponent - b.exponent,
            significand: quotient << 63 | (rest != 0) as u128,
        }
        .normalised()
    }

    /// The sum; `None` if it is exactly zero.
    pub fn sum(self, other: Self) -> Option<Self> {
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        let aligned = shift_sticky(small.significand, large.exponent.abs_diff(small.exponent));
        let (sign, significand) = if large.sign == small.sign {
            (large.sign, large.significand + aligned)
        } else if large.significand >= aligned {
            (large.sign, large.significand - aligned)
        } else {
            (small.sign, aligned - large.significand)
        };
        (significand != 0).then(|| Self { sign, exponent: large.exponent, significand }.normalised())
    }

    /// Brings the first bit to its place.
    const fn normalised(mut self) -> Self {
        if self.significand >> 127 != 0 {
            self.significand = shift_sticky(self.significand, 1);
            self.exponent += 1;
        } else {
            let zeros = self.significand.leading_zeros() - 1;
            self.significand <<= zeros;
            self.exponent -= zeros as i32;
        }
        self
    }
}
