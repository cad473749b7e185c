//! Budgets: who pays, who waits, and for how long.

use super::node::Node;
use super::{TABLES, cap, domain, own, thread};
use crate::list::ThreadId;
use crate::objects::Run;
use crate::tables::*;
use crate::tests::node::Trap;
use abi::{Call, Cap, Counter, Kind, Object, Rights, Status, Tag};
use proptest::prelude::*;

const SERVER: ThreadId = ThreadId::new(0);
const CLIENT: ThreadId = ThreadId::new(1);
const OTHER: ThreadId = ThreadId::new(2);

const SERVED: u32 = 1;
const ENDPOINT: u32 = 1;
const NOTIFICATION: u32 = 2;

const BUDGET: Budget = Budget { ticks: 10_000, period: 100_000 };

const fn client(number: u16) -> [Cap; 4] {
    [
        own(number),
        cap(Object(Kind::Endpoint, 0), Rights::CALL, 0),
        cap(Object(Kind::Notification, number), Rights::WAIT, 0),
        cap(Object(Kind::Notification, 0), Rights::SIGNAL, 1),
    ]
}

/// A server, a client of it that may run for a tenth of the time, and another below both.
static BUDGETED: Tables = {
    let tables = Tables {
        domains: &[
            domain(
                "server",
                1,
                &[
                    own(0),
                    cap(Object(Kind::Endpoint, 0), Rights::SERVE, 0),
                    cap(Object(Kind::Notification, 0), Rights::WAIT, 0),
                ],
                &[],
            ),
            domain("client", 2, &client(1), &[]),
            domain("other", 3, &client(2), &[]),
        ],
        threads: &[
            Thread { budget: Some(Budget { ticks: 3_000, period: 50_000 }), ..thread(0, 20, Some(1)) },
            Thread { budget: Some(BUDGET), ..thread(1, 15, None) },
            thread(2, 10, None),
        ],
        irqs: &[],
        timers: &[],
        ..TABLES
    };
    tables.check();
    tables
};

/// The same, but the server is below both.
static BELOW: Tables = {
    let tables = Tables {
        threads: &[
            Thread { budget: Some(Budget { ticks: 3_000, period: 50_000 }), ..thread(0, 5, Some(1)) },
            Thread { budget: Some(BUDGET), ..thread(1, 15, None) },
            thread(2, 10, None),
        ],
        ..BUDGETED
    };
    tables.check();
    tables
};

/// The server receives; the client runs.
fn started() -> Node {
    let mut node = Node::of(&BUDGETED, 8);
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(CLIENT));
    node
}

fn at(node: &mut Node, now: u64) -> Option<ThreadId> {
    node.machine.now = now;
    node.trap(Trap::Timer)
}

#[test]
fn a_thread_without_budget_left_waits_for_its_next_period() {
    let mut node = started();
    assert_eq!(node.machine.deadline, Some(10_000), "no tick before it is needed");
    assert_eq!(at(&mut node, 9_999), Some(CLIENT));
    assert_eq!(at(&mut node, 10_000), Some(OTHER));
    assert_eq!((node.run(CLIENT), node.machine.deadline), (Run::Spent, Some(100_000)));
    assert_eq!(at(&mut node, 100_000), Some(CLIENT));
    assert_eq!(at(&mut node, 110_000), Some(OTHER));
}

#[test]
fn others_time_is_not_charged() {
    let mut node = started();
    node.machine.now = 4_000;
    node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]);
    node.machine.now = 50_000;
    node.with(|kernel| kernel.signal(CLIENT, 1));
    assert_eq!(at(&mut node, 50_000), Some(CLIENT));
    assert_eq!(node.machine.deadline, Some(56_000));
}

#[test]
fn a_budget_that_was_not_used_does_not_add_to_the_next() {
    let mut node = started();
    node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]);
    node.machine.now = 530_000;
    node.with(|kernel| kernel.signal(CLIENT, 1));
    assert_eq!(at(&mut node, 530_000), Some(CLIENT));
    assert_eq!(at(&mut node, 540_000), Some(OTHER));
    assert_eq!(node.machine.deadline, Some(600_000), "periods keep their places");
}

