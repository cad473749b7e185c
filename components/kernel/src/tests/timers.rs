//! Periodic timers.

use super::*;
use crate::timers::TIMER_REST;

/// `alice` arms the timer, and waits.
fn armed(deadline: u64, period: u64) -> Node {
    let mut node = Node::with_waiting_server();
    let halves = [deadline, period].map(|time| [(time >> 32) as u32, time as u32]);
    node.call(Call::TimerArm, TIMER, Tag::default(), halves.as_flattened());
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    node
}

/// Lets time pass; whether the timer woke alice, who waits again.
fn passes(node: &mut Node, now: u64) -> bool {
    node.machine.now = now;
    node.trap(Trap::Timer);
    let woken = node.run(ALICE) == Run::Ready;
    if woken {
        assert_eq!(node.gpr(ALICE)[3], 1);
        node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
        node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
        node.with(|kernel| {
            kernel.signal(BOB, 1);
            kernel.choose()
        });
    }
    woken
}

#[test]
fn a_periodic_timer_does_not_drift() {
    let mut node = armed(10_000, 5_000);
    for (now, woken) in [(9_999, false), (10_400, true), (14_999, false), (15_300, true), (20_000, true)] {
        assert_eq!(passes(&mut node, now), woken, "{now}");
    }
    assert_eq!((node.timers[0].deadline, node.machine.deadline), (Some(25_000), Some(25_000)));
}

#[test]
fn missed_periods_count_as_one() {
    let mut node = armed(10_000, 5_000);
    assert!(passes(&mut node, 10_000 + 7 * 5_000 + 1));
    assert_eq!(node.timers[0].deadline, Some(10_000 + 8 * 5_000));
    assert!(!passes(&mut node, 10_000 + 8 * 5_000 - 1));
}

#[test]
fn no_period_however_short_takes_the_whole_core() {
    let mut node = armed(10_000, 1);
    assert!(passes(&mut node, 10_000));
    assert_eq!((node.timers[0].deadline, node.machine.deadline), (Some(10_001), Some(10_000 + TIMER_REST)));
}

#[test]
fn a_period_beyond_the_end_of_time_ends_the_timer() {
    for period in [u64::MAX, u64::MAX - 10_000] {
        let mut node = armed(20_000, period);
        assert!(passes(&mut node, 30_000));
        assert_eq!((node.timers[0].deadline, node.machine.deadline), (None, None));
    }
}

#[test]
fn arming_again_forgets_the_period() {
    let mut node = Node::with_waiting_server();
    node.call(Call::TimerArm, TIMER, Tag::default(), &[0, 10_000, 0, 5_000]);
    node.call(Call::TimerArm, TIMER, Tag::default(), &[0, 20_000, 0, 0]);
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    assert!(passes(&mut node, 20_000));
    assert_eq!(node.timers[0].deadline, None);
}

#[test]
fn timers_of_one_thread_that_fire_together_wake_it_once_and_no_bit_is_lost() {
    static TWO: Tables = Tables {
        timers: &[
            Timer { notification: 1, bits: 0b1, domain: 1 },
            Timer { notification: 1, bits: 0b10, domain: 1 },
        ],
        ..SYSTEM
    };
    let mut node = Node::of(&TWO, 8);
    assert_eq!(node.call(Call::Recv, SERVED, Tag::default(), &[]), Some(ALICE));
    node.with(|kernel| {
        kernel.set_timer(0, Some(10_000), 0);
        kernel.set_timer(1, Some(10_000), 0);
    });
    assert_eq!(node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]), Some(BOB));
    node.machine.now = 10_000;
    assert_eq!(node.trap(Trap::Timer), Some(BOB));
    assert_eq!((node.run(ALICE), node.gpr(ALICE)[3]), (Run::Ready, 0b1));
    // She runs, once, and her next wait ends at once.
    assert_eq!(node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]), Some(ALICE));
    assert_eq!(node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]), Some(ALICE));
    assert_eq!(node.gpr(ALICE)[3], 0b10);
    assert_eq!(node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]), None);
}
