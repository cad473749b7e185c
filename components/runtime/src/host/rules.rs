//! The kernel's rules on the host: one core, fixed priorities, call and reply, notifications, ends.
//!
//! A domain has one thread, one notification and at most one endpoint, so one index names them all.

use std::collections::{BTreeMap, VecDeque};
use std::string::String;
use std::vec::Vec;

use abi::{Badge, Status, Tag, Words};

use crate::Answer;

/// How a domain ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Its thread exited with a code.
    Exited(u32),
    /// It panicked, or reported a failure, with this text.
    Failed(String),
    /// Another domain stopped it.
    Stopped,
}

/// A notification that learns of a domain's end.
#[derive(Clone, Copy, Debug)]
pub struct Mourner {
    /// Index of the domain whose notification it is.
    pub domain: usize,
    /// Bits to set.
    pub bits: u32,
}

/// What a domain's thread does.
#[derive(Debug)]
enum Thread {
    /// Runs, or could run with this answer to its system call.
    Ready(Answer),
    /// Waits for a message or for bits.
    Receiving,
    /// Waits for a reply.
    Calling,
    /// Waits for bits.
    Waiting,
    /// Is no more.
    Ended(End),
}

#[derive(Debug)]
struct Call {
    client: usize,
    badge: Badge,
    tag: Tag,
    words: Words,
}

/// When a timer fires.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    /// The time.
    pub(super) at: u64,
    /// Ticks from one deadline to the next; 0 for one that does not come again.
    pub(super) period: u64,
    /// Bits to set.
    pub(super) bits: u32,
}

/// A domain as the rules see it.
#[derive(Debug)]
pub(super) struct State {
    priority: u8,
    thread: Thread,
    bits: u32,
    calls: VecDeque<Call>,
    owes: Option<usize>,
    mourners: Vec<Mourner>,
    /// By timer.
    deadlines: BTreeMap<u16, Deadline>,
}

impl State {
    pub(super) fn new(priority: u8, bits: u32, mourners: Vec<Mourner>) -> Self {
        let thread = Thread::Ready(Answer::default());
        Self {
            priority,
            thread,
            bits,
            calls: VecDeque::new(),
            owes: None,
            mourners,
            deadlines: BTreeMap::new(),
        }
    }
}

/// All domains, the one that runs, and the clock.
#[derive(Debug)]
pub(super) struct Rules {
    domains: Vec<State>,
    pub(super) running: Option<usize>,
    pub(super) halted: Option<u32>,
    time: u64,
}

impl Rules {
    pub(super) fn new(domains: Vec<State>) -> Self {
        let mut rules = Self { domains, running: None, halted: None, time: 0 };
        rules.schedule();
        rules
    }

    /// Whether nothing will run any more: all domains ended, all wait for each other, or the node halted.
    pub(super) fn over(&self) -> bool {
        self.running.is_none()
    }

    /// How each domain ended; `None` for one that still waits.
    pub(super) fn ends(&self) -> Vec<Option<End>> {
        let end = |state: &State| match &state.thread {
            Thread::Ended(end) => Some(end.clone()),
            _ => None,
        };
        self.domains.iter().map(end).collect()
    }

    /// Whether the domain is no more.
    pub(super) fn ended(&self, domain: usize) -> bool {
        matches!(self.domains[domain].thread, Thread::Ended(_))
    }

    /// The answer of a domain that runs.
    pub(super) fn answer(&self, domain: usize) -> Answer {
        match self.domains[domain].thread {
            Thread::Ready(answer) => answer,
            _ => Answer::default(),
        }
    }

    /// Time passes with each look, so that no loop on the clock is endless.
    pub(super) fn look_at_clock(&mut self) -> u64 {
        self.time += 1;
        self.time
    }

    /// Gives the core to the ready domain of the highest priority; among equals to the one that has it.
    pub(super) fn schedule(&mut self) {
        if self.halted.is_some() {
            self.running = None;
            return;
        }
        self.fire_timers();
        self.running = self.best_ready();
        if self.running.is_none() && self.skip_to_next_deadline() {
            self.running = self.best_ready();
        }
    }

    fn best_ready(&self) -> Option<usize> {
        let ready = |index: &usize| matches!(self.domains[*index].thread, Thread::Ready(_));
        let rank = |index: &usize| {
            (self.domains[*index].priority, self.running == Some(*index), usize::MAX - *index)
        };
        (0..self.domains.len()).filter(ready).max_by_key(rank)
    }

