//! Starting, stopping and restarting domains.

use crate::arch::USER_MSR;
use crate::checked::at;
use crate::context::Context;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use crate::objects::{Fixed, Run, State, Thread};
use crate::report::Value::Decimal;
use crate::tables::Thread as Start;
use abi::trace::Event;

impl<N: Node> Kernel<N> {
    /// Starts every domain. Called once, before anything runs.
    pub fn start(&mut self) {
        self.open_accounts();
        let mut first_slot = 0;
        for (number, domain) in (0..).zip(self.tables().domains) {
            self.domain(number).first_slot = first_slot;
            first_slot += domain.caps.len() as u32;
            for (id, thread) in self.threads_of(number) {
                let fixed = Fixed {
                    // Addresses on the node; the host never uses them.
                    caps: domain.caps.as_ptr().addr() as u32,
                    cap_count: domain.caps.len() as u32,
                    serve_slot: thread.serves.unwrap_or(u32::MAX),
                    map: domain.map.padded.as_ptr().addr() as u32,
                    pid: domain.pid.into(),
                    mmucr: N::Machine::MMUCR | u32::from(domain.pid),
                    msr: USER_MSR,
                };
                *self.thread(id) = Thread { domain: number, base: thread.priority, fixed, ..Thread::INITIAL };
            }
            if domain.pinned {
                for page in domain.map.pages {
                    self.node.state().core.tlb.pin(&mut self.machine, domain.pid, page);
                }
            }
        }
        for number in 0..self.tables().domains.len() {
            self.start_domain(number as u16);
        }
    }

    /// Starts a domain that does not run: its threads from their beginnings, its interrupts open. They are on no
    /// queue and in no call: [`end_thread`](Self::end_thread) has seen to that.
    fn start_domain(&mut self, domain: u16) {
        self.domain(domain).running = true;
        for slot in (0..).take(at(self.tables().domains, domain).caps.len()) {
            self.set_broken(domain, slot, false);
        }
        for (id, start) in self.threads_of(domain) {
            self.forget_float(id);
            let thread = self.thread(id);
            thread.context = Context { pc: start.entry, ..Context::ZERO };
            thread.context.gpr[1] = start.stack_pointer;
            (thread.priority, thread.signals) = (thread.base.into(), 0);
            self.make_ready(id);
        }
        for irq in self.tables().irqs.iter().filter(|irq| irq.domain == domain) {
            self.machine.unmask_irq(irq.line);
        }
    }

    /// The threads of a domain.
    pub(crate) fn threads_of(
        &self,
        domain: u16,
    ) -> impl Iterator<Item = (ThreadId, &'static Start)> + use<N> {
        (0..).map(ThreadId::new).zip(self.tables().threads).filter(move |(_, thread)| thread.domain == domain)
    }

    /// Stops a domain: its threads end, its interrupts and timers fall silent, its pages leave the TLB,
    /// and whoever waits for it learns that it is gone. Stopping one that does not run does nothing.
    pub(crate) fn stop_domain(&mut self, domain: u16) {
        if self.domain(domain).running {
            self.record_now(Event::Stop, domain.into());
            self.end_life(domain);
            self.mourn(domain, None);
        }
    }

    /// Starts a domain afresh, whether it runs or has stopped.
    pub(crate) fn restart_domain(&mut self, domain: u16) {
        self.record_now(Event::Restart, domain.into());
        if self.domain(domain).running {
            self.end_life(domain);
        }
        let state = self.domain(domain);
        state.generation = state.generation.wrapping_add(1);
        let generation = Decimal(state.generation);
        self.announce("restarted domain=% name=% generation=%", domain, generation);
        self.start_domain(domain);
        self.mourn(domain, None);
        // What its former life was told of peers that have ended is forgotten, and they will not end again.
        for peer in 0..self.tables().domains.len() as u16 {
            if !self.domain(peer).running {
                self.mourn(peer, Some(domain));
            }
        }
    }

    /// Ends all that a domain does and is asked for.
    fn end_life(&mut self, domain: u16) {
        self.domain(domain).running = false;
        self.break_slots(domain);
        let tables = self.tables();
        for (id, _) in self.threads_of(domain) {
            self.end_thread(id);
        }
        for irq in tables.irqs.iter().filter(|irq| irq.domain == domain) {
            self.machine.mask_irq(irq.line);
        }
        for (number, _) in (0..).zip(tables.timers).filter(|(_, timer)| timer.domain == domain) {
            self.disarm(number);
        }
        let description = at(tables.domains, domain);
        if !description.pinned {
            let slots = self.core().tlb.replaceable;
            self.machine.drop_space(description.pid, slots);
        }
    }

    /// Signals those who are to know that a life of the domain has ended; if `whose` is given, of that domain's only.
    fn mourn(&mut self, gone: u16, whose: Option<u16>) {
        let tables = self.tables();
        for mourner in at(tables.domains, gone).mourners {
            let domain = at(tables.threads, mourner.notification).domain;
            if whose.is_none_or(|whose| whose == domain) {
                self.signal(ThreadId::new(mourner.notification), mourner.bits);
            }
        }
    }

    /// Takes a thread off every queue and out of every call.
    fn end_thread(&mut self, id: ThreadId) {
        if self.thread(id).run == Run::Ready {
            let priority = self.thread(id).priority;
            let State { core, threads, .. } = self.state();
            core.ready.remove(threads, id, priority);
        }
        #[cfg(feature = "vm")]
        self.forget_guest(id);
        self.leave_calls(id);
        self.thread(id).run = Run::Stopped;
    }
}
