//! Timers, on one decrementer.
//!
//! Armed timers form a list by deadline, and those with equal ones by number. So an interrupt of the decrementer looks
//! at those that fire and at one more, however many there are; arming one walks past those before it. The
//! decrementer runs only while a deadline exists.

use crate::checked::{at, object};
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::{State, Timer};
use abi::trace::Event;

/// Ticks that threads have to themselves after each interrupt of the decrementer, so that no timer, however short
/// its period, takes the whole core.
pub(crate) const TIMER_REST: u64 = 1024;

impl<N: Node> Kernel<N> {
    /// Arms or cancels a timer. A deadline that has passed is met by the decrementer's interrupt, at once.
    pub(crate) fn set_timer(&mut self, timer: u16, deadline: Option<u64>, period: u64) {
        self.disarm(timer);
        if let Some(deadline) = deadline {
            self.timer_at(timer).period = period;
            self.arm(timer, deadline);
        }
        let first = self.core().first_timer;
        let next = first.and_then(|first| self.timer_at(first).deadline);
        self.set_timer_deadline(next);
    }

    /// Takes a timer off the list, if it is armed.
    #[inline(never)]
    pub(crate) fn disarm(&mut self, timer: u16) {
        let armed = self.timer_at(timer);
        armed.period = 0;
        if armed.deadline.take().is_none() {
            return;
        }
        let after = armed.next.take();
        let mut before = None;
        while let Some(other) = *self.following(before)
            && other != timer
        {
            before = Some(other);
        }
        *self.following(before) = after;
    }

    /// Puts a timer that is not armed where its deadline belongs.
    #[inline(never)]
    fn arm(&mut self, timer: u16, deadline: u64) {
        let mut before = None;
        while let Some(other) = *self.following(before)
            && self.timer_at(other).deadline.is_some_and(|earlier| (earlier, other) <= (deadline, timer))
        {
            before = Some(other);
        }
        let next = self.following(before).replace(timer);
        let armed = self.timer_at(timer);
        armed.deadline = Some(deadline);
        armed.next = next;
    }

    /// The timer that comes after another, or first.
    #[inline(always)]
    fn following(&mut self, before: Option<u16>) -> &mut Option<u16> {
        let State { timers, core, .. } = self.state();
        match before {
            Some(before) => &mut object(timers, before).next,
            None => &mut core.first_timer,
        }
    }

    fn timer_at(&mut self, number: u16) -> &mut Timer {
        object(self.state().timers, number)
    }

    /// Signals every timer whose deadline has come, and asks the machine for the next one, at the earliest in
    /// `rest` ticks. Returns a thread that was woken and is on no queue. A periodic timer's next deadline lies
    /// ahead, so no timer fires twice.
    #[inline(always)]
    pub(crate) fn expire_timers(&mut self, rest: u64) -> Option<ThreadId> {
        let mut woken = None;
        let now = self.machine.now();
        let next = loop {
            let Some(first) = self.core().first_timer else { break None };
            let timer = self.timer_at(first);
            let deadline = timer.deadline.unwrap_or(0);
            if deadline > now {
                break Some(deadline.max(now.saturating_add(rest)));
            }
            timer.deadline = None;
            let (period, next) = (timer.period, timer.next.take());
            self.core().first_timer = next;
            if period != 0
                && let Some(deadline) = next_deadline(deadline, period, now)
            {
                self.arm(first, deadline);
            }
            let table = at(self.tables().timers, first);
            self.record_now(Event::Timer, first.into());
            self.wake(&mut woken, ThreadId::new(table.notification), table.bits);
        };
        self.set_timer_deadline(next);
        woken
    }
}

/// The first of a periodic timer's deadlines that is still to come; those that passed unseen count as one. A timer
/// that comes later than any 32-bit number of ticks begins anew from now: no division of 64 bits for that.
#[inline(never)]
fn next_deadline(deadline: u64, period: u64, now: u64) -> Option<u64> {
    let Ok(late) = u32::try_from(now - deadline) else { return now.checked_add(period) };
    let passed = u32::try_from(period).ok().and_then(|period| late.checked_div(period)).unwrap_or(0);
    deadline.checked_add(period.checked_mul(u64::from(passed) + 1)?)
}
