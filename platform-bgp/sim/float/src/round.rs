//! From wide numbers to doubles.

use crate::number::{INFINITY, SIGN, Wide, shift_sticky};
use crate::status::{Control, FI, FR, OE, OX, Outcome, Rounding, UE, UX, XX};

/// The precision of a result. Single-precision results are kept as doubles, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// 24 bits.
    Single,
    /// 53 bits.
    Double,
}

impl Format {
    const fn precision(self) -> u32 {
        if matches!(self, Self::Single) { 24 } else { 53 }
    }

    const fn largest_exponent(self) -> i32 {
        if matches!(self, Self::Single) { 127 } else { 1023 }
    }

    const fn smallest_exponent(self) -> i32 {
        1 - self.largest_exponent()
    }

    /// What is added to or taken from the exponents of results where underflow or overflow is enabled.
    const fn wrap(self) -> i32 {
        if matches!(self, Self::Single) { 192 } else { 1536 }
    }

    /// The largest number.
    const fn largest(self) -> u64 {
        if matches!(self, Self::Single) { 0x47EF_FFFF_E000_0000 } else { INFINITY - 1 }
    }
}

/// Whether to round up in magnitude, by the kept number's last bit and what is cut off, half being `half`.
const fn rounds_up(rounding: Rounding, sign: bool, odd: bool, rest: u128, half: u128) -> bool {
    match rounding {
        Rounding::Nearest => rest > half || rest == half && odd,
        Rounding::Zero => false,
        Rounding::Up => !sign && rest != 0,
        Rounding::Down => sign && rest != 0,
    }
}

/// The double of an integer times a power of two. The integer has 53 bits at most, and the value is one that a
/// double can have.
const fn pack(sign: bool, integer: u64, power: i32) -> u64 {
    let sign = if sign { SIGN } else { 0 };
    if integer == 0 {
        return sign;
    }
    let bits = 64 - integer.leading_zeros() as i32;
    let exponent = power + bits - 1;
    if exponent < -1022 {
        return sign | integer << (power + 1074);
    }
    let fraction = (integer << (53 - bits)) & 0x000F_FFFF_FFFF_FFFF;
    sign | ((exponent + 1023) as u64) << 52 | fraction
}

/// Rounds to a format.
///
/// Tininess is found before rounding, as the architecture has it. Where overflow or underflow is enabled, the
/// result's exponent is wrapped.
pub fn round(number: Wide, format: Format, control: Control) -> Outcome {
    let Wide { sign, mut exponent, significand } = number;
    let mut flags = 0;
    let mut cut = 127 - format.precision();
    let tiny = exponent < format.smallest_exponent();
    let mut denormalised = 0;
    if tiny {
        if control.enabled & UE != 0 {
            flags |= UX;
            exponent += format.wrap();
        } else {
            denormalised = format.smallest_exponent().abs_diff(exponent);
        }
    }
    let significand = shift_sticky(significand, denormalised);
    let mut integer = (significand >> cut) as u64;
    let rest = significand & ((1 << cut) - 1);
    let up = rounds_up(control.rounding, sign, integer & 1 != 0, rest, 1 << (cut - 1));
    if up {
        integer += 1;
        if integer >> format.precision() != 0 {
            // All ones became a power of two: one bit less is needed.
            integer >>= 1;
            cut += 1;
        }
        flags |= FR;
    }
    if rest != 0 {
        flags |= FI | XX;
        if denormalised != 0 {
            flags |= UX;
        }
    }
    let power = exponent + denormalised as i32 - 126 + cut as i32;
    let top = power + 63 - integer.leading_zeros() as i32;
    if integer != 0 && top > format.largest_exponent() {
        if control.enabled & OE == 0 {
            return overflowed(sign, format, control);
        }
        return Outcome { bits: pack(sign, integer, power - format.wrap()), flags: flags | OX };
    }
    Outcome { bits: pack(sign, integer, power), flags }
}

/// The result of an overflow that is not enabled: infinity or the largest number, by the rounding.
fn overflowed(sign: bool, format: Format, control: Control) -> Outcome {
    let infinite = match control.rounding {
        Rounding::Nearest => true,
        Rounding::Zero => false,
        Rounding::Up => !sign,
        Rounding::Down => sign,
    };
    let bits = if infinite { INFINITY } else { format.largest() };
    let flags = OX | XX | FI | if infinite { FR } else { 0 };
    Outcome { bits: bits | if sign { SIGN } else { 0 }, flags }
}
