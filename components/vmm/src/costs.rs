//! What exits cost: measured where the spec says `config: {"costs": true}`, and not compiled anywhere else.
//!
//! ```text
//!   guest ──────▶│ exit      │──────▶ guest
//!       "guest"  │ "monitor" │ "guest"
//! ```
//!
//! A run of the guest and the monitor's work behind it are both counted under the reason for which the run ended. What the
//! kernel does by itself for its guest is the guest's time.

use core::fmt::{self, Write};

use abi::vcpu::{COST_REASONS, Cost, ExitReason, Histogram, VcpuState, cost_bucket, cost_place};
use runtime::Bits;

/// Measures by the time base, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meter {
    since: u64,
    /// The reason of the latest exit, while the monitor works for it.
    works_for: Option<usize>,
}

impl Meter {
    /// One that has measured nothing.
    pub const fn new() -> Self {
        Self { since: 0, works_for: None }
    }

    /// The guest is about to run.
    pub fn enters(&mut self, costs: &mut [Cost; COST_REASONS], now: u64) {
        if let Some(place) = self.works_for.take() {
            count(&mut costs[place].monitor, now.wrapping_sub(self.since));
        }
        self.since = now;
    }

    /// Its run has ended, by an exit or with these bits.
    pub fn leaves(&mut self, state: &mut VcpuState, bits: Bits, now: u64) {
        let reason = if bits.is_empty() { state.exit.reason } else { ExitReason::Signalled as u32 };
        let place = cost_place(reason);
        count(&mut state.costs[place].guest, now.wrapping_sub(self.since));
        (self.since, self.works_for) = (now, Some(place));
    }

    /// What follows is nobody's work: the guest stands still, or is started afresh.
    pub const fn pauses(&mut self) {
        self.works_for = None;
    }
}

fn count(histogram: &mut Histogram, ticks: u64) {
    let bucket = &mut histogram[cost_bucket(ticks)];
    *bucket = bucket.wrapping_add(1);
}

/// A line for each histogram that holds something: `[vm0] costs mfdcr monitor 7:12 8:1`, twelve times 2⁷ ticks or more.
///
/// # Errors
///
/// What `out` answers.
#[inline(never)]
pub fn report_costs(out: &mut impl Write, vm: u32, costs: &[Cost; COST_REASONS]) -> fmt::Result {
    for (reason, cost) in (0..).zip(costs) {
        let name = ExitReason::from_number(reason).map_or("other", ExitReason::name);
        for (whose, histogram) in [("monitor", &cost.monitor), ("guest", &cost.guest)] {
            if histogram.iter().all(|count| *count == 0) {
                continue;
            }
            write!(out, "[vm{vm}] costs {name} {whose}")?;
            for (bucket, count) in histogram.iter().enumerate().filter(|(_, count)| **count > 0) {
                write!(out, " {bucket}:{count}")?;
            }
            out.write_char('\n')?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::boxed::Box;
    use std::string::String;

    use abi::vcpu::Exit;

    use super::*;

    fn state() -> Box<VcpuState> {
        Box::new(VcpuState {
            exit: Exit { reason: ExitReason::DcrRead as u32, ..Exit::default() },
            ..VcpuState::ZERO
        })
    }

    #[test]
    fn a_run_and_the_work_behind_it_are_counted_under_its_end() {
        let (mut meter, mut state) = (Meter::new(), state());
        meter.enters(&mut state.costs, 1000);
        meter.leaves(&mut state, Bits::NONE, 1064);
        meter.enters(&mut state.costs, 1074);
        meter.leaves(&mut state, Bits(2), 1075);
        let [signalled, read, ..] = &state.costs;
        assert_eq!((read.guest[6], read.monitor[3], signalled.guest[0]), (1, 1, 1));
        let all = state.costs.iter().flat_map(|cost| cost.guest.iter().chain(&cost.monitor));
        assert_eq!(all.sum::<u32>(), 3);
    }

    #[test]
    fn a_pause_is_no_cost() {
        let (mut meter, mut state) = (Meter::new(), state());
        meter.enters(&mut state.costs, 0);
        meter.leaves(&mut state, Bits::NONE, 1);
        meter.pauses();
        meter.enters(&mut state.costs, 1 << 20);
        assert!(state.costs.iter().all(|cost| cost.monitor.iter().all(|count| *count == 0)));
    }

    #[test]
    fn what_was_counted_is_written_and_nothing_else() {
        let mut state = state();
        state.costs[1].monitor[7] = 12;
        state.costs[1].monitor[8] = 1;
        state.costs[11].guest[23] = 3;
        let mut text = String::new();
        report_costs(&mut text, 2, &state.costs).unwrap();
        assert_eq!(text, "[vm2] costs mfdcr monitor 7:12 8:1\n[vm2] costs other guest 23:3\n");
    }
}
