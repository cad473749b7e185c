//! What follows when a guest stops.

/// What follows when a guest stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// It starts afresh.
    Restart,
    /// The monitor ends.
    Stop,
    /// The monitor's domain faults, and the spec's `on_fault` decides.
    Fail,
}

impl Policy {
    /// The policy that a spec's word names.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "restart" => Some(Self::Restart),
            "stop" => Some(Self::Stop),
            "fail" => Some(Self::Fail),
            _ => None,
        }
    }
}
