//! Notifications, and what signals them: domains, interrupts, timers.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::Run;
use abi::Status;

impl<M: Machine> Kernel<'_, M> {
    /// Sets bits in a thread's notification, and ends its wait if it waits.
    #[inline(always)]
    pub(crate) fn signal(&mut self, id: ThreadId, bits: u32) {
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
        self.expire_timers();
    }

    /// Signals every timer whose deadline has come, and asks the machine for the next one.
    #[inline(always)]
    pub(crate) fn expire_timers(&mut self) {
        let now = self.machine.now();
        let mut next = None;
        let tables = self.tables;
        for (index, table) in tables.timers.iter().enumerate() {
            let timer = &mut self.objects.timers[index];
            let Some(deadline) = timer.deadline else { continue };
            if deadline > now {
                next = Some(next.map_or(deadline, |next: u64| next.min(deadline)));
            } else {
                timer.deadline = None;
                self.signal(ThreadId::new(table.notification), table.bits);
            }
        }
        self.machine.set_deadline(next);
    }
}
