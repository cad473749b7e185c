//! A reference kernel that is obviously right, and slow: no lists, no linked queues, no priority that is kept up
//! to date. Who waits for whom is written down once, with the waiting thread; everything else is worked out anew
//! whenever it is asked for.
//!
//! It states the rules that a reader of the kernel's documentation may rely on:
//!
//! 1. A thread's priority is the highest of its own and of the priorities of those who wait for it.
//! 2. The able thread with the highest priority runs. The one that runs gives way to a higher one only, and then
//!    comes first among its equals.
//! 3. Among equals, those that became able earlier run earlier; who was called, and who got a reply, comes first.
//! 4. Callers are served by priority, then by time. A thread whose priority changes begins to wait anew.
//! 5. What a call changes in registers, the table in `docs/kernel-abi.md` says; nothing else changes.

mod system_call;

use crate::context::Context;
use crate::kernel::{FAULT_EXIT_CODE, Trap};
use crate::tables::{OnFault, Tables};
use abi::{Badge, COUNTERS, Cause, Counter, Status};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It runs, or could.
    Able,
    /// It waits for a message or for its notification.
    Receiving,
    /// It waits for its notification.
    Waiting,
    /// It has called; the server has taken the message, or has not yet.
    Calling { server: usize, badge: Badge, taken: bool },
    /// It has ended.
    Ended,
}

/// A thread.
#[derive(Clone, Debug)]
pub(super) struct Thread {
    pub(super) context: Context,
    pub(super) state: State,
    pub(super) signals: u32,
    pub(super) counters: [u32; COUNTERS],
    /// Its priority when it last took a place among its equals, and that place.
    place: (u32, i64),
}

/// The whole kernel.
#[derive(Clone, Debug)]
pub(super) struct Model {
    tables: &'static Tables,
    pub(super) threads: Vec<Thread>,
    pub(super) running: Vec<bool>,
    pub(super) deadlines: Vec<Option<u64>>,
    pub(super) current: Option<usize>,
    pub(super) halted: Option<u32>,
    pub(super) now: u64,
    pub(super) open_lines: BTreeSet<u16>,
    pub(super) raised_lines: Vec<u16>,
    /// The replaceable TLB, by slot: whose page, and which.
    pub(super) tlb: BTreeMap<u8, (u8, u32)>,
    loads: u32,
    /// The causes reported since they were last taken, with their domains.
    pub(super) reports: Vec<(Cause, u16)>,
    /// The place of whoever comes next behind all others; the negative ones come before.
    last: i64,
}

impl Model {
    pub(super) fn started(tables: &'static Tables) -> Self {
        let thread = |table: &crate::tables::Thread| Thread {
            context: Context::start(table.entry, table.stack_pointer),
            state: State::Able,
            signals: 0,
            counters: [0; COUNTERS],
            place: (table.priority.into(), 0),
        };
        let mut model = Self {
            tables,
            threads: tables.threads.iter().map(thread).collect(),
            running: vec![true; tables.domains.len()],
            deadlines: vec![None; tables.timers.len()],
            current: None,
            halted: None,
            now: 0,
            open_lines: tables.irqs.iter().map(|irq| irq.line).collect(),
            raised_lines: Vec::new(),
            tlb: BTreeMap::new(),
            loads: 0,
            reports: Vec::new(),
            last: 0,
        };
        // Domains start in order, and so do the threads of each.
        for domain in 0..tables.domains.len() {
            for thread in model.threads_of(domain as u16) {
                model.go_last(thread);
            }
        }
        model.choose();
        model
    }

    /// Handles a trap as [`crate::kernel::Kernel::handle`] does.
    pub(super) fn handle(&mut self, trap: Trap, slots: u8) {
        if let Some(thread) = self.current {
            self.count(
                thread,
                match trap {
                    Trap::Call => Counter::Calls,
                    Trap::Timer => Counter::Timers,
                    Trap::Interrupt => Counter::Interrupts,
                    Trap::Miss { cause: Cause::FetchUnmapped, .. } => Counter::FetchMisses,
                    Trap::Miss { .. } => Counter::DataMisses,
                    Trap::Fault { .. } => Counter::Faults,
                },
            );
        }
        match (trap, self.current) {
            (Trap::Timer, _) => self.expire(),
            (Trap::Interrupt, _) => self.interrupt(),
            (Trap::Call, Some(thread)) => {
                if let Err(cause) = self.system_call(thread) {
                    self.fault(thread, cause);
                }
            }
            (Trap::Miss { address, cause }, Some(thread)) => self.miss(thread, address, cause, slots),
            (Trap::Fault { cause, .. }, Some(thread)) => self.fault(thread, cause),
            (_, None) => {}
        }
        self.choose();
    }

