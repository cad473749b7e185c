//! Notifications, and what signals them: domains and interrupts.

use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::Run;
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
}
