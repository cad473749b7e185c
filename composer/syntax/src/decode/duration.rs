//! Reading spans of time.

use std::fmt;

use crate::code::Code;
use crate::decode::{Decode, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::literal::{parse_integer, quoted};
use crate::nearest::nearest;
use crate::value::{Value, ValueKind};

/// A span of time in nanoseconds, written as a string with a unit: `"2 ms"`, `"500 us"`. A bare number is
/// none: nothing would say of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration(pub u64);

const UNITS: [(&str, u64); 4] = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

const EXPECTED: &str = "a time such as \"2 ms\"";

impl Duration {
    /// The ticks of a clock of `frequency` ticks in a second that fit into it.
    pub fn ticks(self, frequency: u64) -> u64 {
        let ticks = u128::from(self.0) * u128::from(frequency) / 1_000_000_000;
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

impl Decode for Duration {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let ValueKind::Text(text) = &value.kind else {
            return wrong_type(value, EXPECTED, found);
        };
        let end = text.find(char::is_alphabetic).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let (number, unit) = (number.trim(), unit.trim());
        let problem = |code, message: String| {
            Diagnostic::error(code, message).primary(value.span, format!("expected {EXPECTED}"))
        };
        let Some(count) = parse_integer(number) else {
            found.push(problem(Code::BadNumber, format!("`{text}` holds no whole number of a unit")));
            return None;
        };
        let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            let message = match unit {
                "" => format!("`{number}` has no unit"),
                _ => format!("unknown unit `{unit}`"),
            };
            let diagnostic = problem(Code::BadUnit, message).note("units are ns, us, ms and s");
            found.push(match meant(unit) {
                Some(meant) => {
                    let right = format!("{number} {meant}");
                    diagnostic.fix(format!("write `{right}`"), value.span, quoted(&right))
                }
                None => diagnostic,
            });
            return None;
        };
        let duration = u64::try_from(count).ok().and_then(|count| count.checked_mul(*factor));
        if duration.is_none() {
            found.push(problem(Code::BadNumber, format!("`{text}` is longer than can be counted")));
        }
        duration.map(Self)
    }
}

/// The unit that was likely meant.
fn meant(unit: &str) -> Option<&'static str> {
    match unit.to_lowercase().as_str() {
        "" => None,
        "µs" | "μs" | "usec" | "micros" | "microseconds" => Some("us"),
        "msec" | "millis" | "milliseconds" => Some("ms"),
        "nsec" | "nanos" | "nanoseconds" => Some("ns"),
        "sec" | "second" | "seconds" => Some("s"),
        lower => UNITS
            .iter()
            .map(|(name, _)| *name)
            .find(|name| *name == lower)
            .or_else(|| nearest(unit, UNITS.iter().map(|(name, _)| *name)).filter(|_| unit.len() > 2)),
    }
}

/// The time in the largest unit that divides it: `2 ms`.
impl fmt::Display for Duration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, factor): &&(&str, u64)| self.0 >= *factor && self.0.is_multiple_of(*factor);
        let (unit, factor) = UNITS.iter().rev().find(fits).unwrap_or(&UNITS[0]);
        write!(out, "{} {unit}", self.0 / factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let shown = [2_000_000, 1_500_000, 0, 3_000_000_000].map(|time| Duration(time).to_string());
        assert_eq!(shown, ["2 ms", "1500 us", "0 ns", "3 s"]);
    }

    #[test]
    fn ticks_are_whole_and_do_not_overflow() {
        assert_eq!(Duration(2_000_000).ticks(400_000_000), 800_000);
        assert_eq!(Duration(1).ticks(400_000_000), 0);
        assert_eq!(Duration(u64::MAX).ticks(u64::MAX), u64::MAX);
    }

    #[test]
    fn usual_misspellings_are_understood() {
        for (written, right) in [("MS", "ms"), ("µs", "us"), ("sec", "s"), ("msec", "ms")] {
            assert_eq!(meant(written), Some(right), "{written}");
        }
        assert_eq!(meant("h"), None);
    }
}
