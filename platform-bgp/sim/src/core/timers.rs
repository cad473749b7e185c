//! The timers: all count core cycles (section 2.5).
//!
//! Nothing is counted: each timer is the cycle at which something happens. What would have happened meanwhile is
//! made up for when software looks, or when an interrupt that it causes is due.

use super::bits::timer::{ARE, DIE, DIS, ENW, FIE, FIS, WIE, WIS};
use serde::{Deserialize, Serialize};

/// The timers of a core.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timers {
    /// What is added to the time for the time base.
    offset: u64,
    /// The cycle at which the decrementer reaches 0 (or reloads), while it runs.
    zero_at: Option<u64>,
    /// The value with which it reloads.
    pub reload: u32,
    /// TCR.
    control: u32,
    /// TSR.
    status: u32,
    /// Up to which cycle status has been made up.
    seen: u64,
    /// Since when the timers stand still.
    stopped: Option<u64>,
}

/// Bits of the time base whose change to 1 is an interval's end: TCR\[FP\], TCR\[WP\].
const INTERVAL: [u32; 4] = [12, 16, 20, 24];
const WATCHDOG: [u32; 4] = [20, 24, 28, 32];

impl Timers {
    /// The time base at a time.
    pub fn time_base(&self, now: u64) -> u64 {
        self.running(now).wrapping_add(self.offset)
    }

    /// The time as far as the timers are concerned: that at which they stopped, if they stand still.
    fn running(&self, now: u64) -> u64 {
        self.stopped.map_or(now, |stopped| stopped.min(now))
    }

    /// Has the timers stand still from a time on, or run again.
    pub fn stand_still(&mut self, now: u64, stands: bool) {
        match self.stopped {
            None if stands => {
                self.look(now);
                self.stopped = Some(now);
            }
            Some(since) if !stands => {
                let lost = now - since;
                self.offset = self.offset.wrapping_sub(lost);
                self.zero_at = self.zero_at.map(|zero| zero + lost);
                (self.stopped, self.seen) = (None, now);
            }
            _ => {}
        }
    }

    /// Sets the time base.
    pub fn set_time_base(&mut self, now: u64, value: u64) {
        self.look(now);
        self.offset = value.wrapping_sub(self.running(now));
    }

    /// The decrementer at a time.
    pub fn decrementer(&mut self, now: u64) -> u32 {
        self.look(now);
        self.zero_at.map_or(0, |zero| (zero - self.running(now)) as u32)
    }

    /// Sets the decrementer. 0 stops it, without an interrupt.
    pub fn set_decrementer(&mut self, now: u64, value: u32) {
        self.look(now);
        self.zero_at = (value != 0).then(|| self.running(now) + u64::from(value));
    }

    /// TCR.
    pub fn control(&self) -> u32 {
        self.control
    }

    /// Sets TCR. The watchdog's reset control can be set but not cleared, except by reset.
    pub fn set_control(&mut self, now: u64, value: u32) {
        self.look(now);
        self.control = value & 0xFFC0_0000 | self.control & 0x3000_0000;
    }

    /// TSR at a time.
    pub fn status(&mut self, now: u64) -> u32 {
        self.look(now);
        self.status
    }

    /// Clears the bits of TSR that are written.
    pub fn clear_status(&mut self, now: u64, bits: u32) {
        self.look(now);
        self.status &= !bits;
    }

    /// Whether the watchdog has asked for a reset: the kind in TCR\[WRC\].
    pub fn asks_for_reset(&self) -> bool {
        self.status & 0x3000_0000 != 0
    }

    /// The interrupts whose status and enable bits are both set: decrementer, interval, watchdog.
    pub fn pending(&mut self, now: u64) -> (bool, bool, bool) {
        self.look(now);
        (
            self.status & DIS != 0 && self.control & DIE != 0,
            self.status & FIS != 0 && self.control & FIE != 0,
            self.status & WIS != 0 && self.control & WIE != 0,
        )
    }

    /// The next cycle after `now` at which a timer can interrupt or reset.
    pub fn next(&self, now: u64) -> Option<u64> {
        if self.stopped.is_some() {
            return None;
        }
        let decrementer = self.zero_at.filter(|_| self.control & DIE != 0 && self.status & DIS == 0);
        let interval = (self.control & FIE != 0 && self.status & FIS == 0)
            .then(|| now + self.until(now, INTERVAL[(self.control >> 24 & 3) as usize]));
        let watchdog = (self.control & (WIE | 0x3000_0000) != 0)
            .then(|| now + self.until(now, WATCHDOG[(self.control >> 30) as usize]));
        [decrementer, interval, watchdog].into_iter().flatten().min()
    }

