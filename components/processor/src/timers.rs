//! Decrementer, fixed interval timer and watchdog, as deadlines on the node's time base, which is the guest's too.
//!
//! Nothing ticks: `settle` brings the status up to date whenever somebody looks, which costs a comparison
//! as long as nothing has happened, and `next_deadline` is when the guest must learn of something. PPC440
//! user's manual, timer facilities.

/// TCR: the watchdog's period.
const WP: u32 = 0xC000_0000;
/// TCR: what the watchdog resets; TSR: what it has reset. Once set, software cannot clear the first.
pub(crate) const WRC: u32 = 0x3000_0000;
/// TCR: watchdog interrupts.
pub(crate) const WIE: u32 = 0x0800_0000;
/// TCR: decrementer interrupts.
pub(crate) const DIE: u32 = 0x0400_0000;
/// TCR: the fixed interval.
const FP: u32 = 0x0300_0000;
/// TCR: fixed-interval interrupts.
pub(crate) const FIE: u32 = 0x0080_0000;
/// TCR: the decrementer reloads itself.
const ARE: u32 = 0x0040_0000;
/// TCR: all of its bits.
pub(crate) const TCR: u32 = WP | WRC | WIE | DIE | FP | FIE | ARE;

/// TSR: the watchdog's next time-out sets WIS.
const ENW: u32 = 0x8000_0000;
/// TSR: the watchdog's first time-out is unanswered.
pub(crate) const WIS: u32 = 0x4000_0000;
/// TSR: the decrementer reached 0.
pub(crate) const DIS: u32 = 0x0800_0000;
/// TSR: a fixed interval ended.
pub(crate) const FIS: u32 = 0x0400_0000;

/// A time that does not come.
pub(crate) const NEVER: u64 = u64::MAX;
/// A decrementer that stands at 0.
const STOPPED: u64 = NEVER;

/// A virtual CPU's timers.
#[derive(Clone, Debug)]
pub struct Timers {
    /// When the decrementer reaches 0.
    decrementer: u64,
    /// Up to when the status is right.
    settled: u64,
    /// Before this, and with these two registers, settling changes nothing.
    next: u64,
    pub(crate) tcr: u32,
    pub(crate) tsr: u32,
    /// When TSR changes next in a way that interrupts or resets the guest, as of the latest settling.
    pub(crate) deadline: u64,
    /// What the watchdog has reset and the monitor has not learned of yet, as in TCR\[WRC\].
    pub(crate) reset: u32,
}

impl Timers {
    /// The decrementer stands at 0.
    pub const EMPTY: Self =
        Self { decrementer: STOPPED, settled: 0, next: 0, tcr: 0, tsr: 0, deadline: NEVER, reset: 0 };

    /// All timers as after a reset at `now`.
    pub(crate) const fn after_reset(now: u64) -> Self {
        Self { settled: now, ..Self::EMPTY }
    }

    /// What DEC holds.
    pub(crate) fn decrementer(&self, now: u64) -> u32 {
        if self.decrementer == STOPPED { 0 } else { self.decrementer.saturating_sub(now) as u32 }
    }

    /// Writes DEC. Writing 0 stops it and is no time-out.
    pub(crate) fn set_decrementer(&mut self, now: u64, value: u32) {
        self.decrementer = if value == 0 { STOPPED } else { now.saturating_add(value.into()) };
        self.next = 0;
    }

    /// Brings TSR up to date.
    pub(crate) fn settle(&mut self, now: u64, tcr: u32, tsr: &mut u32, reload: u32) {
        if now >= self.next || (self.tcr, self.tsr) != (tcr, *tsr) {
            self.catch_up(now, tcr, tsr, reload);
        }
    }

    #[inline(never)]
    fn catch_up(&mut self, now: u64, tcr: u32, tsr: &mut u32, reload: u32) {
        if self.decrementer <= now {
            *tsr |= DIS;
            self.decrementer = if tcr & ARE != 0 && reload != 0 {
                let late = now - self.decrementer;
                now.saturating_add(u64::from(reload - remainder(late, reload)))
            } else {
                STOPPED
            };
        }
        if next_transition(self.settled, fixed_interval(tcr)) <= now {
            *tsr |= FIS;
        }
        // The third time-out in a row is the last that changes anything.
        let mut at = self.settled;
        for _ in 0..3 {
            at = next_transition(at, watchdog_period(tcr));
            if at > now {
                break;
            }
            if *tsr & ENW == 0 {
                *tsr |= ENW;
            } else if *tsr & WIS == 0 {
                *tsr |= WIS;
            } else if tcr & WRC != 0 && self.reset == 0 {
                self.reset = tcr & WRC;
                *tsr = *tsr & !WRC | tcr & WRC;
            }
        }
        self.settled = now;
        let interval = next_transition(now, fixed_interval(tcr));
        let watchdog = next_transition(now, watchdog_period(tcr));
        self.next = self.decrementer.min(interval).min(watchdog);
        (self.tcr, self.tsr) = (tcr, *tsr);
        self.deadline = NEVER;
        for (time, matters) in [
            (self.decrementer, tcr & DIE != 0 && *tsr & DIS == 0),
            (interval, tcr & FIE != 0 && *tsr & FIS == 0),
            (watchdog, tcr & WRC != 0 || tcr & WIE != 0 && *tsr & WIS == 0),
        ] {
            if matters {
                self.deadline = self.deadline.min(time);
            }
        }
    }
}

/// The fixed interval is 2 to the power of this.
const fn fixed_interval(tcr: u32) -> u32 {
    13 + 4 * ((tcr & FP) >> 24)
}

/// The watchdog's period is 2 to the power of this.
const fn watchdog_period(tcr: u32) -> u32 {
    21 + 4 * ((tcr & WP) >> 30)
}

/// The first time after `time` at which the bit of the time base turns to 1 whose period is 2 to the power of
/// `exponent`.
const fn next_transition(time: u64, exponent: u32) -> u64 {
    let half = 1_u64 << (exponent - 1);
    (time.saturating_add(half) >> exponent << exponent).saturating_add(half)
}

/// The remainder of a division, bit by bit: the node's processor has none of 64 bits, and this is rare.
fn remainder(value: u64, divisor: u32) -> u32 {
    let divisor = u64::from(divisor.max(1));
    let mut rest = 0;
    for bit in (0..64).rev() {
        rest = rest << 1 | value >> bit & 1;
        if rest >= divisor {
            rest -= divisor;
        }
    }
    rest as u32
}

#[cfg(test)]
mod tests;
