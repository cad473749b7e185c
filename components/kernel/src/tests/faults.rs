//! Faults and their handlers.

use super::guarded::*;
use super::node::Node;
use crate::context::Context;
use crate::objects::Run;
use crate::tests::node::Trap;
use abi::{Call, Cause, FaultAnswer, Status, Tag};

const FAULT: Trap = Trap::Fault { cause: Cause::StoreDenied, address: Some(0x1234) };

/// The ward has faulted, with every register marked; the guard handles it.
fn handling() -> (Node, Context) {
    let mut node = guarded();
    let context = &mut node.threads[WARD.place()].context;
    for (value, register) in (100..).zip(&mut context.gpr) {
        *register = value;
    }
    (context.cr, context.lr, context.ctr, context.xer, context.pc) = (1, 2, 3, 4, 0x10_0040);
    let context = *context;
    assert_eq!(node.trap(FAULT), Some(GUARD));
    (node, context)
}

fn answer(node: &mut Node, outcome: u16, words: &[u32]) {
    node.call(Call::ReplyRecv, SERVED, Tag::new(outcome, words.len()), words);
}

#[test]
fn a_fault_arrives_as_a_call() {
    let (mut node, _) = handling();
    let got = node.gpr(GUARD);
    let words = [Cause::StoreDenied as u32, 0x1234, 0x10_0040, WARD.number().into(), 0, 0, 0, 0];
    assert_eq!(got[3..11], words);
    assert_eq!((got[0], got[11], got[12]), (Status::Ok as u32, BADGE, Tag::new(0, 4).bits()));
    assert_eq!(node.run(WARD), Run::AwaitingReply);
    assert_eq!(node.threads[GUARD.place()].owes, None, "the assembly must not reply to a fault");
    assert_eq!(node.threads[GUARD.place()].handles, Some(WARD));
    assert!(!node.machine.console.contains("cause="), "no report yet");
}

#[test]
fn a_resumed_thread_keeps_every_register() {
    let (mut node, before) = handling();
    answer(&mut node, 0, &[FaultAnswer::Resume as u32, 0x10_0044]);
    assert_eq!(node.core.current, Some(WARD));
    assert_eq!(node.threads[WARD.place()].context, Context { pc: 0x10_0044, ..before });
    assert!(!node.threads[WARD.place()].faulted);
    assert!(!node.machine.console.contains("cause="), "no report of what was mended");
    assert_eq!(node.domains[1].faults, 1);
}

#[test]
fn anything_else_is_no_help() {
    let resume = FaultAnswer::Resume as u32;
    let answers: [(u16, &[u32]); 5] =
        [(0, &[]), (0, &[0, 0x10_0044]), (0, &[2, 0x10_0044]), (9, &[resume, 0x10_0044]), (0, &[resume, 6])];
    for (outcome, words) in answers {
        let (mut node, _) = handling();
        answer(&mut node, outcome, words);
        assert_eq!(node.domains[1].generation, 1, "{outcome} {words:?}");
        assert!(
            node.machine
                .console
                .contains("cause=store-denied domain=1 name=ward thread=1 address=00001234\n")
        );
        assert_eq!(node.run(GUARD), Run::Receiving);
        assert_eq!(node.core.current, Some(WARD), "from its beginning");
        assert_eq!(node.threads[WARD.place()].context.pc, 0x10_0000);
    }
}

#[test]
fn a_handler_that_receives_again_or_ends_is_no_help_either() {
    let (mut node, _) = handling();
    node.call(Call::Recv, SERVED, Tag::default(), &[]);
    assert_eq!(node.domains[1].generation, 1);
    let (mut node, _) = handling();
    node.call(Call::Exit, 0, Tag::default(), &[]);
    assert_eq!((node.run(GUARD), node.domains[1].generation), (Run::Stopped, 1));
    node.trap(FAULT);
    assert!(!node.domains[1].running, "without a handler, and after its one restart");
}

