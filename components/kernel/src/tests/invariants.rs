//! Whatever domains do, in whatever order: the kernel does not panic, and its objects stay consistent.

use super::guarded::GUARDED;
use super::{Node, TABLES};
use crate::list::ThreadId;
use crate::objects::Run;
use crate::tests::node::Trap;
use abi::{Cause, Kind, Rights, Tag};
use proptest::prelude::*;

/// What happens next to a node.
#[derive(Clone, Debug)]
enum Step {
    /// Any call with any slot.
    Call {
        number: u32,
        slot: u32,
        words: usize,
        values: [u32; 2],
    },
    /// A call that the running thread may make: a client that is stopped at once shows little.
    Fitting {
        choice: usize,
        words: usize,
        values: [u32; 2],
    },
    Miss {
        address: u32,
    },
    Fault,
    Interrupt,
    Time {
        passes: u64,
    },
}

/// Calls of each thread of [`TABLES`], with slots that hold an object of theirs.
const PLAIN: &[&[(u32, u32)]] = &[&[(0, 0), (2, 1), (3, 1), (3, 1), (5, 2), (6, 2)], CLIENTS, CLIENTS];

const CLIENTS: &[(u32, u32)] =
    &[(0, 0), (1, 1), (1, 1), (1, 1), (4, 3), (5, 2), (6, 2), (7, 8), (8, 6), (9, 6), (10, 4), (22, 0)];

/// Calls of each thread of [`GUARDED`], likewise.
const HANDLED: &[&[(u32, u32)]] = &[
    &[(2, 1), (3, 1), (3, 1), (3, 1), (14, 4), (15, 4), (17, 3), (20, 6), (22, 0)],
    &[(2, 1), (3, 1), (3, 1), (5, 2), (8, 3), (22, 0), (13, 0)],
    &[(1, 1), (1, 1), (1, 4), (5, 2), (14, 3)],
    &[(1, 1), (5, 2), (5, 2), (6, 2), (14, 3), (13, 0)],
];

fn step() -> impl Strategy<Value = Step> {
    let call = (0_u32..24, 0_u32..11, 0_usize..16, any::<[u32; 2]>())
        .prop_map(|(number, slot, words, values)| Step::Call { number, slot, words, values });
    let fitting = (any::<usize>(), 0_usize..16, any::<[u32; 2]>())
        .prop_map(|(choice, words, values)| Step::Fitting { choice, words, values });
    prop_oneof![
        1 => call,
        20 => fitting,
        2 => (0x0F_F000_u32..0x11_1000).prop_map(|address| Step::Miss { address }),
        1 => Just(Step::Fault),
        2 => Just(Step::Interrupt),
        2 => (0_u64..100).prop_map(|passes| Step::Time { passes }),
    ]
}

fn apply(node: &mut Node, step: &Step) {
    match *step {
        Step::Call { number, slot, words, values } if node.core.current.is_some() => {
            node.raw(number, slot, Tag::new(1, words), &values);
        }
        Step::Fitting { choice, words, values: [first, second] } => {
            if let Some(current) = node.core.current {
                let plain = node.tables.threads.len() == TABLES.threads.len();
                let calls = if plain { PLAIN } else { HANDLED }[current.index()];
                let (number, slot) = calls[choice % calls.len()];
                // Small numbers: an answer that resumes, a register, a soon deadline.
                node.raw(number, slot, Tag::new(0, words), &[first % 2, second & !3]);
            }
        }
        Step::Miss { address } => {
            node.trap(Trap::Miss { address, cause: Cause::LoadUnmapped });
        }
        Step::Fault if node.core.current.is_some() => {
            node.trap(Trap::Fault { cause: Cause::Illegal, address: None });
        }
        Step::Interrupt => {
            node.machine.pending = vec![5, 7];
            node.trap(Trap::Interrupt);
        }
        Step::Time { passes } => {
            node.machine.now += passes;
            node.trap(Trap::Timer);
        }
        Step::Call { .. } | Step::Fault => {}
    }
}

