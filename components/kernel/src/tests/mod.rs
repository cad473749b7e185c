//! The portable kernel under test: systems of a few domains over a machine that records.

#[cfg(feature = "budget")]
mod budgets;
mod faults;
mod float;
mod guarded;
#[cfg(feature = "vm")]
mod guests;
mod invariants;
mod model;
mod node;
mod observing;
mod restarts;
mod timers;
#[cfg(feature = "trace")]
mod tracing;

use crate::kernel::FAULT_EXIT_CODE;
use crate::list::ThreadId;
use crate::objects::Run;
use crate::report;
use crate::tables::*;
use crate::tlb::{Entry, padded};
use abi::{Badge, Call, Cap, Cause, Kind, Object, Rights, Status, Tag};
use node::{Node, Trap};
use ppc440::tlb::{Attributes, Page, PageSize};

const fn cap(object: Object, rights: Rights, badge: u32) -> Cap {
    Cap::new(object, rights, Badge(badge))
}

const fn own(domain: u16) -> Cap {
    cap(Object(Kind::Domain, domain), Rights::empty(), 0)
}

const TEXT: Attributes = Attributes::UR.union(Attributes::UX);
const PADDED: &[Entry] = &padded::<1>(MAP);
const MAP: &[Page] = &[Page::new(0x10_0000, 0x20_0000, PageSize::K64, TEXT)];

const SERVER: ThreadId = ThreadId::new(0);
const ALICE: ThreadId = ThreadId::new(1);
const BOB: ThreadId = ThreadId::new(2);

/// Slots of `alice` and `bob`.
const ENDPOINT: u32 = 1;
const OWN_NOTIFICATION: u32 = 2;
const SERVERS_NOTIFICATION: u32 = 3;
const CONTROL: u32 = 4;
const NODE: u32 = 5;
const TIMER: u32 = 6;
const EMPTY: u32 = 7;
const IRQ: u32 = 8;
/// A slot of the server.
const SERVED: u32 = 1;

const fn client(own_domain: u16, notification: u16, victim: u16) -> [Cap; 9] {
    [
        own(own_domain),
        cap(Object(Kind::Endpoint, 0), Rights::CALL, 0x0001_0000 | own_domain as u32),
        cap(Object(Kind::Notification, notification), Rights::WAIT, 0),
        cap(Object(Kind::Notification, 0), Rights::SIGNAL, 0b100),
        cap(Object(Kind::Domain, victim), Rights::CONTROL, 0),
        cap(Object(Kind::Node, 0), Rights::HALT, 0),
        cap(Object(Kind::Timer, 0), Rights::USE, 0),
        Cap::EMPTY,
        cap(Object(Kind::Irq, 0), Rights::USE, 0),
    ]
}

const fn domain(name: &'static str, pid: u8, caps: &'static [Cap], mourners: &'static [Mourner]) -> Domain {
    Domain {
        name,
        pid,
        caps,
        map: Map { pages: MAP, padded: PADDED },
        pinned: false,
        float: false,
        handler: None,
        on_fault: OnFault::Halt,
        mourners,
    }
}

const fn thread(number: u16, priority: u8, serves: Option<u32>) -> Thread {
    let (entry, stack_pointer) = (0x10_0000, 0x4000_0FF0);
    Thread { domain: number, priority, entry, stack_pointer, serves, budget: None }
}

static TABLES: Tables = SYSTEM;

const SYSTEM: Tables = {
    let tables = Tables {
        system: "test",
        domains: &[
            domain(
                "server",
                1,
                &[
                    own(0),
                    cap(Object(Kind::Endpoint, 0), Rights::SERVE, 0),
                    cap(Object(Kind::Notification, 0), Rights::WAIT, 0),
                ],
                &[Mourner { notification: 1, bits: 0x8000_0000 }],
            ),
            domain("alice", 2, &client(1, 1, 2), &[]),
            Domain { on_fault: OnFault::HaltNode, ..domain("bob", 3, &client(2, 2, 0), &[]) },
        ],
        threads: &[thread(0, 20, Some(1)), thread(1, 10, None), thread(2, 10, None)],
        irqs: &[Irq { line: 5, notification: 0, bits: 0b1000, domain: 0 }],
        timers: &[Timer { notification: 1, bits: 0b1, domain: 1 }],
        regions: &[],
        dcrs: &[],
        #[cfg(feature = "vm")]
        vcpus: &[],
        fast_path: false,
        trace: None,
    };
    tables.check();
    tables
};

