//! A node on the host: each domain a thread, one of which runs at a time.

use std::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::string::{String, ToString};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use abi::{Badge, Call, Cap, Kind, Object, Rights, Slot, Tag, Words};

use super::rules::{Deadline, End, Mourner, Rules, State};
use super::{Kernel, Left, end_thread, with_kernel};
use crate::Answer;

/// A domain of a [`Node`].
pub struct Domain<'m> {
    /// Its name, for messages of failing tests.
    pub name: &'static str,
    /// Its thread's priority, the higher first.
    pub priority: u8,
    /// Its capabilities. An endpoint, a notification or a domain is named by the index of its domain.
    pub caps: Vec<Cap>,
    /// Who learns of its end.
    pub mourners: Vec<Mourner>,
    /// Bits that its notification starts with.
    pub bits: u32,
    /// Its main, which does not return.
    pub main: Box<dyn FnOnce() + Send + 'm>,
}

/// What became of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How each domain ended; `None` for one that still waited when nothing could happen any more.
    pub ends: Vec<Option<End>>,
    /// The exit code, if a domain halted the node.
    pub halted: Option<u32>,
}

/// Runs domains by the kernel's rules, on one core and therefore deterministically.
#[derive(Debug)]
pub struct Node {
    rules: Mutex<Rules>,
    turn: Condvar,
}

impl Node {
    /// Runs the domains until all have ended, all wait for each other, or one halts the node.
    ///
    /// # Panics
    ///
    /// When a capability or a mourner names a domain that is not there.
    pub fn run(domains: Vec<Domain<'_>>) -> Outcome {
        check(&domains);
        let states =
            domains.iter().map(|domain| State::new(domain.priority, domain.bits, domain.mourners.clone()));
        let node = Arc::new(Self { rules: Mutex::new(Rules::new(states.collect())), turn: Condvar::new() });
        std::thread::scope(|scope| {
            for (index, domain) in domains.into_iter().enumerate() {
                let node = Arc::clone(&node);
                scope.spawn(move || node.run_domain(index, domain));
            }
        });
        let rules = node.lock();
        Outcome { ends: rules.ends(), halted: rules.halted }
    }

