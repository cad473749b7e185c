//! Whatever domains do, in whatever order: the kernel does not panic, and its objects stay consistent.

use super::{Node, SERVER, TABLES};
use crate::kernel::Trap;
use crate::list::ThreadId;
use crate::objects::Run;
use abi::{Cause, Tag};
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

/// Calls of the server, with slots that hold an object of theirs.
const SERVERS: &[(u32, u32)] = &[(0, 0), (2, 1), (3, 1), (3, 1), (5, 2), (6, 2)];

/// Calls of the clients, with slots that hold an object of theirs.
const CLIENTS: &[(u32, u32)] =
    &[(0, 0), (1, 1), (1, 1), (1, 1), (4, 3), (5, 2), (6, 2), (7, 8), (8, 6), (9, 6), (10, 4)];

fn step() -> impl Strategy<Value = Step> {
    let call = (0_u32..16, 0_u32..11, 0_usize..16, any::<[u32; 2]>())
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
        Step::Fitting { choice, words, values } if node.core.current.is_some() => {
            let calls = if node.core.current == Some(SERVER) { SERVERS } else { CLIENTS };
            let (number, slot) = calls[choice % calls.len()];
            node.raw(number, slot, Tag::new(1, words), &values);
        }
        Step::Miss { address } => {
            node.trap(Trap::Miss { address, cause: Cause::LoadUnmapped });
        }
        Step::Fault => {
            node.trap(Trap::Fault { cause: Cause::Illegal, address: None });
        }
        Step::Interrupt => {
            node.machine.pending = vec![5];
            node.trap(Trap::Interrupt);
        }
        Step::Time { passes } => {
            node.machine.now += passes;
            node.trap(Trap::Timer);
        }
        Step::Call { .. } | Step::Fitting { .. } => {}
    }
}

/// What holds between traps.
fn consistent(node: &mut Node) {
    let current = node.core.current;
    node.with(|kernel| {
        let threads: Vec<ThreadId> = (0..TABLES.threads.len()).map(|id| ThreadId::new(id as u16)).collect();
        for id in &threads {
            let thread = *kernel.thread(*id);
            let domain = TABLES.threads[id.index()].domain as usize;
            if !kernel.objects.domains[domain].running {
                assert_eq!(thread.run, Run::Stopped, "{id:?} of a stopped domain");
            }
            match thread.run {
                Run::Running => assert_eq!(current, Some(*id), "one thread runs"),
                Run::AwaitingReply => {
                    let server = thread.peer.expect("the one that owes the reply");
                    assert_eq!(kernel.thread(server).owes, Some(*id), "the debt is kept with both");
                }
                Run::Waiting | Run::Receiving => {
                    assert_eq!(thread.signals, 0, "no bit is slept through");
                }
                _ => {}
            }
            if let Some(caller) = thread.owes {
                assert_eq!(kernel.thread(caller).run, Run::AwaitingReply);
                assert_eq!(kernel.thread(caller).peer, Some(*id));
            }
        }
        let mut queued = Vec::new();
        let mut callers = kernel.thread(SERVER).callers;
        let mut copy: Vec<_> = threads.iter().map(|id| kernel.thread(*id).links).collect();
        while let Some(id) = callers.pop_front(&mut copy) {
            assert_eq!(kernel.thread(id).run, Run::Queued);
            queued.push(id);
            assert!(queued.len() <= threads.len(), "a list that ends");
        }
        let mut ready = kernel.core.ready.clone();
        let mut copy: Vec<_> = threads.iter().map(|id| kernel.thread(*id).links).collect();
        while let Some(id) = ready.take_highest(&mut copy) {
            assert_eq!(kernel.thread(id).run, Run::Ready);
            queued.push(id);
            assert!(queued.len() <= threads.len(), "a list that ends");
        }
        let listed =
            threads.iter().filter(|id| matches!(kernel.thread(**id).run, Run::Ready | Run::Queued)).count();
        assert_eq!(queued.len(), listed, "every thread that is to be on a list is on one");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn objects_stay_consistent(steps in proptest::collection::vec(step(), 0..80)) {
        let mut node = Node::started();
        for step in steps {
            apply(&mut node, &step);
            if node.core.halted {
                break; // on the node, `halt` does not return
            }
            consistent(&mut node);
        }
    }
}
