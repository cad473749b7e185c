//! Timers, on one decrementer.
//!
//! Armed timers form a list by deadline, and those with equal ones by number. So an interrupt of the decrementer looks
//! at those that fire and at one more, however many there are; arming one walks past those before it. The
//! decrementer runs only while a deadline exists.

use crate::checked::{at, at_mut};
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::Timer;
use abi::trace::Event;

/// Ticks that threads have to themselves after each interrupt of the decrementer, so that no timer, however short
/// its period, takes the whole core.
pub(crate) const TIMER_REST: u64 = 1024;

impl<M: Machine> Kernel<'_, M> {
    /// Arms or cancels a timer.
    pub(crate) fn set_timer(&mut self, timer: u16, deadline: Option<u64>, period: u64) {
        self.disarm(timer);
        if let Some(deadline) = deadline {
            at_mut(self.objects.timers, timer).period = period;
            arm(self.objects.timers, &mut self.core.first_timer, timer, deadline);
        }
        if let Some(woken) = self.expire_timers(0) {
            self.make_ready(woken);
        }
    }

    /// Takes a timer off the list, if it is armed.
    pub(crate) fn disarm(&mut self, timer: u16) {
        let armed = at_mut(self.objects.timers, timer);
        armed.period = 0;
        if armed.deadline.take().is_none() {
            return;
        }
        let after = armed.next.take();
        let mut before = None;
        let mut place = self.core.first_timer;
        while let Some(other) = place.filter(|other| *other != timer) {
            before = place;
            place = at(self.objects.timers, other).next;
        }
        match before {
            Some(before) => at_mut(self.objects.timers, before).next = after,
            None => self.core.first_timer = after,
        }
    }

    /// Signals every timer whose deadline has come, and asks the machine for the next one, at the earliest in
    /// `rest` ticks. Returns a thread that was woken and is on no queue. A periodic timer's next deadline lies
    /// ahead, so no timer fires twice.
    #[inline(always)]
    pub(crate) fn expire_timers(&mut self, rest: u64) -> Option<ThreadId> {
        let mut woken = None;
        let now = self.machine.now();
        let next = loop {
            let Some(first) = self.core.first_timer else { break None };
            let timer = at_mut(self.objects.timers, first);
            let deadline = timer.deadline.unwrap_or(0);
            if deadline > now {
                break Some(deadline.max(now.saturating_add(rest)));
            }
            timer.deadline = None;
            let period = timer.period;
            self.core.first_timer = timer.next.take();
            if period != 0
                && let Some(deadline) = following(deadline, period, now)
            {
                arm(self.objects.timers, &mut self.core.first_timer, first, deadline);
            }
            let table = *at(self.tables.timers, first);
            self.record(Event::Timer, self.core.current, first.into());
            self.wake(&mut woken, ThreadId::new(table.notification), table.bits);
        };
        self.set_timer_deadline(next);
        woken
    }
}

/// Puts a timer that is not armed where its deadline belongs.
#[inline(never)]
fn arm(timers: &mut [Timer], first: &mut Option<u16>, timer: u16, deadline: u64) {
    let mut before = None;
    let mut place = *first;
    while let Some(other) = place {
        let next = at(timers, other);
        if next.deadline.is_none_or(|next| (next, other) > (deadline, timer)) {
            break;
        }
        before = place;
        place = next.next;
    }
    let armed = at_mut(timers, timer);
    armed.deadline = Some(deadline);
    armed.next = place;
    match before {
        Some(before) => at_mut(timers, before).next = Some(timer),
        None => *first = Some(timer),
    }
}

/// The first of a periodic timer's deadlines that is still to come; those that passed unseen count as one. A timer
/// that comes later than any 32-bit number of ticks begins anew from now: no division of 64 bits for that.
#[inline(never)]
fn following(deadline: u64, period: u64, now: u64) -> Option<u64> {
    let Ok(late) = u32::try_from(now - deadline) else { return now.checked_add(period) };
    let passed = u32::try_from(period).ok().and_then(|period| late.checked_div(period)).unwrap_or(0);
    deadline.checked_add(period.checked_mul(u64::from(passed) + 1)?)
}
