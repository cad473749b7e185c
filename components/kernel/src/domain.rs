//! Starting and stopping domains.

use crate::context::Context;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::Run;

impl<M: Machine> Kernel<'_, M> {
    /// Starts every domain. Called once, before anything runs.
    pub fn start(&mut self) {
        for domain in 0..self.tables.domains.len() {
            self.objects.running[domain] = true;
        }
        for (index, thread) in self.tables.threads.iter().enumerate() {
            let id = ThreadId(index as u16);
            self.thread(id).context = Context::start(thread.entry, thread.stack_pointer);
            self.make_ready(id);
        }
        for irq in self.tables.irqs {
            self.machine.unmask_irq(irq.line);
        }
    }

    /// Stops a domain: its threads end, its interrupts and timers fall silent, its pages leave the TLB,
    /// and whoever waits for it learns that it is gone. Stopping one that does not run does nothing.
    pub(crate) fn stop_domain(&mut self, domain: u16) {
        if !core::mem::replace(&mut self.objects.running[domain as usize], false) {
            return;
        }
        for (index, thread) in self.tables.threads.iter().enumerate() {
            if thread.domain == domain {
                self.end_thread(ThreadId(index as u16));
            }
        }
        for irq in self.tables.irqs.iter().filter(|irq| irq.domain == domain) {
            self.machine.mask_irq(irq.line);
        }
        for (index, timer) in self.tables.timers.iter().enumerate() {
            if timer.domain == domain {
                self.objects.deadlines[index] = None;
            }
        }
        let tables = self.tables;
        let description = &tables.domains[domain as usize];
        self.core.tlb.drop_space(&mut self.machine, description.pid);
        for mourner in description.mourners {
            self.signal(mourner.notification, mourner.bits);
        }
    }

    /// Takes a thread off every queue and out of every call.
    fn end_thread(&mut self, id: ThreadId) {
        if self.thread(id).run == Run::Ready {
            let priority = self.priority(id);
            self.core.ready.remove(self.objects.threads, id, priority);
        }
        self.leave_calls(id);
        self.thread(id).run = Run::Stopped;
    }
}
