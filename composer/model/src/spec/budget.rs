//! A budget as written.

use composer_syntax::{Decode, Diagnostics, Duration, Fields, Spanned, Value};

/// `(time: "2 ms", period: "10 ms")`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BudgetText {
    /// `time`: how long the thread may run in each period.
    pub(crate) time: Spanned<Duration>,
    /// `period`.
    pub(crate) period: Spanned<Duration>,
}

impl Decode for BudgetText {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Budget", found)?;
        let (time, period) = (fields.required("time"), fields.required("period"));
        fields.close();
        Some(Self { time: time?, period: period? })
    }
}
