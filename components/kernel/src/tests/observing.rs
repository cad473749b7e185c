//! The calls that look into domains, threads, regions and device control registers.

use super::guarded::*;
use super::node::Node;
use crate::objects::Run;
use crate::tests::node::Trap;
use abi::{COUNTERS, Call, Cause, Counter, Status, Tag};

/// The guard runs, woken by a bit; the ward does not wait for it.
fn guard_runs() -> Node {
    let mut node = guarded();
    node.with(|kernel| {
        kernel.signal(GUARD, 1);
        kernel.choose()
    });
    node
}

/// The guard runs, and handles the ward's fault.
fn guard_handles() -> Node {
    let mut node = guarded();
    node.trap(Trap::Fault { cause: Cause::Trap, address: None });
    node
}

fn ask(node: &mut Node, call: Call, slot: u32, words: &[u32]) -> [u32; 8] {
    assert_eq!(node.call(call, slot, Tag::default(), words), Some(GUARD));
    assert_eq!(node.status(GUARD), Status::Ok);
    node.gpr(GUARD)[3..11].try_into().expect("eight words")
}

#[test]
fn a_domain_shows_its_life_and_its_faults() {
    let mut node = guard_handles();
    assert_eq!(ask(&mut node, Call::Inspect, WARD_DOMAIN, &[]), [1, 0, 1, 0, 0, 0, 0, 0]);
    ask(&mut node, Call::Restart, WARD_DOMAIN, &[]);
    assert_eq!(ask(&mut node, Call::Inspect, WARD_DOMAIN, &[])[..3], [1, 1, 1]);
    ask(&mut node, Call::Stop, WARD_DOMAIN, &[]);
    assert_eq!(ask(&mut node, Call::Inspect, WARD_DOMAIN, &[])[..3], [0, 1, 1]);
}

#[test]
fn counters_tell_why_the_kernel_was_entered() {
    let mut node = guarded();
    node.trap(Trap::Timer);
    node.trap(Trap::Interrupt);
    node.trap(Trap::Miss { address: 0x10_0000, cause: Cause::FetchUnmapped });
    node.trap(Trap::Miss { address: 0x10_0000, cause: Cause::StoreUnmapped });
    node.call(Call::Poll, OWN_NOTIFICATION, Tag::default(), &[]);
    node.trap(Trap::Miss { address: 0xDEAD_0000, cause: Cause::StoreUnmapped });
    let counters = ask(&mut node, Call::Counters, WARD_DOMAIN, &[]);
    let mut wanted = [0; COUNTERS];
    for counter in [
        Counter::Calls,
        Counter::Timers,
        Counter::Interrupts,
        Counter::FetchMisses,
        Counter::DataMisses,
        Counter::Faults,
    ] {
        wanted[counter as usize] = 1;
    }
    assert_eq!(counters, wanted, "a miss outside the map is a fault, not a load");
}

#[test]
fn registers_are_read_eight_at_a_time() {
    let mut node = guard_handles();
    let context = &mut node.threads[WARD.place()].context;
    (context.cr, context.lr, context.ctr, context.xer, context.pc) = (32, 33, 34, 35, 0x24);
    for (number, register) in (0..).zip(&mut context.gpr) {
        *register = number;
    }
    for first in [0, 8, 24] {
        let wanted: [u32; 8] = std::array::from_fn(|index| first + index as u32);
        assert_eq!(ask(&mut node, Call::ReadRegisters, WARDS_THREAD, &[first]), wanted);
    }
    assert_eq!(ask(&mut node, Call::ReadRegisters, WARDS_THREAD, &[31]), [31, 32, 33, 34, 35, 0x24, 0, 0]);
    for first in [37, u32::MAX - 3, u32::MAX] {
        assert_eq!(ask(&mut node, Call::ReadRegisters, WARDS_THREAD, &[first]), [0; 8]);
    }
}

#[test]
fn registers_are_written_while_the_thread_waits_for_its_handler() {
    let mut node = guard_handles();
    for number in 0..=36 {
        ask(&mut node, Call::WriteRegister, WARDS_THREAD, &[number, 4 * number]);
    }
    assert_eq!(
        ask(&mut node, Call::ReadRegisters, WARDS_THREAD, &[29]),
        [29, 30, 31, 32, 33, 34, 35, 36].map(|number| 4 * number)
    );
}

#[test]
fn a_write_that_makes_no_sense_is_a_misuse() {
    for faulted in [true, false] {
        for words in [[37, 0], [u32::MAX, 0], [36, 2]] {
            let mut node = if faulted { guard_handles() } else { guard_runs() };
            node.call(Call::WriteRegister, WARDS_THREAD, Tag::default(), &words);
            assert_eq!(node.run(GUARD), Run::Stopped, "{faulted} {words:?}");
            assert!(node.machine.console.contains("cause=bad-argument domain=0"));
        }
    }
}

#[test]
fn a_write_to_a_thread_that_waits_for_no_handler_changes_nothing_and_says_so() {
    let mut restarted = guard_handles();
    ask(&mut restarted, Call::Restart, WARD_DOMAIN, &[]);
    let mut stopped = guard_handles();
    ask(&mut stopped, Call::Stop, WARD_DOMAIN, &[]);
    for mut node in [guard_runs(), restarted, stopped] {
        for register in [1, 3, 35, 36] {
            let before = node.threads[WARD.place()].context;
            assert_eq!(
                node.call(Call::WriteRegister, WARDS_THREAD, Tag::default(), &[register, 0x44]),
                Some(GUARD)
            );
            assert_eq!(node.status(GUARD), Status::PeerGone);
            assert_eq!(node.threads[WARD.place()].context, before);
        }
    }
}

#[test]
fn a_region_says_where_it_lies() {
    let mut node = guard_runs();
    assert_eq!(ask(&mut node, Call::Locate, REGION, &[]), [7, 0x2000_4000, 0x1000, 0, 0, 0, 0, 0]);
}

#[test]
fn device_control_registers_are_counted_from_the_start_of_their_range() {
    let mut node = guard_runs();
    node.machine.dcrs.insert(0xC1, 5);
    assert_eq!(ask(&mut node, Call::DcrRead, DCR, &[1])[0], 5);
    ask(&mut node, Call::DcrWrite, DCR, &[1, 6]);
    assert_eq!(node.machine.dcrs[&0xC1], 6);
    for call in [Call::DcrRead, Call::DcrWrite] {
        node.call(call, DCR, Tag::default(), &[0, 9]);
        assert_eq!((node.status(GUARD), node.gpr(GUARD)[3]), (Status::Hardware, 0), "the board has no 0xC0");
    }
    node.call(Call::DcrRead, DCR, Tag::default(), &[2]);
    assert!(node.machine.console.contains("cause=bad-argument domain=0"), "beyond the range");
}

#[test]
fn a_thread_that_yields_runs_behind_its_equals() {
    let mut node = super::Node::with_waiting_server();
    assert_eq!(node.call(Call::Yield, 0, Tag::default(), &[]), Some(super::BOB));
    assert_eq!(node.status(super::ALICE), Status::Ok);
    assert_eq!(node.call(Call::Yield, 0, Tag::default(), &[]), Some(super::ALICE));
    node.call(Call::Wait, super::OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.call(Call::Yield, 0, Tag::default(), &[]), Some(super::BOB), "alone, it goes on");
}