    // Who runs.

    /// Rule 1: starting from everyone's own, raise until nothing changes.
    pub(super) fn priorities(&self) -> Vec<u32> {
        let mut priorities: Vec<u32> =
            self.tables.threads.iter().map(|thread| thread.priority.into()).collect();
        loop {
            let before = priorities.clone();
            for (thread, state) in self.threads.iter().map(|thread| thread.state).enumerate() {
                if let State::Calling { server, .. } = state {
                    priorities[server] = priorities[server].max(priorities[thread]);
                }
            }
            if priorities == before {
                return priorities;
            }
        }
    }

    /// Rules 2 and 3.
    fn choose(&mut self) {
        if self.halted.is_some() {
            return;
        }
        let priorities = self.priorities();
        let able: Vec<usize> =
            (0..self.threads.len()).filter(|id| self.threads[*id].state == State::Able).collect();
        if let Some(current) = self.current.filter(|id| able.contains(id)) {
            if able.iter().all(|id| priorities[*id] <= priorities[current]) {
                return;
            }
            self.count(current, Counter::Preemptions);
            self.go_first(current);
        }
        self.current =
            able.into_iter().min_by_key(|id| (Reverse(priorities[*id]), self.threads[*id].place.1));
    }

    fn go_last(&mut self, thread: usize) {
        self.last += 1;
        self.threads[thread].place = (self.priorities()[thread], self.last);
    }

    fn go_first(&mut self, thread: usize) {
        self.last += 1;
        self.threads[thread].place = (self.priorities()[thread], -self.last);
    }

    /// Rule 4: whoever's priority has changed goes behind the others.
    fn settle(&mut self) {
        let priorities = self.priorities();
        for (thread, priority) in priorities.into_iter().enumerate() {
            if self.threads[thread].place.0 != priority {
                self.go_last(thread);
            }
        }
    }

    fn wake(&mut self, thread: usize) {
        self.threads[thread].state = State::Able;
        self.go_last(thread);
    }

    // Calls.

    /// Who waits for `server` to take the message, in the order in which it will.
    fn queue(&self, server: usize) -> Vec<usize> {
        let priorities = self.priorities();
        let mut queue: Vec<usize> = (0..self.threads.len())
            .filter(|id| matches!(self.threads[*id].state, State::Calling { server: at, taken: false, .. } if at == server))
            .collect();
        queue.sort_by_key(|id| (Reverse(priorities[*id]), self.threads[*id].place.1));
        queue
    }

    /// Who has been heard by `server` and waits for the reply.
    pub(super) fn owed(&self, server: usize) -> Option<usize> {
        let waits = |thread: &Thread| matches!(thread.state, State::Calling { server: at, taken: true, .. } if at == server);
        self.threads.iter().position(waits)
    }

    fn call(&mut self, caller: usize, server: usize, badge: Badge) {
        if self.threads[server].state == State::Ended {
            return self.answer(caller, Status::PeerGone);
        }
        let ready = self.threads[server].state == State::Receiving;
        self.threads[caller].state = State::Calling { server, badge, taken: false };
        self.go_last(caller);
        if ready {
            self.take(caller, server);
            self.threads[server].state = State::Able;
            self.settle();
            self.go_first(server);
        } else {
            self.settle();
        }
    }

    /// The server takes the caller's message.
    fn take(&mut self, caller: usize, server: usize) {
        let State::Calling { badge, .. } = self.threads[caller].state else { panic!("no caller") };
        self.threads[caller].state = State::Calling { server, badge, taken: true };
        self.carry(caller, server, badge);
    }

    fn carry(&mut self, from: usize, to: usize, badge: Badge) {
        let tag = self.threads[from].context.gpr[12];
        let count = (tag & 0xF).min(8) as usize;
        let mut words = [0; 8];
        words[..count].copy_from_slice(&self.threads[from].context.gpr[3..3 + count]);
        self.registers(to, Status::Ok, words, badge.0, tag);
    }

    fn receive(&mut self, server: usize) {
        if let Some(caller) = self.owed(server) {
            self.answer(caller, Status::PeerGone);
            self.wake(caller);
        }
        if self.threads[server].signals != 0 {
            self.take_bits(server, Status::Notified);
        } else if let Some(caller) = self.queue(server).first().copied() {
            self.take(caller, server);
        } else {
            self.threads[server].state = State::Receiving;
        }
        self.settle();
    }