    /// Cycles after a time until a bit of the time base, counted from the right, changes from 0 to 1.
    fn until(&self, now: u64, bit: u32) -> u64 {
        let period = 1 << (bit + 1);
        let phase = self.time_base(now).wrapping_add(1 << bit) & (period - 1);
        period - phase
    }

    /// Makes up status for everything that happened up to a time.
    fn look(&mut self, now: u64) {
        let now = self.running(now);
        if now <= self.seen {
            return;
        }
        let from = std::mem::replace(&mut self.seen, now);
        if let Some(zero) = self.zero_at.filter(|zero| *zero <= now) {
            self.status |= DIS;
            let reload = u64::from(self.reload);
            self.zero_at = if self.control & ARE != 0 && reload != 0 {
                Some(now + reload - (now - zero) % reload)
            } else {
                None
            };
        }
        if from + self.until(from, INTERVAL[(self.control >> 24 & 3) as usize]) <= now {
            self.status |= FIS;
        }
        let bit = WATCHDOG[(self.control >> 30) as usize];
        let mut at = from + self.until(from, bit);
        // Three expiries in a row lead from nothing to the reset; more change nothing.
        for _ in 0..3 {
            if at > now {
                break;
            }
            match (self.status & ENW != 0, self.status & WIS != 0) {
                (false, _) => self.status |= ENW,
                (true, false) => self.status |= WIS,
                (true, true) => self.status |= self.control & 0x3000_0000,
            }
            at += 1 << (bit + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decrementer_stops_at_zero_or_reloads() {
        let mut timers = Timers::default();
        timers.set_control(0, DIE);
        timers.set_decrementer(0, 100);
        assert_eq!(timers.decrementer(1), 99);
        assert_eq!(timers.next(1), Some(100));
        assert!(!timers.pending(99).0);
        assert!(timers.pending(100).0);
        assert_eq!(timers.decrementer(500), 0);
        timers.clear_status(500, DIS);
        timers.reload = 10;
        timers.set_control(500, DIE | ARE);
        timers.set_decrementer(500, 5);
        assert_eq!(timers.decrementer(504), 1);
        assert_eq!(timers.decrementer(505), 10);
        assert_eq!(timers.decrementer(514), 1);
        assert_eq!(timers.decrementer(515 + 40), 10);
    }

    #[test]
    fn timers_that_stand_still_go_on_where_they_were() {
        let mut timers = Timers::default();
        timers.set_control(0, DIE | FIE);
        timers.set_decrementer(0, 100);
        timers.stand_still(40, true);
        assert_eq!((timers.next(50), timers.decrementer(500), timers.time_base(500)), (None, 60, 40));
        assert!(!timers.pending(10_000).0 && !timers.pending(10_000).1);
        timers.stand_still(10_000, false);
        assert_eq!((timers.next(10_000), timers.time_base(10_000)), (Some(10_060), 40));
        assert!(!timers.pending(10_059).0 && timers.pending(10_060).0);
        assert!(!timers.pending(10_000 + 4095 - 40).1 && timers.pending(10_000 + 4096 - 40).1);
    }

    #[test]
    fn the_interval_follows_the_time_base() {
        let mut timers = Timers::default();
        timers.set_time_base(1000, 0xFFF);
        timers.set_control(1000, FIE);
        assert_eq!(timers.next(1000), Some(1001));
        assert!(timers.pending(1001).1);
        timers.clear_status(1001, FIS);
        assert_eq!(timers.next(1001), Some(1001 + 8192));
        assert!(!timers.pending(1000 + 8192).1);
        assert!(timers.pending(1001 + 8192).1);
    }

    #[test]
    fn the_watchdog_warns_interrupts_and_resets() {
        let mut timers = Timers::default();
        timers.set_control(0, WIE | 0x1000_0000);
        let period = 1 << 21;
        let first = period / 2;
        assert_eq!(timers.status(first - 1) & (ENW | WIS), 0);
        assert_eq!(timers.status(first) & ENW, ENW);
        assert!(timers.pending(first + period).2);
        assert!(!timers.asks_for_reset());
        timers.status(first + 2 * period);
        assert!(timers.asks_for_reset());
        timers.set_control(first + 2 * period, 0);
        assert_eq!(timers.control(), 0x1000_0000);
    }
}