#[test]
fn a_server_works_on_its_clients_account_and_finishes() {
    let mut node = started();
    node.machine.now = 9_000;
    assert_eq!(node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]), Some(SERVER));
    assert_eq!(node.threads[SERVER.place()].owes, Some(CLIENT), "the assembly may reply");
    assert_eq!(at(&mut node, 10_000), Some(SERVER), "the account is used up, the request is not done");
    let server = &node.threads[SERVER.place()];
    assert_eq!((server.owes, server.handles), (None, Some(CLIENT)), "now it may not");
    node.machine.now = 25_000;
    assert_eq!(node.call(Call::ReplyRecv, SERVED, Tag::new(0, 1), &[7]), Some(OTHER));
    assert_eq!((node.run(CLIENT), node.status(CLIENT), node.gpr(CLIENT)[3]), (Run::Spent, Status::Ok, 7));
    assert_eq!(at(&mut node, 100_000), Some(OTHER), "15,000 ticks too many: this period pays for them");
    assert_eq!(at(&mut node, 200_000), Some(CLIENT));
    assert_eq!(node.machine.deadline, Some(205_000), "and half of the next");
}

#[test]
fn a_server_serves_the_others_meanwhile() {
    let mut node = started();
    at(&mut node, 10_000);
    assert_eq!(node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]), Some(SERVER));
    node.machine.now = 90_000;
    assert_eq!(node.call(Call::ReplyRecv, SERVED, Tag::new(0, 0), &[]), Some(OTHER));
    assert_eq!(node.status(OTHER), Status::Ok, "no budget, no end to it");
}

#[test]
fn a_server_that_works_for_itself_pays_for_itself() {
    let mut node = started();
    node.with(|kernel| kernel.signal(SERVER, 1));
    assert_eq!(at(&mut node, 0), Some(SERVER));
    assert_eq!(at(&mut node, 3_000), Some(CLIENT), "its own 3,000 are used up");
    assert_eq!(node.run(SERVER), Run::Spent);
    assert_eq!(node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]), Some(OTHER), "it does not receive");
    assert_eq!(at(&mut node, 50_000), Some(SERVER));
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(SERVER));
    assert_eq!(at(&mut node, 54_000), Some(SERVER), "on the client's account, of 10,000");
}

#[test]
fn a_server_that_is_used_up_itself_still_works_for_others() {
    let mut node = started();
    node.with(|kernel| kernel.signal(SERVER, 1));
    assert_eq!(at(&mut node, 0), Some(SERVER));
    node.machine.now = 3_500;
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(CLIENT));
    assert_eq!(node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]), Some(SERVER));
    assert_eq!(node.machine.deadline, Some(13_500), "on the client's account");
}

#[test]
fn an_exhausted_caller_in_the_queue_is_served_and_then_waits() {
    let mut node = started();
    at(&mut node, 10_000);
    node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]);
    // The server is busy for the other; the client becomes able, calls, and is used up when the server takes that.
    at(&mut node, 100_000);
    node.with(|kernel| {
        let server = kernel.thread(SERVER);
        server.run = Run::Waiting;
        kernel.core().current = None;
        kernel.choose()
    });
    node.machine.now = 111_000;
    node.call(Call::Call, ENDPOINT, Tag::new(2, 0), &[]);
    assert_eq!(node.run(CLIENT), Run::Queued);
    node.with(|kernel| {
        kernel.signal(SERVER, 1);
        kernel.choose()
    });
    assert_eq!(node.call(Call::ReplyRecv, SERVED, Tag::default(), &[]), Some(SERVER));
    let server = &node.threads[SERVER.place()];
    assert_eq!((server.owes, server.handles), (None, Some(CLIENT)));
    assert_eq!(node.call(Call::ReplyRecv, SERVED, Tag::default(), &[]), Some(OTHER));
    assert_eq!(node.run(CLIENT), Run::Spent);
}

#[test]
fn a_server_that_is_called_as_a_higher_threads_period_begins_has_not_lost_the_core() {
    let mut node = Node::of(&BELOW, 8);
    node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]);
    node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), None);
    node.with(|kernel| [CLIENT, OTHER].map(|id| kernel.signal(id, 1)));
    assert_eq!(at(&mut node, 0), Some(CLIENT));
    assert_eq!(at(&mut node, 10_000), Some(OTHER));
    node.machine.now = 100_000;
    assert_eq!(node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]), Some(CLIENT));
    assert_eq!(node.run(SERVER), Run::Ready);
    let lost = |node: &Node| node.threads[SERVER.place()].counters[Counter::Preemptions as usize];
    assert_eq!(lost(&node), 0, "it never had it");
    assert_eq!(at(&mut node, 110_000), Some(SERVER));
    assert_eq!(at(&mut node, 200_000), Some(CLIENT));
    assert_eq!(lost(&node), 1, "now it had");
}

