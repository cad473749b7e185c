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
//! 5. A fault is a call to the handler, whose reply says how the thread goes on. What nobody mends ends its domain's
//!    life at the end of the trap, in the order of the threads' numbers.
//! 6. When a life of a domain ends, all calls to it end, and each slot of others that leads there answers once more
//!    that the peer is gone, unless its owner knows: a call by the only such slot has just ended so.
//! 7. Time is charged to the account of whoever stands at the head of the chain of calls. Whoever works for itself and has
//!    nothing left does not run until its period ends, and is then last among its equals.
//! 8. What a call changes in registers, the table in `docs/kernel-abi.md` says; nothing else changes.

mod budgets;
mod system_call;

use crate::context::Context;
use crate::kernel::FAULT_EXIT_CODE;
use crate::tables::{OnFault, Tables};
use crate::tests::node::Trap;
use abi::{Badge, COUNTERS, Cap, Cause, Counter, Kind, Object, Rights, Status};
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
    /// It has faulted, and nobody will mend it.
    Broken,
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
    /// While it waits for its fault's handler: the cause and the address.
    pub(super) fault: Option<(Cause, u32)>,
    /// Its latest fault.
    latest: Option<Cause>,
    /// What is left of its budget in this period, if it has one.
    left: i64,
    /// It could run, but for its budget.
    pub(super) parked: bool,
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
    pub(super) periods: Vec<u64>,
    pub(super) generations: Vec<u32>,
    pub(super) faults: Vec<u32>,
    revived: Vec<u32>,
    /// Slots, each with its domain, whose owner is yet to learn of a server's end.
    pub(super) broken: BTreeSet<(u16, u32)>,
    pub(super) dcrs: BTreeMap<u32, u32>,
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
    /// Who has paid for the time since the last trap, and when that was.
    payer: Option<usize>,
    since: u64,
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
            fault: None,
            latest: None,
            left: budgets::full(table),
            parked: false,
            place: (table.priority.into(), 0),
        };
        let mut model = Self {
            tables,
            threads: tables.threads.iter().map(thread).collect(),
            running: vec![true; tables.domains.len()],
            deadlines: vec![None; tables.timers.len()],
            periods: vec![0; tables.timers.len()],
            generations: vec![0; tables.domains.len()],
            faults: vec![0; tables.domains.len()],
            revived: vec![0; tables.domains.len()],
            broken: BTreeSet::new(),
            dcrs: BTreeMap::new(),
            current: None,
            halted: None,
            now: 0,
            open_lines: tables.irqs.iter().map(|irq| irq.line).collect(),
            raised_lines: Vec::new(),
            tlb: BTreeMap::new(),
            loads: 0,
            reports: Vec::new(),
            payer: None,
            since: 0,
            last: 0,
        };
        // Domains start in order, and so do the threads of each.
        for domain in 0..tables.domains.len() {
            for thread in model.threads_of(domain as u16) {
                model.go_last(thread);
            }
        }
        model.choose();
        model.payer = model.current;
        model
    }

    /// Handles a trap as [`crate::kernel::Kernel::handle`] does.
    pub(super) fn handle(&mut self, trap: Trap, slots: u8) {
        if let Some(thread) = self.current {
            match trap {
                Trap::Call => self.count(thread, Counter::Calls),
                Trap::Timer => self.count(thread, Counter::Timers),
                Trap::Interrupt => self.count(thread, Counter::Interrupts),
                Trap::Miss { .. } | Trap::Fault { .. } => {}
            }
        }
        // A miss that the map answers is the assembly's, which knows no accounts.
        if !matches!((trap, self.current), (Trap::Miss { address, .. }, Some(id)) if self.maps(id, address)) {
            self.charge();
        }
        match (trap, self.current) {
            (Trap::Timer, _) => self.expire(),
            (Trap::Interrupt, _) => self.interrupt(),
            (Trap::Call, Some(thread)) => {
                if let Err(cause) = self.system_call(thread) {
                    self.fault(thread, cause, None);
                }
            }
            (Trap::Miss { address, cause }, Some(thread)) => self.miss(thread, address, cause, slots),
            (Trap::Fault { cause, address }, Some(thread)) => self.fault(thread, cause, address),
            (_, None) => {}
        }
        self.settle_faults();
        self.choose();
        self.payer = self.current.map(|current| self.head(current));
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
        for thread in 0..self.threads.len() {
            self.park(thread);
        }
        let priorities = self.priorities();
        let able: Vec<usize> = (0..self.threads.len())
            .filter(|id| self.threads[*id].state == State::Able && !self.threads[*id].parked)
            .collect();
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
        self.park(thread);
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
        if let Some((cause, address)) = self.threads[caller].fault {
            let words = [cause as u32, address, self.threads[caller].context.pc, caller as u32, 0, 0, 0, 0];
            self.registers(server, Status::Ok, words, badge.0, 4);
        } else {
            self.carry(caller, server, badge);
        }
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
            self.give_up(caller);
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
            let gpr = self.threads[server].context.gpr;
            let sent = gpr[12] & 0xF;
            let resumes = gpr[12] >> 16 == 0 && sent >= 1 && gpr[3] == 1;
            let pc = if sent >= 2 { gpr[4] } else { 0 };
            if self.threads[caller].fault.is_none() {
                self.carry(server, caller, Badge(0));
            } else if resumes && pc % 4 == 0 {
                self.threads[caller].fault = None;
                self.threads[caller].context.pc = pc;
            } else {
                self.give_up(caller);
                return self.receive(server);
            }
            self.threads[caller].state = State::Able;
            self.go_first(caller);
            self.park(caller);
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
        // By deadline, then by number.
        let mut order: Vec<usize> = (0..self.tables.timers.len()).collect();
        order.sort_by_key(|index| (self.deadlines[*index], *index));
        for index in order {
            let timer = &self.tables.timers[index];
            if self.deadlines[index].is_some_and(|deadline| deadline <= self.now) {
                let period = self.periods[index];
                // A period at a time.
                while period != 0 && self.deadlines[index].is_some_and(|deadline| deadline <= self.now) {
                    self.deadlines[index] = self.deadlines[index].and_then(|time| time.checked_add(period));
                }
                if period == 0 {
                    self.deadlines[index] = None;
                }
                self.signal(timer.notification.into(), timer.bits);
            }
        }
    }

    // Ends.

    fn fault(&mut self, thread: usize, cause: Cause, address: Option<u32>) {
        let domain = self.tables.threads[thread].domain as usize;
        self.count(thread, Counter::Faults);
        self.faults[domain] += 1;
        self.threads[thread].latest = Some(cause);
        let handler = self.tables.domains[domain].handler;
        match handler.filter(|handler| self.threads[handler.endpoint as usize].state != State::Ended) {
            Some(handler) => {
                self.threads[thread].fault = Some((cause, address.unwrap_or(0)));
                self.call(thread, handler.endpoint.into(), handler.badge);
            }
            None => self.threads[thread].state = State::Broken,
        }
    }

    /// The end of a call that gets no reply.
    fn give_up(&mut self, caller: usize) {
        let State::Calling { server, .. } = self.threads[caller].state else { panic!("no caller") };
        if self.threads[caller].fault.take().is_some() {
            self.threads[caller].state = State::Broken;
            return;
        }
        self.answer(caller, Status::PeerGone);
        self.wake(caller);
        let domain = self.tables.threads[caller].domain;
        let slots: Vec<u32> = self.slots_to(domain, |called| called == server);
        if let [slot] = slots[..] {
            self.broken.remove(&(domain, slot));
        }
    }

    /// The slots by which a domain may call certain threads.
    fn slots_to(&self, domain: u16, which: impl Fn(usize) -> bool) -> Vec<u32> {
        let caps = (0..).zip(self.tables.domains[domain as usize].caps);
        let calls = |cap: &Cap| match cap.object() {
            Object(Kind::Endpoint, thread) => cap.rights.contains(Rights::CALL) && which(thread.into()),
            _ => false,
        };
        caps.filter(|(_, cap)| calls(cap)).map(|(slot, _)| slot).collect()
    }

    fn settle_faults(&mut self) {
        while let Some(thread) = self.threads.iter().position(|thread| thread.state == State::Broken) {
            let number = self.tables.threads[thread].domain;
            let domain = number as usize;
            self.reports.push((self.threads[thread].latest.expect("a fault"), number));
            match self.tables.domains[domain].on_fault {
                OnFault::HaltNode => {
                    self.halted = Some(FAULT_EXIT_CODE);
                    return;
                }
                OnFault::Restart { max } if self.revived[domain] < max => {
                    self.revived[domain] += 1;
                    self.restart(number);
                }
                OnFault::Halt | OnFault::Restart { .. } => self.stop(number),
            }
        }
    }

    /// Starts a domain afresh.
    fn restart(&mut self, domain: u16) {
        self.end_life(domain);
        self.generations[domain as usize] += 1;
        self.running[domain as usize] = true;
        self.broken.retain(|(owner, _)| *owner != domain);
        for thread in self.threads_of(domain) {
            let table = &self.tables.threads[thread];
            self.threads[thread].context = Context::start(table.entry, table.stack_pointer);
            self.threads[thread].signals = 0;
            self.give_way(thread);
        }
        for irq in self.tables.irqs.iter().filter(|irq| irq.domain == domain) {
            self.open_lines.insert(irq.line);
        }
        self.mourn(domain);
        for (peer, table) in self.tables.domains.iter().enumerate() {
            let told = table.mourners.iter().filter(|mourner| {
                let thread = usize::from(mourner.notification);
                !self.running[peer] && self.tables.threads[thread].domain == domain
            });
            for mourner in told.collect::<Vec<_>>() {
                self.signal(mourner.notification.into(), mourner.bits);
            }
        }
    }

    /// The thread could run, behind its equals, even if it is the one that runs.
    fn give_way(&mut self, thread: usize) {
        self.current.take_if(|current| *current == thread);
        self.wake(thread);
    }

    fn threads_of(&self, domain: u16) -> Vec<usize> {
        (0..self.threads.len()).filter(|id| self.tables.threads[*id].domain == domain).collect()
    }

    fn stop(&mut self, domain: u16) {
        if self.running[domain as usize] {
            self.end_life(domain);
            self.mourn(domain);
        }
    }

    fn mourn(&mut self, domain: u16) {
        for mourner in self.tables.domains[domain as usize].mourners {
            self.signal(mourner.notification.into(), mourner.bits);
        }
    }

    fn end_life(&mut self, domain: u16) {
        if !std::mem::replace(&mut self.running[domain as usize], false) {
            return;
        }
        let threads = self.threads_of(domain);
        for client in (0..).zip(&self.running).filter(|(_, running)| **running).map(|(client, _)| client) {
            let slots = self.slots_to(client, |thread| threads.contains(&thread));
            self.broken.extend(slots.into_iter().map(|slot| (client, slot)));
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
                self.periods[index] = 0;
            }
        }
        let table = &self.tables.domains[domain as usize];
        self.tlb.retain(|_, (owner, _)| *owner != table.pid);
    }

    /// A thread waits for nobody any more, and nobody for it.
    fn end(&mut self, thread: usize) {
        self.threads[thread].state = State::Ended;
        self.threads[thread].parked = false;
        self.threads[thread].fault = None;
        self.settle();
        let heard = self.owed(thread);
        let unheard = self.queue(thread);
        for caller in heard.into_iter().chain(unheard) {
            self.give_up(caller);
        }
        self.settle();
    }

    // Memory.

    fn maps(&self, thread: usize, address: u32) -> bool {
        let domain = &self.tables.domains[self.tables.threads[thread].domain as usize];
        domain.map.pages.iter().any(|page| page.contains(address))
    }

    fn miss(&mut self, thread: usize, address: u32, cause: Cause, slots: u8) {
        let domain = &self.tables.domains[self.tables.threads[thread].domain as usize];
        match domain.map.pages.iter().find(|page| page.contains(address)) {
            Some(page) => {
                let fetch = cause == Cause::FetchUnmapped;
                self.count(thread, if fetch { Counter::FetchMisses } else { Counter::DataMisses });
                self.tlb.insert((self.loads % u32::from(slots)) as u8, (domain.pid, page.virt()));
                self.loads += 1;
            }
            None => self.fault(thread, cause, Some(address)),
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