#[test]
fn a_handler_that_faults_takes_nobody_with_it_but_by_the_spec() {
    let (mut node, _) = handling();
    node.trap(Trap::Fault { cause: Cause::Illegal, address: None });
    let causes: Vec<&str> = node.machine.console.lines().filter(|line| line.contains("cause=")).collect();
    assert_eq!(causes.len(), 2);
    assert!(causes[0].contains("cause=illegal-instruction domain=0"), "{causes:?}");
    assert!(causes[1].contains("cause=store-denied domain=1"), "{causes:?}");
    assert_eq!((node.domains[0].running, node.domains[1].generation), (false, 1));
}

#[test]
fn every_misuse_goes_to_the_handler_and_an_exit_does_not() {
    let cases = [
        (99, 0, Cause::UnknownCall),
        (Call::Call as u32, 77, Cause::BadSlot),
        (Call::Fail as u32, 0, Cause::Failed),
        (Call::Wait as u32, SERVED, Cause::WrongObject),
    ];
    for (number, slot, cause) in cases {
        let mut node = guarded();
        assert_eq!(node.raw(number, slot, Tag::default(), &[]), Some(GUARD));
        assert_eq!(node.gpr(GUARD)[3], cause as u32);
    }
    let mut node = guarded();
    node.trap(Trap::Miss { address: 0xDEAD_0000, cause: Cause::LoadUnmapped });
    assert_eq!(node.gpr(GUARD)[3..5], [Cause::LoadUnmapped as u32, 0xDEAD_0000]);
    let mut node = guarded();
    node.call(Call::Exit, 0, Tag::default(), &[]);
    assert_eq!((node.run(WARD), node.run(GUARD)), (Run::Stopped, Run::Receiving));
}

#[test]
fn faults_queue_by_priority_and_lend_it() {
    let (mut node, _) = handling();
    node.machine.pending = vec![7];
    assert_eq!(node.trap(Trap::Interrupt), Some(EAGER));
    assert_eq!(node.trap(FAULT), Some(GUARD));
    assert_eq!((node.run(EAGER), node.threads[GUARD.place()].priority), (Run::Queued, 30));
    answer(&mut node, 0, &[FaultAnswer::Resume as u32, 0x10_0044]);
    assert_eq!(node.gpr(GUARD)[6], EAGER.number().into());
    answer(&mut node, 0, &[FaultAnswer::Resume as u32, 0x10_0048]);
    assert_eq!((node.core.current, node.threads[GUARD.place()].priority), (Some(EAGER), 20));
}

#[test]
fn a_faulted_thread_that_is_stopped_leaves_its_handler_in_peace() {
    for queued in [false, true] {
        let (mut node, _) = handling();
        let (victim, thread) = if queued {
            node.machine.pending = vec![7];
            node.trap(Trap::Interrupt);
            node.trap(FAULT);
            (3, EAGER)
        } else {
            (1, WARD)
        };
        node.with(|kernel| kernel.stop_domain(victim));
        assert_eq!((node.run(thread), node.threads[GUARD.place()].priority), (Run::Stopped, 20));
        answer(&mut node, 0, &[FaultAnswer::Resume as u32, 0x10_0044]);
        assert_eq!((node.run(thread), node.run(GUARD)), (Run::Stopped, Run::Receiving));
    }
}

#[test]
fn a_fault_restarts_only_so_often() {
    let mut node = guarded();
    node.with(|kernel| kernel.stop_domain(0));
    node.trap(FAULT);
    assert_eq!((node.domains[1].running, node.domains[1].generation), (true, 1));
    node.trap(FAULT);
    assert_eq!((node.domains[1].running, node.domains[1].generation, node.domains[1].faults), (false, 1, 2));
}

#[test]
fn signals_and_calls_to_a_faulted_thread_wait_until_it_goes_on() {
    let (mut node, before) = handling();
    node.with(|kernel| kernel.signal(WARD, 0b100));
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.core.current, Some(CLIENT));
    node.call(Call::Call, CALL_WARD, Tag::new(1, 0), &[]);
    assert_eq!((node.run(CLIENT), node.run(WARD)), (Run::Queued, Run::AwaitingReply));
    node.with(|kernel| {
        kernel.signal(GUARD, 1);
        kernel.choose()
    });
    answer(&mut node, 0, &[FaultAnswer::Resume as u32, before.pc]);
    assert_eq!((node.core.current, node.threads[WARD.place()].context), (Some(WARD), before));
    assert_eq!(node.threads[WARD.place()].signals, 0b100);
}
