//! Notifications, and what signals them: domains, interrupts, timers.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::Run;
use abi::Status;

impl<M: Machine> Kernel<'_, M> {
    /// Sets bits, and ends the bound thread's wait if it waits.
    pub(crate) fn signal(&mut self, notification: u16, bits: u32) {
        let Some(set) = self.objects.signals.get_mut(notification as usize) else { return };
        *set |= bits;
        let id = ThreadId(self.tables.notifications[notification as usize].thread);
        let status = match self.thread(id).run {
            Run::Waiting => Status::Ok,
            Run::Receiving => Status::Notified,
            _ => return,
        };
        if let Some(bits) = self.take_signals(id) {
            self.thread(id).context.answer_bits(status, bits);
            self.make_ready(id);
        }
    }

    /// The thread waits until a bit is set.
    pub(crate) fn wait(&mut self, id: ThreadId) {
        match self.take_signals(id) {
            Some(bits) => self.thread(id).context.answer_bits(Status::Ok, bits),
            None => self.thread(id).run = Run::Waiting,
        }
    }

    /// The thread looks without waiting.
    pub(crate) fn poll(&mut self, id: ThreadId) {
        let bits = self.take_signals(id).unwrap_or(0);
        self.thread(id).context.answer_bits(Status::Ok, bits);
    }

    /// Takes and clears the bits of the thread's own notification, if any is set.
    pub(crate) fn take_signals(&mut self, id: ThreadId) -> Option<u32> {
        let notification = self.tables.threads[id.index()].notification;
        let bits = core::mem::take(&mut self.objects.signals[notification as usize]);
        (bits != 0).then_some(bits)
    }

    /// Signals the owner of every line that asks for service. A line stays masked until it is
    /// acknowledged; one that nobody owns stays masked for good.
    pub(crate) fn deliver_interrupts(&mut self) {
        while let Some(line) = self.machine.pending_irq() {
            self.machine.mask_irq(line);
            if let Some(irq) = self.tables.irqs.iter().find(|irq| irq.line == line) {
                self.signal(irq.notification, irq.bits);
            }
        }
    }

    /// Arms or cancels a timer.
    pub(crate) fn set_timer(&mut self, timer: u16, deadline: Option<u64>) {
        self.objects.deadlines[timer as usize] = deadline;
        self.expire_timers();
    }

    /// Signals every timer whose deadline has come, and asks the machine for the next one.
    pub(crate) fn expire_timers(&mut self) {
        let now = self.machine.now();
        for index in 0..self.objects.deadlines.len() {
            if self.objects.deadlines[index].is_some_and(|deadline| deadline <= now) {
                self.objects.deadlines[index] = None;
                let timer = self.tables.timers[index];
                self.signal(timer.notification, timer.bits);
            }
        }
        let next = self.objects.deadlines.iter().flatten().min().copied();
        self.machine.set_deadline(next);
    }
}
