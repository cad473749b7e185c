//! Decrementer, fixed interval timer and watchdog, as deadlines.

/// A virtual CPU's timers.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Timers {}

impl Timers {
    /// No timer runs.
    pub const fn new() -> Self {
        Self {}
    }
}
