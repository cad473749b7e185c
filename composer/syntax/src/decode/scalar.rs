//! Reading booleans, strings and numbers.

use crate::code::Code;
use crate::decode::{Decode, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::{Integer, Value, ValueKind};

impl Decode for bool {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        match value.kind {
            ValueKind::Bool(flag) => Some(flag),
            _ => wrong_type(value, "`true` or `false`", found),
        }
    }
}

impl Decode for String {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        match &value.kind {
            ValueKind::Text(text) => Some(text.clone()),
            _ => wrong_type(value, "a string", found),
        }
    }
}

/// `()`, for a map whose values say nothing yet.
impl Decode for () {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        match &value.kind {
            ValueKind::Tuple { items, .. } if items.is_empty() => Some(()),
            _ => wrong_type(value, "`()`", found),
        }
    }
}

impl Integer {
    /// The number itself, unless it has more than 127 bits.
    pub fn signed(self) -> Option<i128> {
        let magnitude = i128::try_from(self.magnitude).ok()?;
        Some(if self.negative { -magnitude } else { magnitude })
    }
}

/// Reports a number that is not in its range.
pub(crate) fn out_of_range(
    value: &Value,
    least: impl std::fmt::Display,
    most: impl std::fmt::Display,
    found: &mut Diagnostics,
) {
    found.push(
        Diagnostic::error(Code::BadNumber, format!("the number must be from {least} to {most}"))
            .primary(value.span, format!("expected {least} to {most}")),
    );
}

macro_rules! integers {
    ($($integer:ty)*) => {
        $(
            /// A whole number in the type's range, in any base.
            impl Decode for $integer {
                fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
                    let ValueKind::Integer(integer) = value.kind else {
                        return wrong_type(value, "an integer", found);
                    };
                    let number = integer.signed().and_then(|number| number.try_into().ok());
                    if number.is_none() {
                        out_of_range(value, <$integer>::MIN, <$integer>::MAX, found);
                    }
                    number
                }
            }
        )*
    };
}

integers! { u8 u16 u32 u64 i8 i16 i32 i64 }