impl Node {
    fn started() -> Self {
        Self::of(&TABLES, 8)
    }

    /// Runs the server into its first receive; `alice` runs then.
    fn with_waiting_server() -> Self {
        let mut node = Self::started();
        assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(ALICE));
        node
    }
}

#[test]
fn the_highest_priority_starts() {
    let mut node = Node::started();
    assert_eq!(node.core.current, Some(SERVER));
    assert!(node.machine.unmasked.contains(&5));
    assert_eq!(node.run(ALICE), Run::Ready);
}

#[test]
fn a_call_carries_words_and_badge_and_the_reply_comes_back() {
    let mut node = Node::with_waiting_server();
    let next = node.call(Call::Call, ENDPOINT, Tag::new(9, 2), &[11, 22, 33]);
    assert_eq!(next, Some(SERVER));
    let got = node.gpr(SERVER);
    assert_eq!(&got[3..11], [11, 22, 0, 0, 0, 0, 0, 0], "the third word was not sent");
    assert_eq!((got[0], got[11], got[12]), (Status::Ok as u32, 0x0001_0001, Tag::new(9, 2).bits()));
    let next = node.call(Call::ReplyRecv, SERVED, Tag::new(0, 1), &[77, 88]);
    assert_eq!(next, Some(ALICE), "a reply gives the turn back, before equals");
    assert_eq!(node.run(BOB), Run::Ready);
    let got = node.gpr(ALICE);
    assert_eq!(&got[3..11], [77, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!((got[0], got[11]), (Status::Ok as u32, 0));
    assert_eq!(node.run(SERVER), Run::Receiving);
}

#[test]
fn callers_queue_in_order_while_the_server_is_busy() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]);
    node.with(|kernel| kernel.thread(SERVER).run = Run::Waiting);
    node.with(|kernel| kernel.choose());
    assert_eq!(node.core.current, Some(BOB));
    node.call(Call::Call, ENDPOINT, Tag::new(2, 1), &[5]);
    assert_eq!(node.run(BOB), Run::Queued);
    node.with(|kernel| kernel.make_ready(SERVER));
    node.with(|kernel| kernel.choose());
    node.call(Call::ReplyRecv, SERVED, Tag::default(), &[]);
    assert_eq!(node.status(ALICE), Status::Ok);
    assert_eq!(node.gpr(SERVER)[11], 0x0001_0002, "bob's badge");
    assert_eq!(node.run(BOB), Run::AwaitingReply);
}

#[test]
fn a_dead_server_answers_everyone_at_once() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]);
    node.trap(Trap::Miss { address: 0xDEAD_0000, cause: Cause::LoadUnmapped });
    assert_eq!(node.run(SERVER), Run::Stopped);
    assert_eq!(node.status(ALICE), Status::PeerGone);
    assert!(
        node.machine.console.contains("cause=load-unmapped domain=0 name=server thread=0 address=dead0000")
    );
    assert_eq!(node.core.current, Some(BOB));
    node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]);
    assert_eq!(node.status(BOB), Status::PeerGone, "a later call ends at once as well");
}

#[test]
fn the_server_outlives_its_callers() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]);
    node.with(|kernel| kernel.stop_domain(1));
    assert_eq!(node.run(ALICE), Run::Stopped);
    node.call(Call::ReplyRecv, SERVED, Tag::new(0, 1), &[1]);
    assert_eq!(node.run(SERVER), Run::Receiving);
    assert_eq!(node.gpr(ALICE)[3], 0, "nobody takes the reply");
    assert_eq!(node.core.current, Some(BOB));
}

