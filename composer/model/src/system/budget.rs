//! Shares of a core's time.

use composer_syntax::Duration;

use super::Origin;

/// What a domain's thread may use of its core's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How long it may run in each period.
    pub time: Duration,
    /// The period; longer than the time.
    pub period: Duration,
    /// Where the spec says so.
    pub origin: Origin,
}