#[test]
fn a_server_that_is_used_up_itself_does_not_run_once_its_caller_is_gone() {
    let mut node = Node::of(&BELOW, 8);
    node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]), Some(SERVER));
    node.machine.now = 3_500;
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), None);
    node.with(|kernel| kernel.signal(OTHER, 1));
    assert_eq!(at(&mut node, 3_500), Some(OTHER));
    assert_eq!(node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]), Some(SERVER));
    node.with(|kernel| kernel.signal(CLIENT, 1));
    assert_eq!(at(&mut node, 4_000), Some(CLIENT));
    node.with(|kernel| kernel.stop_domain(2));
    assert_eq!(node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]), None);
    assert_eq!((node.run(SERVER), node.machine.deadline), (Run::Spent, Some(50_000)));
    assert_eq!(at(&mut node, 50_000), Some(SERVER));
}

/// What the rule says, tick by tick.
struct Clerk {
    left: Vec<i64>,
    now: u64,
}

impl Clerk {
    fn until(&mut self, now: u64, payer: Option<ThreadId>) {
        while self.now < now {
            self.now += 1;
            for (index, table) in BUDGETED.threads.iter().enumerate() {
                let Some(budget) = &table.budget else { continue };
                self.left[index] -= i64::from(payer.is_some_and(|payer| payer.index() == index));
                if self.now.is_multiple_of(budget.period) {
                    self.left[index] = self.left[index].min(0) + budget.ticks as i64;
                }
            }
        }
    }
}

/// The head of the chain of calls.
fn payer(node: &Node, id: ThreadId) -> ThreadId {
    let thread = &node.threads[id.place()];
    thread.owes.or(thread.handles).map_or(id, |caller| payer(node, caller))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Nobody runs for itself without budget, and nobody with budget is kept from running.
    #[test]
    fn the_core_goes_to_those_who_can_pay(
        steps in proptest::collection::vec((0_u64..30_000, 0_usize..6), 0..60),
    ) {
        let mut node = started();
        let left = BUDGETED.threads.iter().map(|thread| thread.budget.map_or(1, |budget| budget.ticks as i64));
        let mut clerk = Clerk { left: left.collect(), now: 0 };
        for (passes, choice) in steps {
            let now = clerk.now + passes;
            // The decrementer comes when it was asked for.
            while let Some(deadline) = node.machine.deadline.filter(|deadline| *deadline < now) {
                clerk.until(deadline.max(clerk.now), node.core.current.map(|id| payer(&node, id)));
                at(&mut node, clerk.now);
                prop_assert!(node.machine.deadline != Some(deadline), "a deadline that comes again");
                audit(&node, &clerk)?;
            }
            clerk.until(now, node.core.current.map(|id| payer(&node, id)));
            node.machine.now = now;
            let server = node.core.current == Some(SERVER);
            match (choice, node.core.current) {
                (_, None) | (5, _) => node.trap(Trap::Timer),
                (0, _) => node.call(Call::Wait, NOTIFICATION, Tag::default(), &[]),
                (1, _) => {
                    node.with(|kernel| [SERVER, CLIENT, OTHER].map(|id| kernel.signal(id, 1)));
                    node.trap(Trap::Interrupt)
                }
                (2, _) if server => node.call(Call::Recv, SERVED, Tag::default(), &[]),
                (_, _) if server => node.call(Call::ReplyRecv, SERVED, Tag::new(0, 1), &[1]),
                _ => node.call(Call::Call, ENDPOINT, Tag::new(0, 1), &[1]),
            };
            audit(&node, &clerk)?;
        }
    }
}

fn audit(node: &Node, clerk: &Clerk) -> Result<(), TestCaseError> {
    for (index, left) in clerk.left.iter().enumerate() {
        let id = ThreadId::new(index as u16);
        let run = node.threads[id.place()].run;
        prop_assert_eq!(run == Run::Running, node.core.current == Some(id));
        if matches!(run, Run::Running | Run::Ready) && payer(node, id) == id {
            prop_assert!(*left > 0, "{:?} may run with {} ticks left at {}", id, left, clerk.now);
        }
        if run == Run::Spent {
            prop_assert!(*left <= 0, "{:?} is kept waiting with {} ticks left at {}", id, left, clerk.now);
        }
        let owes = node.threads[id.place()].owes;
        if let Some(caller) = owes.filter(|caller| payer(node, *caller) == *caller) {
            prop_assert!(clerk.left[caller.index()] > 0, "the assembly may reply to one who cannot pay");
        }
    }
    Ok(())
}
