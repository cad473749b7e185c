//! Virtual time: cycles of the core clock, of which there are 850 million in a second.

use serde::{Deserialize, Serialize};

/// Cycles in a second.
pub const FREQUENCY: u64 = 850_000_000;

/// How long instructions take: so many in so many cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Instructions.
    pub instructions: u32,
    /// Cycles in which they are executed.
    pub cycles: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { instructions: 1, cycles: 1 }
    }
}

/// A core's place in time, and the instructions that it has completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pace: Pace,
    /// A time, and how many instructions had been completed then: time since is counted by instructions.
    since: u64,
    before: u64,
    completed: u64,
}

impl Clock {
    /// A clock at 0.
    pub const fn new(pace: Pace) -> Self {
        Self { pace, since: 0, before: 0, completed: 0 }
    }

    /// The time in cycles.
    pub fn time(&self) -> u64 {
        self.since
            + (self.completed - self.before) * u64::from(self.pace.cycles) / u64::from(self.pace.instructions)
    }

    /// How many instructions have been completed.
    pub fn instructions(&self) -> u64 {
        self.completed
    }

    /// Counts completed instructions.
    pub fn complete(&mut self, instructions: u64) {
        self.completed += instructions;
    }

    /// How many instructions it takes until a time is reached.
    pub fn instructions_until(&self, time: u64) -> u64 {
        let cycles = u128::from(time.saturating_sub(self.since));
        let all = (cycles * u128::from(self.pace.instructions)).div_ceil(u128::from(self.pace.cycles));
        u64::try_from(all).unwrap_or(u64::MAX).saturating_sub(self.completed - self.before)
    }

    /// Lets time pass without instructions. Time never goes back.
    pub fn wait_until(&mut self, time: u64) {
        if time > self.time() {
            self.since = time;
            self.before = self.completed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_and_cycles_agree_at_any_pace() {
        for (instructions, cycles) in [(1, 1), (2, 1), (1, 3), (2, 3), (7, 5)] {
            let mut clock = Clock::new(Pace { instructions, cycles });
            clock.wait_until(1000);
            let needed = clock.instructions_until(1100);
            clock.complete(needed - 1);
            assert!(clock.time() < 1100);
            assert_eq!(clock.instructions_until(1100), 1);
            clock.complete(1);
            assert!(clock.time() >= 1100);
            assert_eq!(clock.instructions_until(1100), 0);
            clock.wait_until(5);
            assert!(clock.time() >= 1100);
        }
    }
}
