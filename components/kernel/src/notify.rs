//! Notifications, and what signals them: domains, interrupts, timers.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::{Run, Timer};
use abi::Status;
use abi::trace::Event;

impl<M: Machine> Kernel<'_, M> {
    /// Sets bits in a thread's notification, and ends its wait if it waits.
    #[inline(always)]
    pub(crate) fn signal(&mut self, id: ThreadId, bits: u32) {
        self.record(Event::Signal, Some(id), bits);
        let thread = self.thread(id);
        thread.signals |= bits;
        let status = match thread.run {
            Run::Waiting => Status::Ok,
            Run::Receiving => Status::Notified,
            _ => return,
        };
        if let Some(bits) = thread.take_signals() {
            thread.context.answer_bits(status, bits);
            self.make_ready(id);
        }
    }

    /// The thread waits until a bit is set.
    pub(crate) fn wait(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        match thread.take_signals() {
            Some(bits) => thread.context.answer_bits(Status::Ok, bits),
            None => thread.run = Run::Waiting,
        }
    }

    /// The thread looks without waiting.
    pub(crate) fn poll(&mut self, id: ThreadId) {
        let thread = self.thread(id);
        let bits = thread.take_signals().unwrap_or(0);
        thread.context.answer_bits(Status::Ok, bits);
    }

    /// Signals the owner of every line that asks for service. A line stays masked until it is
    /// acknowledged; one that nobody owns stays masked for good.
    #[inline(always)]
    pub(crate) fn deliver_interrupts(&mut self) {
        while let Some(line) = self.machine.pending_irq() {
            self.record(Event::Interrupt, self.core.current, line.into());
            self.machine.mask_irq(line);
            if let Some(irq) = self.tables.irqs.iter().find(|irq| irq.line == line) {
                self.signal(ThreadId::new(irq.notification), irq.bits);
            }
        }
    }

    /// Arms or cancels a timer.
    pub(crate) fn set_timer(&mut self, timer: u16, deadline: Option<u64>, period: u64) {
        let timer = &mut self.objects.timers[timer as usize];
        timer.deadline = deadline;
        timer.period = period;
        self.expire_timers(0);
    }

    /// Signals every timer whose deadline has come, and asks the machine for the next one, at the earliest in
    /// `rest` ticks.
    #[inline(always)]
    pub(crate) fn expire_timers(&mut self, rest: u64) {
        let now = self.machine.now();
        let mut next: Option<u64> = None;
        let tables = self.tables;
        for (index, table) in tables.timers.iter().enumerate() {
            let timer = &mut self.objects.timers[index];
            let fires = timer.expire(now);
            if let Some(deadline) = timer.deadline {
                next = Some(next.map_or(deadline, |next| next.min(deadline)));
            }
            if fires {
                self.record(Event::Timer, self.core.current, index as u32);
                self.signal(ThreadId::new(table.notification), table.bits);
            }
        }
        let earliest = now.saturating_add(rest);
        self.set_timer_deadline(next.map(|next| next.max(earliest)));
    }
}

/// Ticks that threads have to themselves after each interrupt of the decrementer, so that no timer, however short
/// its period, takes the whole core.
pub(crate) const TIMER_REST: u64 = 1024;

impl Timer {
    /// Says whether the deadline has come, and goes on to the next.
    #[inline(always)]
    fn expire(&mut self, now: u64) -> bool {
        let Some(deadline) = self.deadline.filter(|deadline| *deadline <= now) else { return false };
        self.deadline = if self.period == 0 { None } else { next(deadline, self.period, now) };
        true
    }
}

/// The first of a periodic timer's deadlines that is still to come; those that passed unseen count as one.
#[inline(never)]
fn next(deadline: u64, period: u64, now: u64) -> Option<u64> {
    let periods = (now - deadline).checked_div(period)?.checked_add(1)?;
    deadline.checked_add(period.checked_mul(periods)?)
}