#[test]
fn receiving_again_without_a_reply_tells_the_caller() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Call, ENDPOINT, Tag::new(1, 0), &[]);
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    assert_eq!(node.status(ALICE), Status::PeerGone);
    assert_eq!(node.run(SERVER), Run::Receiving);
}

#[test]
fn a_signal_ends_a_receive_and_a_wait() {
    let mut node = Node::with_waiting_server();
    assert_eq!(node.call(Call::Signal, SERVERS_NOTIFICATION, Tag::default(), &[]), Some(SERVER));
    assert_eq!((node.status(SERVER), node.gpr(SERVER)[3]), (Status::Notified, 0b100));
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.run(ALICE), Run::Waiting);
    node.with(|kernel| kernel.signal(ThreadId::new(1), 0b10));
    assert_eq!((node.status(ALICE), node.gpr(ALICE)[3]), (Status::Ok, 0b10));
    assert_eq!(node.run(ALICE), Run::Ready);
}

#[test]
fn a_signal_that_nobody_waits_for_is_kept() {
    let mut node = Node::with_waiting_server();
    node.with(|kernel| {
        kernel.signal(ThreadId::new(1), 0b01);
        kernel.signal(ThreadId::new(1), 0b10);
    });
    node.call(Call::Poll, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.gpr(ALICE)[3], 0b11);
    node.call(Call::Poll, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.gpr(ALICE)[3], 0);
}

#[test]
fn an_interrupt_is_masked_until_it_is_acknowledged() {
    let mut node = Node::with_waiting_server();
    node.machine.pending = vec![5];
    assert_eq!(node.trap(Trap::Interrupt), Some(SERVER), "the server preempts alice");
    assert_eq!((node.status(SERVER), node.gpr(SERVER)[3]), (Status::Notified, 0b1000));
    assert!(!node.machine.unmasked.contains(&5));
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    node.call(Call::IrqAck, IRQ, Tag::default(), &[]);
    assert!(node.machine.unmasked.contains(&5));
}

#[test]
fn a_line_without_an_owner_stays_masked() {
    let mut node = Node::with_waiting_server();
    node.machine.unmasked.insert(9);
    node.machine.pending = vec![9];
    assert_eq!(node.trap(Trap::Interrupt), Some(ALICE));
    assert!(!node.machine.unmasked.contains(&9));
}

#[test]
fn a_preempted_thread_keeps_its_turn() {
    let mut node = Node::with_waiting_server();
    node.machine.pending = vec![5];
    node.trap(Trap::Interrupt);
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(ALICE), "alice, not bob");
}

#[test]
fn a_timer_fires_once_at_its_deadline() {
    let mut node = Node::with_waiting_server();
    node.machine.now = 0x1_0000_0000;
    node.call(Call::TimerArm, TIMER, Tag::default(), &[1, 0x100]);
    assert_eq!(node.machine.deadline, Some(0x1_0000_0100));
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    node.machine.now += 0xFF;
    node.trap(Trap::Timer);
    assert_eq!(node.run(ALICE), Run::Waiting, "not a tick too early");
    node.machine.now += 1;
    node.trap(Trap::Timer);
    assert_eq!((node.run(ALICE), node.gpr(ALICE)[3]), (Run::Ready, 1));
    assert_eq!(node.machine.deadline, None, "no tick without a deadline");
}

#[test]
fn a_cancelled_timer_stays_silent() {
    let mut node = Node::with_waiting_server();
    node.call(Call::TimerArm, TIMER, Tag::default(), &[0, 50]);
    node.call(Call::TimerCancel, TIMER, Tag::default(), &[]);
    assert_eq!(node.machine.deadline, None);
    node.machine.now = 100;
    node.trap(Trap::Timer);
    node.call(Call::Poll, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.gpr(ALICE)[3], 0);
}