    fn reply_receive(&mut self, server: usize) {
        if let Some(caller) = self.owed(server) {
            self.carry(server, caller, Badge(0));
            self.threads[caller].state = State::Able;
            self.go_first(caller);
        }
        self.receive(server);
    }

    // Notifications.

    fn signal(&mut self, thread: usize, bits: u32) {
        self.threads[thread].signals |= bits;
        let status = match self.threads[thread].state {
            State::Waiting => Status::Ok,
            State::Receiving => Status::Notified,
            _ => return,
        };
        if self.threads[thread].signals != 0 {
            self.take_bits(thread, status);
            self.wake(thread);
        }
    }

    fn take_bits(&mut self, thread: usize, status: Status) {
        let bits = std::mem::take(&mut self.threads[thread].signals);
        self.registers(thread, status, [bits, 0, 0, 0, 0, 0, 0, 0], 0, 0);
    }

    fn interrupt(&mut self) {
        for line in self.raised_lines.clone() {
            if self.open_lines.remove(&line) {
                for irq in self.tables.irqs.iter().filter(|irq| irq.line == line) {
                    self.signal(irq.notification.into(), irq.bits);
                }
            }
        }
    }

    fn expire(&mut self) {
        for (index, timer) in self.tables.timers.iter().enumerate() {
            if self.deadlines[index].is_some_and(|deadline| deadline <= self.now) {
                self.deadlines[index] = None;
                self.signal(timer.notification.into(), timer.bits);
            }
        }
    }

    // Ends.

    fn fault(&mut self, thread: usize, cause: Cause) {
        let domain = self.tables.threads[thread].domain;
        self.reports.push((cause, domain));
        match self.tables.domains[domain as usize].on_fault {
            OnFault::HaltNode => self.halted = Some(FAULT_EXIT_CODE),
            OnFault::Halt | OnFault::Restart { .. } => self.stop(domain),
        }
    }

    fn threads_of(&self, domain: u16) -> Vec<usize> {
        (0..self.threads.len()).filter(|id| self.tables.threads[*id].domain == domain).collect()
    }

    fn stop(&mut self, domain: u16) {
        if !std::mem::replace(&mut self.running[domain as usize], false) {
            return;
        }
        for thread in self.threads_of(domain) {
            self.end(thread);
        }
        for irq in self.tables.irqs.iter().filter(|irq| irq.domain == domain) {
            self.open_lines.remove(&irq.line);
        }
        for (index, timer) in self.tables.timers.iter().enumerate() {
            if timer.domain == domain {
                self.deadlines[index] = None;
            }
        }
        let table = &self.tables.domains[domain as usize];
        self.tlb.retain(|_, (owner, _)| *owner != table.pid);
        for mourner in table.mourners {
            self.signal(mourner.notification.into(), mourner.bits);
        }
    }

    /// A thread waits for nobody any more, and nobody for it.
    fn end(&mut self, thread: usize) {
        self.threads[thread].state = State::Ended;
        self.settle();
        let heard = self.owed(thread);
        let unheard = self.queue(thread);
        for caller in heard.into_iter().chain(unheard) {
            self.answer(caller, Status::PeerGone);
            self.wake(caller);
        }
        self.settle();
    }

    // Memory.

    fn miss(&mut self, thread: usize, address: u32, cause: Cause, slots: u8) {
        let domain = &self.tables.domains[self.tables.threads[thread].domain as usize];
        match domain.map.pages.iter().find(|page| page.contains(address)) {
            Some(page) => {
                self.tlb.insert((self.loads % u32::from(slots)) as u8, (domain.pid, page.virt()));
                self.loads += 1;
            }
            None => self.fault(thread, cause),
        }
    }

    fn answer(&mut self, thread: usize, status: Status) {
        self.registers(thread, status, [0; 8], 0, 0);
    }

    /// Rule 5.
    fn registers(&mut self, thread: usize, status: Status, words: [u32; 8], badge: u32, tag: u32) {
        let gpr = &mut self.threads[thread].context.gpr;
        gpr[0] = status as u32;
        gpr[3..11].copy_from_slice(&words);
        gpr[11] = badge;
        gpr[12] = tag;
    }

    fn count(&mut self, thread: usize, counter: Counter) {
        self.threads[thread].counters[counter as usize] += 1;
    }
}