    fn skip_to_next_deadline(&mut self) -> bool {
        let deadlines = self.domains.iter().flat_map(|state| state.deadlines.values());
        let Some(next) = deadlines.map(|deadline| deadline.at).min() else {
            return false;
        };
        self.time = self.time.max(next);
        self.fire_timers();
        true
    }

    fn fire_timers(&mut self) {
        for domain in 0..self.domains.len() {
            let time = self.time;
            let deadlines = &mut self.domains[domain].deadlines;
            let mut bits = 0;
            deadlines.retain(|_, deadline| {
                if deadline.at > time {
                    return true;
                }
                bits |= deadline.bits;
                // What nobody could wait for counts as one.
                let passed = time - deadline.at;
                deadline.at = passed
                    .checked_div(deadline.period)
                    .map_or(deadline.at, |periods| deadline.at + (periods + 1) * deadline.period);
                deadline.period != 0
            });
            if bits != 0 {
                self.signal(domain, bits);
            }
        }
    }

    pub(super) fn done(&mut self, domain: usize, answer: Answer) {
        self.domains[domain].thread = Thread::Ready(answer);
    }

    pub(super) fn call(&mut self, client: usize, server: usize, badge: Badge, tag: Tag, words: Words) {
        if self.ended(server) {
            return self.done(client, gone());
        }
        self.domains[client].thread = Thread::Calling;
        self.domains[server].calls.push_back(Call { client, badge, tag, words });
        self.deliver(server);
    }

    pub(super) fn reply(&mut self, server: usize, tag: Tag, words: Words) {
        if let Some(client) = self.domains[server].owes.take() {
            self.done(client, Answer { tag: tag.bits(), words, ..Answer::default() });
        }
    }

    pub(super) fn receive(&mut self, server: usize) {
        self.domains[server].thread = Thread::Receiving;
        self.deliver(server);
    }

    pub(super) fn wait(&mut self, domain: usize) {
        self.domains[domain].thread = Thread::Waiting;
        self.deliver(domain);
    }

    pub(super) fn poll(&mut self, domain: usize) {
        let bits = core::mem::take(&mut self.domains[domain].bits);
        self.done(domain, with_bits(Status::Ok, bits));
    }

    pub(super) fn signal(&mut self, domain: usize, bits: u32) {
        self.domains[domain].bits |= bits;
        self.deliver(domain);
    }

    pub(super) fn arm(&mut self, domain: usize, timer: u16, deadline: Deadline) {
        self.domains[domain].deadlines.insert(timer, deadline);
    }

    pub(super) fn cancel(&mut self, domain: usize, timer: u16) {
        self.domains[domain].deadlines.remove(&timer);
    }

    /// Ends a domain; whoever depends on it learns it. One that has ended stays as it is.
    pub(super) fn end(&mut self, domain: usize, end: End) {
        if self.ended(domain) {
            return;
        }
        self.domains[domain].thread = Thread::Ended(end);
        self.domains[domain].deadlines.clear();
        let calls = core::mem::take(&mut self.domains[domain].calls);
        let owed = self.domains[domain].owes.take();
        for client in calls.into_iter().map(|call| call.client).chain(owed) {
            self.done(client, gone());
        }
        for server in &mut self.domains {
            server.calls.retain(|call| call.client != domain);
            server.owes.take_if(|client| *client == domain);
        }
        for mourner in self.domains[domain].mourners.clone() {
            self.signal(mourner.domain, mourner.bits);
        }
    }

    /// Ends a waiting domain's wait if what it waits for is there; bits come before messages.
    fn deliver(&mut self, domain: usize) {
        let state = &mut self.domains[domain];
        let answer = match state.thread {
            Thread::Receiving if state.bits != 0 => {
                with_bits(Status::Notified, core::mem::take(&mut state.bits))
            }
            Thread::Waiting if state.bits != 0 => with_bits(Status::Ok, core::mem::take(&mut state.bits)),
            Thread::Receiving => match state.calls.pop_front() {
                Some(Call { client, badge, tag, words }) => {
                    state.owes = Some(client);
                    Answer { status: Status::Ok as u32, words, badge: badge.0, tag: tag.bits() }
                }
                None => return,
            },
            _ => return,
        };
        state.thread = Thread::Ready(answer);
    }
}

fn gone() -> Answer {
    Answer { status: Status::PeerGone as u32, ..Answer::default() }
}

fn with_bits(status: Status, bits: u32) -> Answer {
    Answer { status: status as u32, words: [bits, 0, 0, 0, 0, 0, 0, 0], ..Answer::default() }
}