/// What holds between traps.
fn consistent(node: &Node) {
    let of = |id: ThreadId| &node.threads[id.place()];
    let threads: Vec<ThreadId> = (0..node.tables.threads.len()).map(|id| ThreadId::new(id as u16)).collect();
    let mut queued = Vec::new();
    assert!(
        !node.core.faults_due && node.asides.iter().all(|aside| !aside.fault.due),
        "every due fault is followed"
    );
    for id in &threads {
        let thread = of(*id);
        let domain = node.tables.threads[id.index()].domain as usize;
        if !node.domains[domain].running {
            assert_eq!(thread.run, Run::Stopped, "{id:?} of a stopped domain");
        }
        let waits = matches!(thread.run, Run::AwaitingReply | Run::Queued);
        assert_eq!(thread.peer.is_some(), waits, "{id:?} names whom it waits for");
        assert!(waits || !thread.faulted, "{id:?} has faulted and goes on");
        match thread.run {
            Run::Running => assert_eq!(node.core.current, Some(*id), "one thread runs"),
            Run::AwaitingReply => {
                let server = of(thread.peer.expect("the one that owes the reply"));
                let debt = if thread.faulted { server.handles } else { server.owes.or(server.handles) };
                assert_eq!(debt, Some(*id), "the debt is kept with both");
            }
            Run::Waiting | Run::Receiving => assert_eq!(thread.signals, 0, "no bit is slept through"),
            _ => {}
        }
        assert!(thread.owes.is_none() || thread.handles.is_none(), "one debt at most");
        for caller in thread.owes.into_iter().chain(thread.handles) {
            assert_eq!((of(caller).run, of(caller).peer), (Run::AwaitingReply, Some(*id)));
        }
        let mut callers = thread.callers;
        let mut copy = node.threads.clone();
        let mut due: u32 = thread.base.into();
        while let Some(caller) = callers.first() {
            callers.remove(&mut copy, caller);
            assert_eq!((of(caller).run, of(caller).peer), (Run::Queued, Some(*id)));
            due = due.max(of(caller).priority);
            queued.push(caller);
            assert!(queued.len() <= threads.len(), "a list that ends");
        }
        for lender in thread.owes.into_iter().chain(thread.handles) {
            due = due.max(of(lender).priority);
        }
        if thread.run != Run::Stopped {
            assert_eq!(thread.priority, due, "{id:?} runs at the priority that it is due");
        }
    }
    let mut ready = node.core.ready;
    let mut copy = node.threads.clone();
    while let Some(id) = ready.take_highest(&mut copy) {
        assert_eq!(of(id).run, Run::Ready);
        queued.push(id);
        assert!(queued.len() <= threads.len(), "a list that ends");
    }
    let listed = threads.iter().filter(|id| matches!(of(**id).run, Run::Ready | Run::Queued)).count();
    assert_eq!(queued.len(), listed, "every thread that is to be on a list is on one");
    slots_are_consistent(node);
}

/// The broken slots are counted, lead to a server, and hide their domain's slots from the assembly.
fn slots_are_consistent(node: &Node) {
    let mut first = 0;
    for (number, (state, domain)) in node.domains.iter().zip(node.tables.domains).enumerate() {
        assert_eq!(state.first_slot as usize, first);
        let slots = &node.broken[first..first + domain.caps.len()];
        first += domain.caps.len();
        assert_eq!(state.broken as usize, slots.iter().filter(|broken| **broken).count());
        for (cap, _) in domain.caps.iter().zip(slots).filter(|(_, broken)| **broken) {
            assert!(cap.want(Kind::Endpoint, Rights::CALL).is_ok(), "only what can be called breaks");
        }
        for (thread, table) in node.threads[1..].iter().zip(node.tables.threads) {
            if table.domain as usize == number {
                let visible = if state.broken == 0 { domain.caps.len() } else { 0 };
                assert_eq!(thread.fixed.cap_count as usize, visible);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn objects_stay_consistent(handled: bool, steps in proptest::collection::vec(step(), 0..80)) {
        let mut node = if handled { Node::of(&GUARDED, 8) } else { Node::started() };
        for step in steps {
            apply(&mut node, &step);
            if node.core.halted {
                break; // on the node, `halt` does not return
            }
            consistent(&node);
        }
    }
}
