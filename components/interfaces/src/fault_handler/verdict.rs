//! What a handler decides about a fault.

use runtime::FaultAnswer;

/// A handler's decision, which travels as two words: the answer, then the next instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What the spec's `on_fault` says shall follow.
    Unhandled,
    /// The thread goes on at this address.
    Resume(u32),
}

impl From<Verdict> for u64 {
    fn from(verdict: Verdict) -> Self {
        let (answer, next) = match verdict {
            Verdict::Unhandled => (FaultAnswer::Unhandled, 0),
            Verdict::Resume(next) => (FaultAnswer::Resume, next),
        };
        Self::from(answer as u32) << 32 | Self::from(next)
    }
}
