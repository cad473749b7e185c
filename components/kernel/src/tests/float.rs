//! Floating-point registers belong to one thread at a time.

use super::*;
use ppc440::msr;

const UNAVAILABLE: Trap = Trap::Fault { cause: Cause::FloatUnavailable, address: None };

/// Alice and Bob may use floating-point registers; the server may not.
static FLOATING: Tables = Tables {
    domains: &[
        SYSTEM.domains[0],
        Domain { float: true, ..SYSTEM.domains[1] },
        Domain { float: true, ..SYSTEM.domains[2] },
    ],
    ..SYSTEM
};

fn started() -> Node {
    Node { tables: &FLOATING, ..Node::with_waiting_server() }
}

fn may_use(node: &mut Node, id: ThreadId) -> bool {
    node.with(|kernel| kernel.thread(id).fixed.msr) & msr::FP != 0
}

#[test]
fn they_change_hands_with_the_first_use() {
    let mut node = started();
    assert!(!may_use(&mut node, ALICE));
    assert_eq!(node.trap(UNAVAILABLE), Some(ALICE));
    assert!(may_use(&mut node, ALICE));
    node.machine.float_registers = 1;
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    assert_eq!(node.core.current, Some(BOB));
    node.trap(UNAVAILABLE);
    assert_eq!(node.machine.float_registers, 0, "bob's own, not alice's");
    assert!(may_use(&mut node, BOB) && !may_use(&mut node, ALICE));
    node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    node.with(|kernel| kernel.signal(ALICE, 1));
    node.with(|kernel| kernel.choose());
    node.trap(UNAVAILABLE);
    assert_eq!(node.machine.float_registers, 1, "alice's again");
}

#[test]
fn a_domain_without_the_right_faults() {
    let mut node = Node::with_waiting_server();
    node.trap(UNAVAILABLE);
    assert_eq!(node.run(ALICE), Run::Stopped);
    assert!(node.machine.console.contains("cause=float-unavailable"));
}

#[test]
fn a_new_life_begins_with_zeros() {
    let mut node = started();
    node.trap(UNAVAILABLE);
    node.machine.float_registers = 7;
    node.with(|kernel| kernel.restart_domain(1));
    assert!(!may_use(&mut node, ALICE));
    node.with(|kernel| kernel.choose());
    while node.core.current != Some(ALICE) {
        node.call(Call::Wait, OWN_NOTIFICATION, Tag::default(), &[]);
    }
    node.trap(UNAVAILABLE);
    assert_eq!(node.machine.float_registers, 0);
}