    fn run_domain(self: Arc<Self>, index: usize, domain: Domain<'_>) {
        let kernel = Rc::new(Seat { node: Arc::clone(&self), index, caps: domain.caps });
        let main = domain.main;
        let result = catch_unwind(AssertUnwindSafe(|| {
            self.wait_for_turn(self.lock(), index);
            with_kernel(kernel, main);
        }));
        if let Err(payload) = result
            && !payload.is::<Left>()
        {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
            self.end(index, End::Failed(text.unwrap_or_default()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends a domain and gives the core to another.
    fn end(&self, index: usize, end: End) {
        let mut rules = self.lock();
        rules.end(index, end);
        self.pass_on(&mut rules);
    }

    fn pass_on(&self, rules: &mut Rules) {
        rules.schedule();
        self.turn.notify_all();
    }

    /// Waits until the domain has the core; unwinds its thread once nothing will run any more.
    fn wait_for_turn(&self, mut rules: MutexGuard<'_, Rules>, index: usize) -> Answer {
        while !rules.over() && !rules.ended(index) {
            if rules.running == Some(index) {
                return rules.answer(index);
            }
            rules = self.turn.wait(rules).unwrap_or_else(PoisonError::into_inner);
        }
        drop(rules);
        end_thread()
    }
}

/// A test's mistake shows here, and not as a panic in the middle of a system call.
fn check(domains: &[Domain<'_>]) {
    let exists = |index: usize| index < domains.len();
    for domain in domains {
        let named = domain.caps.iter().all(|cap| match cap.object() {
            Object(Kind::Endpoint, index)
            | Object(Kind::Notification, index)
            | Object(Kind::Domain, index) => exists(index.into()),
            _ => true,
        });
        let mourned = domain.mourners.iter().all(|mourner| exists(mourner.domain));
        assert!(named && mourned, "`{}` names a domain that is not there", domain.name);
    }
}

/// One domain's way into the node: the kernel that its thread sees.
struct Seat {
    node: Arc<Node>,
    index: usize,
    caps: Vec<Cap>,
}

impl Seat {
    fn cap(&self, slot: Slot) -> Cap {
        let cap = self.caps.get(slot.0 as usize).copied().unwrap_or(Cap::EMPTY);
        assert!(cap.object() != Object(Kind::None, 0), "slot {} is empty", slot.0);
        cap
    }

    fn act(&self, rules: &mut Rules, call: Call, cap: Cap, tag: Tag, words: Words) {
        let me = self.index;
        match (call, cap.object()) {
            (Call::Call, Object(Kind::Endpoint, server)) => {
                rules.call(me, server.into(), cap.badge, tag, words)
            }
            (Call::Recv, Object(Kind::Endpoint, _)) => rules.receive(me),
            (Call::ReplyRecv, Object(Kind::Endpoint, _)) => {
                rules.reply(me, tag, words);
                rules.receive(me);
            }
            (Call::Signal, Object(Kind::Notification, domain)) => {
                rules.done(me, Answer::default());
                rules.signal(domain.into(), cap.badge.0);
            }
            (Call::Wait, Object(Kind::Notification, _)) => rules.wait(me),
            (Call::Poll, Object(Kind::Notification, _)) => rules.poll(me),
            (Call::TimerArm, Object(Kind::Timer, timer)) => {
                let deadline = u64::from(words[0]) << 32 | u64::from(words[1]);
                let period = u64::from(words[2]) << 32 | u64::from(words[3]);
                rules.arm(me, timer, Deadline { at: deadline, period, bits: cap.badge.0 });
                rules.done(me, Answer::default());
            }
            (Call::TimerCancel, Object(Kind::Timer, timer)) => {
                rules.cancel(me, timer);
                rules.done(me, Answer::default());
            }
            (Call::Stop, Object(Kind::Domain, domain)) => {
                rules.done(me, Answer::default());
                rules.end(domain.into(), End::Stopped);
            }
            (Call::Inspect, Object(Kind::Domain, domain)) => {
                let running = u32::from(!rules.ended(domain.into()));
                rules.done(me, Answer { words: [running, 0, 0, 0, 0, 0, 0, 0], ..Answer::default() });
            }
            (Call::Counters, Object(Kind::Domain, _))
            | (Call::IrqAck, Object(Kind::Irq, _))
            | (Call::Null, _) => rules.done(me, Answer::default()),
            (call, object) => panic!("{call:?} does not go with {object:?}"),
        }
    }
}

impl Kernel for Seat {
    fn system_call(&self, call: Call, slot: Slot, tag: Tag, words: Words) -> Answer {
        let cap = if call == Call::Null {
            Cap::new(Object(Kind::Node, 0), Rights::empty(), Badge(0))
        } else {
            self.cap(slot)
        };
        let mut rules = self.node.lock();
        self.act(&mut rules, call, cap, tag, words);
        self.node.pass_on(&mut rules);
        self.node.wait_for_turn(rules, self.index)
    }

    fn leave(&self, call: Call, slot: Slot, words: Words) -> ! {
        match call {
            Call::HaltNode => {
                assert_eq!(self.cap(slot).object(), Object(Kind::Node, 0), "the slot halts no node");
                let mut rules = self.node.lock();
                rules.halted = Some(words[0]);
                self.node.pass_on(&mut rules);
            }
            Call::Exit => self.node.end(self.index, End::Exited(words[0])),
            _ => self.node.end(self.index, End::Failed(String::new())),
        }
        end_thread()
    }

    fn time(&self) -> u64 {
        self.node.lock().look_at_clock()
    }
}
