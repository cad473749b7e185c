//! A machine's life: whether its guest runs, and what others order.
//!
//! ```text
//!            boot              stop
//!   (start) ──────▶ Running ◀────────▶ Stopped
//!                    │  ▲     resume      │
//!     reset or death │  │ reset           │ reset
//!     without a      ▼  │                 ▼
//!     restart    Off, Dead            (start)
//! ```
//!
//! Orders arrive between two runs, so each is carried out when its answer leaves: only a reset leaves the copying of the
//! images for after the answer.

use interfaces::ServeMachine;
use interfaces::machine::{Phase, Reason, Status};
use runtime::{Client, WireError};

use crate::monitor::End;

/// The life of one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    status: Status,
    /// The guest is to be started afresh.
    is_due: bool,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self::new()
    }
}

impl Lifecycle {
    /// A machine that is to be started for the first time.
    pub const fn new() -> Self {
        Self { status: Status { phase: Phase::Running, reason: Reason::None, starts: 0 }, is_due: true }
    }

    /// Whether the guest is to be started afresh.
    pub fn is_due(&self) -> bool {
        self.is_due
    }

    /// The guest starts afresh.
    pub fn begins(&mut self) {
        self.is_due = false;
        self.status.starts = self.status.starts.wrapping_add(1);
    }

    /// Whether the guest runs on, and not afresh.
    pub fn goes_on(&self) -> bool {
        self.status.phase == Phase::Running && !self.is_due
    }

    /// The guest has ended, and starts afresh or not.
    pub fn ended(&mut self, end: End, restarts: bool) {
        let (phase, reason) = match end {
            End::Reset => (Phase::Off, Reason::Reset),
            End::Panic => (Phase::Off, Reason::Panic),
            End::Watchdog => (Phase::Off, Reason::Watchdog),
            End::Died(_) => (Phase::Dead, Reason::Death),
            // The order has said what it is.
            End::Ordered => return,
        };
        self.status.reason = reason;
        if restarts {
            self.is_due = true;
        } else {
            self.status.phase = phase;
        }
    }
}

impl ServeMachine for Lifecycle {
    fn stop(&mut self, _: Client) -> Result<bool, WireError> {
        let runs = self.status.phase == Phase::Running;
        if runs {
            self.status.phase = Phase::Stopped;
        }
        Ok(runs)
    }

    fn resume(&mut self, _: Client) -> Result<bool, WireError> {
        if self.status.phase == Phase::Stopped {
            self.status.phase = Phase::Running;
        }
        Ok(self.status.phase == Phase::Running)
    }

    fn reset(&mut self, _: Client) -> Result<(), WireError> {
        self.status.phase = Phase::Running;
        self.status.reason = Reason::Order;
        self.is_due = true;
        Ok(())
    }

    fn status(&mut self, _: Client) -> Result<[u8; 12], WireError> {
        Ok(self.status.to_bytes())
    }
}
