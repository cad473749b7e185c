//! Reading sizes and addresses.

use std::fmt;

use crate::code::Code;
use crate::decode::scalar::out_of_range;
use crate::decode::{Decode, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::literal::{parse_integer, quoted};
use crate::nearest::nearest;
use crate::span::Span;
use crate::value::{Integer, Value, ValueKind};

/// A number of bytes, written as an integer or as a string with a unit: `4096`, `"4 KiB"`, `"0x1000"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size(pub u64);

/// An address, written like a [`Size`]: `0xEF60_0300`, `"0x0100_0000"`, `"16 MiB"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(pub u64);

const UNITS: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

impl Decode for Size {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        quantity(value, "a size such as \"64 KiB\"", found).map(Size)
    }
}

impl Decode for Address {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        quantity(value, "an address such as \"0x0100_0000\"", found).map(Address)
    }
}

/// The size in the largest unit that divides it: `64 KiB`.
impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, bytes): &&(&str, u64)| self.0 >= *bytes && self.0.is_multiple_of(*bytes);
        let (unit, bytes) = UNITS.iter().rev().find(fits).unwrap_or(&UNITS[0]);
        write!(out, "{} {unit}", self.0 / bytes)
    }
}

/// The address in hexadecimal, in groups of four digits: `0x0100_0000`.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, middle, low) = (self.0 >> 32, self.0 >> 16 & 0xFFFF, self.0 & 0xFFFF);
        match high {
            0 => write!(out, "0x{middle:04X}_{low:04X}"),
            _ => write!(out, "0x{high:X}_{middle:04X}_{low:04X}"),
        }
    }
}

fn quantity(value: &Value, expected: &str, found: &mut Diagnostics) -> Option<u64> {
    let number = match &value.kind {
        ValueKind::Integer(Integer { negative, magnitude }) => {
            u64::try_from(*magnitude).ok().filter(|magnitude| !negative || *magnitude == 0)
        }
        ValueKind::Text(text) => match measure(text) {
            Ok(number) => number,
            Err(mistake) => {
                found.push(mistake.diagnostic(value.span, text, expected));
                return None;
            }
        },
        _ => return wrong_type(value, expected, found),
    };
    if number.is_none() {
        out_of_range(value, 0, u64::MAX, found);
    }
    number
}

/// Why a string is no size.
#[derive(Debug, PartialEq)]
enum Mistake<'a> {
    /// The number before the unit is none.
    Number(&'a str),
    /// The word after the number is no unit.
    Unit { number: &'a str, unit: &'a str },
}

/// The number that a string states; `None` if it has more than 64 bits.
fn measure(text: &str) -> Result<Option<u64>, Mistake<'_>> {
    let text = text.trim();
    // A hexadecimal number may end in letters of its own, so only white space ends it.
    let is_unit = |character: char| character.is_alphabetic() || character == '%';
    let end = if text.starts_with("0x") || text.starts_with("0b") || text.starts_with("0o") {
        text.find(char::is_whitespace)
    } else {
        text.find(is_unit)
    };
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let (number, unit) = (number.trim(), unit.trim());
    if number.is_empty() {
        return Err(Mistake::Number(number));
    }
    let factor = match unit {
        "" => 1,
        _ => match UNITS.iter().find(|(name, _)| *name == unit) {
            Some((_, factor)) => *factor,
            None => return Err(Mistake::Unit { number, unit }),
        },
    };
    let magnitude = parse_integer(number).ok_or(Mistake::Number(number))?;
    Ok(u64::try_from(magnitude).ok().and_then(|count| count.checked_mul(factor)))
}

