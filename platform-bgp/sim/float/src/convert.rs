//! Conversions and comparisons.

use crate::number::{Class, Number, QUIET, shift_sticky};
use crate::round::{Format, round};
use crate::status::{Control, FI, FR, Outcome, Rounding, VE, VXCVI, VXSNAN, VXVC, XX};

/// Rounds a double to single precision.
pub fn to_single(b: u64, control: Control) -> Outcome {
    let number = Number::new(b);
    match number.class {
        Class::Finite => round(number.wide(), Format::Single, control),
        Class::Zero | Class::Infinity => Outcome::exact(b),
        Class::Quiet => Outcome::exact(b & !0x1FFF_FFFF),
        Class::Signalling => Outcome { bits: (b | QUIET) & !0x1FFF_FFFF, flags: VXSNAN },
    }
}

/// The upper half of what a conversion to an integer leaves, which the architecture leaves undefined: as QEMU does.
const UPPER: u64 = 0xFFF8_0000_0000_0000;

/// Rounds to a signed integer of 32 bits.
pub fn to_integer(b: u64, rounding: Rounding) -> Outcome {
    let number = Number::new(b);
    let failed = |bits: u32, also: u32| Outcome { bits: UPPER | u64::from(bits), flags: VXCVI | also };
    let limit = if number.sign { 0x8000_0000 } else { 0x7FFF_FFFF };
    match number.class {
        Class::Zero => Outcome::exact(UPPER),
        Class::Infinity => failed(limit, 0),
        Class::Quiet => failed(0x8000_0000, 0),
        Class::Signalling => failed(0x8000_0000, VXSNAN),
        Class::Finite if number.exponent > 31 => failed(limit, 0),
        Class::Finite => {
            // 64 bits of fraction below the integer.
            let fixed =
                shift_sticky(u128::from(number.significand) << 33, (number.exponent - 32).unsigned_abs());
            let (integer, rest) = ((fixed >> 64) as u64, fixed as u64);
            let up = match rounding {
                Rounding::Nearest => rest > 1 << 63 || rest == 1 << 63 && integer & 1 != 0,
                Rounding::Zero => false,
                Rounding::Up => !number.sign && rest != 0,
                Rounding::Down => number.sign && rest != 0,
            };
            let magnitude = integer + u64::from(up);
            if magnitude > 0x7FFF_FFFF + u64::from(number.sign) {
                return failed(limit, 0);
            }
            let value = if number.sign { (magnitude as u32).wrapping_neg() } else { magnitude as u32 };
            let flags = if rest != 0 { FI | XX } else { 0 } | if up { FR } else { 0 };
            Outcome { bits: UPPER | u64::from(value), flags }
        }
    }
}

/// Compares: the relation as a condition field (less, greater, equal, unordered), and exceptions. `ordered`: any NaN
/// is invalid.
pub fn compare(a: u64, b: u64, ordered: bool, control: Control) -> (u32, u32) {
    let (first, second) = (Number::new(a), Number::new(b));
    if first.is_nan() || second.is_nan() {
        let signals = first.signals() || second.signals();
        let flags = match (signals, ordered) {
            (true, true) if control.enabled & VE == 0 => VXSNAN | VXVC,
            (true, _) => VXSNAN,
            (false, true) => VXVC,
            (false, false) => 0,
        };
        return (1, flags);
    }
    let (a, b) = (f64::from_bits(a), f64::from_bits(b));
    (
        if a < b {
            8
        } else if a > b {
            4
        } else {
            2
        },
        0,
    )
}

/// A single in memory as a double. NaNs keep signalling.
#[inline]
pub const fn from_memory(single: u32) -> u64 {
    let sign = (single as u64 & 0x8000_0000) << 32;
    let (field, fraction) = (single >> 23 & 0xFF, (single & 0x007F_FFFF) as u64);
    match (field, fraction) {
        (0, 0) => sign,
        (0, _) => {
            let zeros = fraction.leading_zeros() - 40;
            sign | (897 - zeros as u64) << 52 | (fraction << (29 + zeros)) & 0x000F_FFFF_FFFF_FFFF
        }
        (0xFF, _) => sign | 0x7FF0_0000_0000_0000 | fraction << 29,
        _ => sign | (field as u64 + 896) << 52 | fraction << 29,
    }
}

/// A double as a single in memory, cut off and not rounded. Numbers too small for a single become zero, which the
/// architecture leaves undefined.
#[inline]
pub const fn to_memory(double: u64) -> u32 {
    let field = double >> 52 & 0x7FF;
    if field > 896 {
        return (double >> 32 & 0xC000_0000) as u32 | (double >> 29 & 0x3FFF_FFFF) as u32;
    }
    let sign = (double >> 32 & 0x8000_0000) as u32;
    if field < 874 {
        return sign;
    }
    sign | ((double & 0x000F_FFFF_FFFF_FFFF | 1 << 52) >> (926 - field)) as u32
}

/// The five bits of FPRF: class and sign of a result.
#[inline]
pub fn class_of(bits: u64, format: Format) -> u32 {
    let number = Number::new(bits);
    let smallest = if format == Format::Single { -126 } else { -1022 };
    match (number.class, number.sign) {
        (Class::Quiet | Class::Signalling, _) => 0b1_0001,
        (Class::Infinity, true) => 0b0_1001,
        (Class::Infinity, false) => 0b0_0101,
        (Class::Zero, true) => 0b1_0010,
        (Class::Zero, false) => 0b0_0010,
        (Class::Finite, sign) if number.exponent < smallest => {
            if sign {
                0b1_1000
            } else {
                0b1_0100
            }
        }
        (Class::Finite, true) => 0b0_1000,
        (Class::Finite, false) => 0b0_0100,
    }
}