#[test]
fn a_miss_loads_the_page_of_the_map() {
    let mut node = Node::with_waiting_server();
    let next = node.trap(Trap::Miss { address: 0x10_8000, cause: Cause::FetchUnmapped });
    assert_eq!(next, Some(ALICE));
    assert_eq!(node.machine.tlb[0], Some((2, MAP[0])));
}

#[test]
fn every_misuse_ends_the_domain_by_its_name() {
    let cases = [
        (99, ENDPOINT, Cause::UnknownCall),
        (u32::MAX, ENDPOINT, Cause::UnknownCall),
        (Call::Call as u32, EMPTY, Cause::BadSlot),
        (Call::Call as u32, 9, Cause::BadSlot),
        (Call::Call as u32, u32::MAX, Cause::BadSlot),
        (Call::Call as u32, NODE, Cause::WrongObject),
        (Call::Recv as u32, ENDPOINT, Cause::MissingRight),
        (Call::ReplyRecv as u32, ENDPOINT, Cause::MissingRight),
        (Call::Wait as u32, SERVERS_NOTIFICATION, Cause::MissingRight),
        (Call::Signal as u32, OWN_NOTIFICATION, Cause::MissingRight),
        (Call::Poll as u32, ENDPOINT, Cause::WrongObject),
        (Call::IrqAck as u32, TIMER, Cause::WrongObject),
        (Call::TimerArm as u32, IRQ, Cause::WrongObject),
        (Call::TimerCancel as u32, 0, Cause::WrongObject),
        (Call::Stop as u32, 0, Cause::MissingRight),
        (Call::Stop as u32, NODE, Cause::WrongObject),
        (Call::HaltNode as u32, CONTROL, Cause::WrongObject),
        (Call::Null as u32, ENDPOINT, Cause::WrongObject),
        (Call::Exit as u32, CONTROL, Cause::WrongObject),
        (Call::Fail as u32, CONTROL, Cause::WrongObject),
    ];
    for (number, slot, cause) in cases {
        let mut node = Node::with_waiting_server();
        assert_eq!(node.raw(number, slot, Tag::default(), &[]), Some(BOB), "{cause:?}: the rest goes on");
        assert_eq!(node.run(ALICE), Run::Stopped, "{cause:?}");
        let line = format!("[fugue] cause={} domain=1 name=alice", cause.name());
        assert!(node.machine.console.contains(&line), "{line} in {}", node.machine.console);
    }
}

#[test]
fn a_stop_through_a_capability_is_reported_and_final() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Stop, CONTROL, Tag::default(), &[]);
    assert_eq!(node.run(BOB), Run::Stopped);
    assert!(node.machine.console.contains("[fugue] stopped domain=2 name=bob by=alice\n"));
    let before = node.machine.console.clone();
    node.call(Call::Stop, CONTROL, Tag::default(), &[]);
    assert_eq!(node.machine.console, before, "stopping the dead does nothing");
    assert_eq!(node.status(ALICE), Status::Ok);
}

#[test]
fn a_stopped_domain_leaves_no_trace() {
    let mut node = Node::with_waiting_server();
    node.trap(Trap::Miss { address: 0x10_0000, cause: Cause::FetchUnmapped });
    node.call(Call::TimerArm, TIMER, Tag::default(), &[0, 1000]);
    node.with(|kernel| kernel.stop_domain(1));
    assert!(node.machine.tlb.iter().flatten().all(|(pid, _)| *pid != 2));
    node.machine.now = 2000;
    node.trap(Trap::Timer);
    assert_eq!(node.run(ALICE), Run::Stopped);
    node.with(|kernel| kernel.stop_domain(0));
    assert!(!node.machine.unmasked.contains(&5), "its interrupts are masked");
}

#[test]
fn mourners_learn_of_an_end() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    node.with(|kernel| kernel.stop_domain(0));
    assert_eq!((node.run(ALICE), node.gpr(ALICE)[3]), (Run::Ready, 0x8000_0000));
}