impl Mistake<'_> {
    fn diagnostic(&self, span: Span, text: &str, expected: &str) -> Diagnostic {
        match self {
            Self::Number("") => Diagnostic::error(Code::BadNumber, format!("`{text}` holds no number"))
                .primary(span, format!("expected {expected}")),
            Self::Number(number) => {
                Diagnostic::error(Code::BadNumber, format!("`{number}` is no whole number"))
                    .primary(span, format!("expected {expected}"))
            }
            Self::Unit { number, unit } => {
                let diagnostic = Diagnostic::error(Code::BadUnit, format!("unknown unit `{unit}`"))
                    .primary(span, format!("expected {expected}"))
                    .note("units are B, KiB (1,024 bytes), MiB and GiB");
                let right = match meant(unit) {
                    Some(meant) => Some(format!("{number} {meant}")),
                    None => in_gibibytes(number, unit),
                };
                match right {
                    Some(right) => diagnostic.fix(format!("write `{right}`"), span, quoted(&right)),
                    None => diagnostic,
                }
            }
        }
    }
}

/// The unit that was likely meant: `K`, `kb` and `kib` all mean `KiB`.
fn meant(unit: &str) -> Option<&'static str> {
    let names = || UNITS.iter().map(|(name, _)| *name);
    let same = |name: &&str| {
        let (name, unit) = (name.to_lowercase(), unit.to_lowercase());
        unit == name || unit == name.replace("ib", "b") || unit == name.replace("ib", "")
    };
    match unit.to_lowercase().as_str() {
        "byte" | "bytes" => Some("B"),
        // A letter away from the units here, and a thousand times as large.
        "tib" | "tb" | "pib" | "pb" | "eib" | "eb" => None,
        // One letter is near every other; only those that are units' own count.
        _ => names().find(same).or_else(|| nearest(unit, names().skip(1)).filter(|_| unit.len() > 1)),
    }
}

/// What is meant by a unit of terabytes, in the largest one that there is.
fn in_gibibytes(number: &str, unit: &str) -> Option<String> {
    let count: u64 = parse_integer(number)?.try_into().ok()?;
    ["t", "tb", "tib"].contains(&unit.to_lowercase().as_str()).then_some(())?;
    Some(format!("{} GiB", count.checked_mul(1024)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(measure("64 KiB"), Ok(Some(65_536)));
        assert_eq!(measure(" 1MiB "), Ok(Some(1 << 20)));
        assert_eq!(measure("0x0100_0000"), Ok(Some(0x0100_0000)));
        assert_eq!(measure("0x10 KiB"), Ok(Some(0x4000)));
        assert_eq!(measure("1_000"), Ok(Some(1000)));
        assert_eq!(measure("17179869184 GiB"), Ok(None));
    }

    #[test]
    fn what_is_no_size_says_why() {
        assert_eq!(measure("64 KB"), Err(Mistake::Unit { number: "64", unit: "KB" }));
        assert_eq!(measure("KiB"), Err(Mistake::Number("")));
        assert_eq!(measure("-4 KiB"), Err(Mistake::Number("-4")));
        assert_eq!(measure("1.5 MiB"), Err(Mistake::Number("1.5")));
        assert_eq!(measure("0xZZ"), Err(Mistake::Number("0xZZ")));
    }

    #[test]
    fn usual_misspellings_are_understood() {
        for (written, right) in [("k", "KiB"), ("KB", "KiB"), ("mib", "MiB"), ("Gb", "GiB"), ("bytes", "B")] {
            assert_eq!(meant(written), Some(right), "{written}");
        }
        assert_eq!(meant("pages"), None);
        assert_eq!(meant("x"), None);
    }

    #[test]
    fn larger_units_are_not_taken_for_small_ones() {
        for unit in ["TiB", "TB", "t", "PiB", "EiB"] {
            assert_eq!(meant(unit), None, "{unit}");
        }
        assert_eq!(in_gibibytes("2", "TiB").as_deref(), Some("2048 GiB"));
        assert_eq!(in_gibibytes("2", "EiB"), None);
    }

    #[test]
    fn sizes_and_addresses_read_well() {
        assert_eq!(Size(65_536).to_string(), "64 KiB");
        assert_eq!(Size(0).to_string(), "0 B");
        assert_eq!(Size(1025).to_string(), "1025 B");
        assert_eq!(Address(0x0100_0000).to_string(), "0x0100_0000");
        assert_eq!(Address(0x1_EF60_0300).to_string(), "0x1_EF60_0300");
    }
}
