//! What any method of any interface can answer instead of its result.

use core::fmt;

/// Why a method gave no result. Every method of every interface returns it, so that a peer's death is an
/// ordinary error on every wire, however the spec wires it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum WireError {
    /// The domain at the other end has stopped.
    PeerGone = 1,
    /// The provider is in the middle of another call: a re-entry over a direct wire, or a wait by a
    /// passive instance.
    Busy = 2,
    /// There is no room now; a later try can succeed.
    Full = 3,
    /// The operation, a word or a length has no meaning in the interface.
    Malformed = 4,
    /// A slice is longer than its declared maximum.
    TooLong = 5,
    /// The hardware failed, or the kernel refused on its behalf.
    Hardware = 6,
}

impl WireError {
    /// All errors, in order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::PeerGone, Self::Busy, Self::Full, Self::Malformed, Self::TooLong, Self::Hardware];

    /// The number that a reply's tag carries; 0 means no error.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The error that an outcome other than 0 stands for. A number that no error has is itself malformed.
    #[cold]
    pub fn from_outcome(outcome: u16) -> Self {
        Self::ALL.into_iter().find(|error| error.number() == outcome).unwrap_or(Self::Malformed)
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::PeerGone => "the peer has stopped",
            Self::Busy => "the peer is busy",
            Self::Full => "there is no room now",
            Self::Malformed => "the message is malformed",
            Self::TooLong => "a slice is longer than its maximum",
            Self::Hardware => "the hardware failed",
        })
    }
}

impl core::error::Error for WireError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_the_errors_that_sent_them() {
        for error in WireError::ALL {
            assert_eq!(WireError::from_outcome(error.number()), error);
        }
    }

    #[test]
    fn an_unknown_number_is_malformed() {
        assert_eq!(WireError::from_outcome(999), WireError::Malformed);
    }
}