#[test]
fn halting_ends_the_run_with_the_code() {
    let mut node = Node::with_waiting_server();
    assert_eq!(node.call(Call::HaltNode, NODE, Tag::default(), &[42]), None);
    assert!(node.machine.halted);
    assert!(node.machine.console.ends_with("[fugue] halt code=42\n"));
}

#[test]
fn a_fault_may_end_the_node() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.core.current, Some(BOB));
    assert_eq!(node.trap(Trap::Fault { cause: Cause::Illegal, address: None }), None);
    assert!(node.machine.halted);
    assert!(node.machine.console.ends_with(&format!("[fugue] halt code={FAULT_EXIT_CODE}\n")));
}

#[test]
fn the_core_idles_when_all_wait() {
    let mut node = Node::with_waiting_server();
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]), None);
    node.machine.pending = vec![5];
    assert_eq!(node.trap(Trap::Interrupt), Some(SERVER), "an interrupt wakes it");
}

#[test]
fn a_message_of_a_failed_domain_cannot_forge_a_report() {
    let mut node = Node::with_waiting_server();
    for (offset, word) in [*b"oh\n[", *b"\\\x1b\xff!"].into_iter().enumerate() {
        node.machine.memory.insert(0x20_0000 + 4 * offset as u64, u32::from_be_bytes(word));
    }
    node.call(Call::Fail, 0, Tag::default(), &[0x10_0000, 8]);
    assert!(node.machine.console.contains("[fugue] text=oh\\n[\\\\\\x1b\\xff!\n[fugue] end\n"));
}

#[test]
fn wild_pointers_of_a_failed_domain_read_nothing() {
    for (address, length) in [(0xFFFF_FFFF, 8), (0, u32::MAX), (0x10_FFFE, 100), (0xF000_0000, 4)] {
        let mut node = Node::with_waiting_server();
        node.with(|kernel| kernel.thread(ALICE).context.gpr[1] = address);
        node.call(Call::Fail, 0, Tag::default(), &[address, length]);
        assert!(node.machine.console.ends_with("[fugue] end\n"));
    }
}

#[test]
fn the_back_chain_is_followed_upwards_only() {
    let mut node = Node::with_waiting_server();
    let base = 0x20_0000;
    node.machine.memory.extend([
        (base + 0x100, 0x10_0120), // frame: back chain
        (base + 0x120, 0x10_0110), // up: leads down again
        (base + 0x124, 0x0010_00AB),
    ]);
    node.with(|kernel| kernel.thread(ALICE).context.gpr[1] = 0x10_0100);
    node.trap(Trap::Fault { cause: Cause::Trap, address: None });
    assert!(node.machine.console.contains("[fugue] chain=001000ab\n"));
}

#[test]
fn a_back_chain_without_return_addresses_is_bounded_too() {
    let mut node = Node::with_waiting_server();
    // Frames of two words through all of the page, the words for the return addresses zero.
    node.machine
        .memory
        .extend((0..0x1FFF).map(|frame| (0x20_0000 + 8 * frame, 0x10_0008 + 8 * frame as u32)));
    node.with(|kernel| kernel.thread(ALICE).context.gpr[1] = 0x10_0000);
    node.trap(Trap::Fault { cause: Cause::Trap, address: None });
    assert!(node.machine.reads < 100, "{} words read with interrupts off", node.machine.reads);
}

#[test]
fn a_panic_of_the_kernel_is_reported_with_its_place() {
    let mut recorder = crate::testing::Recorder::default();
    let machine = &mut &mut recorder;
    let place = std::panic::Location::caller();
    report::fatal(machine, "panic");
    report::place(machine, place);
    report::end(machine);
    let text = format!(
        "\n[fugue] kernel-report v1\n[fugue] cause=panic name=kernel\n[fugue] text=panicked at {}:{}\n[fugue] end\n",
        file!(),
        place.line(),
    );
    assert_eq!(recorder.console, text);
}
