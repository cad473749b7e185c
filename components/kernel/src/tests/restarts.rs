//! Restarts, and what peers learn of them.

use super::guarded::*;
use super::node::Node;
use crate::objects::Run;
use crate::tests::node::Trap;
use abi::{Call, Counter, Status, Tag};

fn restart(node: &mut Node) {
    node.with(|kernel| {
        kernel.restart_domain(1);
        kernel.choose()
    });
}

#[test]
fn a_restarted_domain_begins_anew_and_keeps_its_counters() {
    let mut node = guarded();
    node.call(Call::TimerArm, TIMER, Tag::default(), &[0, 5000, 0, 100]);
    node.with(|kernel| kernel.signal(WARD, 0b110));
    node.trap(Trap::Miss { address: 0x10_0000, cause: abi::Cause::FetchUnmapped });
    node.machine.floats.insert(WARD, 1);
    let calls = node.threads[WARD.place()].counters[Counter::Calls as usize];
    restart(&mut node);
    let thread = &node.threads[WARD.place()];
    assert_eq!(
        (thread.context.pc, thread.context.gpr[1], thread.context.gpr[0]),
        (0x10_0000, 0x4000_0FF0, 0)
    );
    assert_eq!((thread.signals, thread.counters[Counter::Calls as usize]), (0, calls));
    assert_eq!((node.timers[0].deadline, node.timers[0].period), (None, 0));
    assert!(node.machine.floats.is_empty(), "the earlier life's registers are forgotten");
    assert!(node.machine.tlb.iter().flatten().all(|(pid, _)| *pid != 2));
    assert_eq!(node.domains[1].generation, 1);
    assert!(node.machine.console.ends_with("\n[fugue] restarted domain=1 name=ward generation=1\n"));
}

#[test]
fn a_call_in_flight_ends_at_once_and_the_next_is_served() {
    let mut node = guarded();
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    // The eager one has one slot to the ward only.
    node.machine.pending = vec![7];
    node.trap(Trap::Interrupt);
    assert_eq!(node.call(Call::Call, 1, Tag::new(1, 0), &[]), Some(CLIENT));
    restart(&mut node);
    assert_eq!((node.run(EAGER), node.status(EAGER)), (Run::Running, Status::PeerGone));
    node.call(Call::Call, 1, Tag::new(1, 0), &[]);
    assert_eq!((node.run(EAGER), node.core.current), (Run::Queued, Some(WARD)));
}

#[test]
fn every_slot_learns_of_a_restart_once() {
    let mut node = serving();
    let slots = node.tables.domains[2].caps.len() as u32;
    restart(&mut node);
    assert_eq!(node.core.current, Some(WARD));
    assert_eq!(node.threads[CLIENT.place()].fixed.cap_count, 0, "hidden from the assembly");
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    for slot in [CALL_WARD, CALL_WARD_TOO] {
        node.call(Call::Call, slot, Tag::new(1, 0), &[]);
        assert_eq!((node.core.current, node.status(CLIENT)), (Some(CLIENT), Status::PeerGone), "{slot}");
    }
    assert_eq!(node.threads[CLIENT.place()].fixed.cap_count, slots);
    node.call(Call::Call, CALL_WARD, Tag::new(1, 0), &[]);
    assert_eq!((node.run(CLIENT), node.core.current), (Run::AwaitingReply, Some(WARD)));
    assert_eq!(node.threads[GUARD.place()].fixed.cap_count, 7, "the guard cannot call the ward");
}

#[test]
fn a_client_that_was_told_of_the_stop_is_not_told_again() {
    let mut node = serving();
    node.with(|kernel| kernel.stop_domain(1));
    for _ in 0..2 {
        node.call(Call::Call, CALL_WARD, Tag::new(1, 0), &[]);
        assert_eq!(node.status(CLIENT), Status::PeerGone);
    }
    restart(&mut node);
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    node.call(Call::Call, CALL_WARD, Tag::new(1, 0), &[]);
    assert_eq!(node.core.current, Some(WARD));
}

#[test]
fn a_restarted_client_knows_nothing_of_earlier_lives() {
    let mut node = serving();
    restart(&mut node);
    node.with(|kernel| kernel.restart_domain(2));
    assert_eq!(
        (node.domains[2].broken, node.broken.contains(&true)),
        (0, true),
        "the eager one's slot still is"
    );
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    node.call(Call::Call, CALL_WARD, Tag::new(1, 0), &[]);
    assert_eq!(node.core.current, Some(WARD));
}

#[test]
fn a_domain_may_restart_itself() {
    let mut node = serving();
    node.threads[CLIENT.place()].context.pc = 0x10_0100;
    assert_eq!(node.call(Call::Restart, OWN_CONTROL, Tag::default(), &[]), Some(CLIENT));
    assert_eq!((node.threads[CLIENT.place()].context.pc, node.domains[2].generation), (0x10_0000, 1));
}

#[test]
fn mourners_learn_of_a_stop_and_of_a_restart() {
    let mut node = serving();
    node.with(|kernel| kernel.stop_domain(1));
    node.call(Call::Poll, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.gpr(CLIENT)[3], 0x4000_0000);
    restart(&mut node);
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    node.call(Call::Poll, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.gpr(CLIENT)[3], 0x4000_0000);
}

#[test]
fn a_restarted_domain_learns_which_peers_have_ended() {
    let mut node = serving();
    node.with(|kernel| kernel.restart_domain(2));
    assert_eq!(node.threads[CLIENT.place()].signals, 0, "the ward runs");
    node.with(|kernel| kernel.stop_domain(1));
    node.with(|kernel| kernel.restart_domain(2));
    assert_eq!(node.threads[CLIENT.place()].signals, 0x4000_0000);
}

#[test]
fn a_server_that_is_restarted_in_the_middle_owes_nothing() {
    let mut node = serving();
    node.call(Call::Call, CALL_WARD, Tag::new(1, 0), &[]);
    restart(&mut node);
    assert_eq!((node.status(CLIENT), node.threads[WARD.place()].owes), (Status::PeerGone, None));
    assert_eq!((node.threads[WARD.place()].priority, node.core.current), (10, Some(WARD)));
    node.call(Call::ReplyRecv, SERVED, Tag::new(0, 1), &[7]);
    assert_eq!((node.core.current, node.gpr(CLIENT)[3]), (Some(CLIENT), 0), "nobody takes the reply");
}
