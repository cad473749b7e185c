//! Starting, stopping and restarting domains.

use crate::checked::{at, at_mut};
use crate::context::Context;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::Machine;
use crate::objects::{Fixed, Run, Thread};
use abi::trace::Event;

impl<M: Machine> Kernel<'_, M> {
    /// Starts every domain. Called once, before anything runs.
    pub fn start(&mut self) {
        let tables = self.tables;
        self.open_accounts();
        let mut first_slot = 0;
        for (number, domain) in tables.domains.iter().enumerate() {
            at_mut(self.objects.domains, number).first_slot = first_slot;
            first_slot += domain.caps.len() as u32;
            if domain.pinned {
                for page in domain.map.pages {
                    self.core.tlb.pin(&mut self.machine, domain.pid, page);
                }
            }
            self.start_domain(number as u16);
        }
    }

    /// Starts a domain that does not run: its threads from their beginnings, its interrupts open.
    pub(crate) fn start_domain(&mut self, domain: u16) {
        let tables = self.tables;
        at_mut(self.objects.domains, domain).running = true;
        self.mend_all(domain);
        for (index, thread) in tables.threads.iter().enumerate() {
            if thread.domain != domain {
                continue;
            }
            let id = ThreadId::new(index as u16);
            let fixed = self.fixed(id);
            self.forget_float(id);
            *self.thread(id) = Thread {
                context: Context::start(thread.entry, thread.stack_pointer),
                priority: thread.priority.into(),
                base: thread.priority,
                counters: self.thread(id).counters,
                fixed,
                ..Thread::STOPPED
            };
            self.make_ready(id);
        }
        for irq in tables.irqs.iter().filter(|irq| irq.domain == domain) {
            self.machine.unmask_irq(irq.line);
        }
    }

    /// What the assembly needs of a thread.
    fn fixed(&self, id: ThreadId) -> Fixed {
        let domain = self.domain_of(id);
        Fixed {
            // Addresses on the node; the host never uses them.
            caps: domain.caps.as_ptr().addr() as u32,
            cap_count: domain.caps.len() as u32,
            serve_slot: at(self.tables.threads, id.index()).serves.unwrap_or(u32::MAX),
            map: domain.map.padded.as_ptr().addr() as u32,
            pid: domain.pid.into(),
            mmucr: M::MMUCR | u32::from(domain.pid),
            msr: M::USER_MSR,
        }
    }

    /// Stops a domain: its threads end, its interrupts and timers fall silent, its pages leave the TLB,
    /// and whoever waits for it learns that it is gone. Stopping one that does not run does nothing.
    pub(crate) fn stop_domain(&mut self, domain: u16) {
        if at(self.objects.domains, domain).running {
            self.record(Event::Stop, self.core.current, domain.into());
            self.end_life(domain);
            self.mourn(domain);
        }
    }

    /// Starts a domain afresh, whether it runs or has stopped.
    pub(crate) fn restart_domain(&mut self, domain: u16) {
        self.record(Event::Restart, self.core.current, domain.into());
        if at(self.objects.domains, domain).running {
            self.end_life(domain);
        }
        let state = at_mut(self.objects.domains, domain);
        state.generation = state.generation.wrapping_add(1);
        self.report_restart(domain);
        self.start_domain(domain);
        self.mourn(domain);
        self.remind(domain);
    }

    /// Ends all that a domain does and is asked for.
    fn end_life(&mut self, domain: u16) {
        at_mut(self.objects.domains, domain).running = false;
        self.break_slots(domain);
        let tables = self.tables;
        for (index, thread) in tables.threads.iter().enumerate() {
            if thread.domain == domain {
                self.end_thread(ThreadId::new(index as u16));
            }
        }
        for irq in tables.irqs.iter().filter(|irq| irq.domain == domain) {
            self.machine.mask_irq(irq.line);
        }
        for (index, timer) in tables.timers.iter().enumerate() {
            if timer.domain == domain {
                self.disarm(index as u16);
            }
        }
        let description = at(tables.domains, domain);
        if !description.pinned {
            let slots = self.core.tlb.replaceable();
            self.machine.drop_space(description.pid, slots);
        }
    }

    /// Signals those who are to know that a life of the domain has ended.
    fn mourn(&mut self, domain: u16) {
        let tables = self.tables;
        for mourner in at(tables.domains, domain).mourners {
            self.signal(ThreadId::new(mourner.notification), mourner.bits);
        }
    }

    /// Signals a domain that was started afresh for those peers that have ended: what its former life was told of
    /// them is forgotten, and they will not end again.
    fn remind(&mut self, domain: u16) {
        let tables = self.tables;
        for (number, peer) in tables.domains.iter().enumerate() {
            if at(self.objects.domains, number).running {
                continue;
            }
            for mourner in peer.mourners {
                if at(tables.threads, mourner.notification).domain == domain {
                    self.signal(ThreadId::new(mourner.notification), mourner.bits);
                }
            }
        }
    }

    /// Takes a thread off every queue and out of every call.
    fn end_thread(&mut self, id: ThreadId) {
        if self.thread(id).run == Run::Ready {
            let priority = self.thread(id).priority;
            self.core.ready.remove(self.objects.threads, id, priority);
        }
        self.leave_calls(id);
        self.thread(id).run = Run::Stopped;
    }
}
