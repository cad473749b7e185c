//! The mains that composer generates, in each shape that the wires of a spec can give them, run on the host.
//!
//! Each of `alice`, `bob`, `console`, `fused` and `fused_and_served` is one domain's `main.rs` as composer
//! writes it. Two things differ from the target, where `runtime`'s crate documentation shows them: `main`
//! gets the machine as an argument, because a test has several, and addresses of buffers and devices are
//! asked from it. The domains run on [`runtime::host::Node`], which keeps the kernel's rules.

#![expect(unsafe_code, reason = "a generated main vouches for the addresses that composer has chosen")]

#[path = "wirings/alice.rs"]
mod alice;
#[path = "wirings/bob.rs"]
mod bob;
#[path = "wirings/console.rs"]
mod console;
#[path = "wirings/fused.rs"]
mod fused;
#[path = "wirings/fused_and_served.rs"]
mod fused_and_served;
#[path = "wirings/machine.rs"]
mod machine;

use abi::{Badge, Cap, Kind, Object, Rights};
use machine::Machine;
use runtime::host::{Domain, End, Mourner, Node, Outcome};

/// Index of each domain in [`called`] and in [`served`].
const CONSOLE: u16 = 0;
const ALICE: u16 = 1;
const BOB: u16 = 2;

fn cap(object: Object, rights: Rights, badge: u32) -> Cap {
    Cap::new(object, rights, Badge(badge))
}

fn domain<'m>(
    machine: &'m Machine,
    name: &'static str,
    priority: u8,
    caps: &[Cap],
    main: fn(&Machine) -> !,
) -> Domain<'m> {
    let all = [&[cap(Object(Kind::Node, 0), Rights::empty(), 0)], caps].concat();
    let main = Box::new(move || main(machine));
    Domain { name, priority, caps: all, mourners: Vec::new(), bits: 0, main }
}

fn wait(domain: u16) -> Cap {
    cap(Object(Kind::Notification, domain), Rights::WAIT, 0)
}

fn event(domain: u16) -> Cap {
    cap(Object(Kind::Notification, domain), Rights::SIGNAL, 0b1)
}

fn endpoint(server: u16, rights: Rights, client: u16) -> Cap {
    cap(Object(Kind::Endpoint, server), rights, Badge::of_client(0, client).0)
}

fn gone(domain: u16) -> Mourner {
    Mourner { domain: domain.into(), bits: 0b10 }
}

/// The node of a spec in which alice and bob call the console.
fn called(machine: &Machine) -> Vec<Domain<'_>> {
    let irq = cap(Object(Kind::Irq, 0), Rights::USE, 0b1);
    let serve = endpoint(CONSOLE, Rights::SERVE, 0);
    let caps = [wait(CONSOLE), serve, event(ALICE), event(BOB), irq, event(CONSOLE)];
    let mut console = domain(machine, "console", 20, &caps, console::main);
    console.mourners = vec![gone(ALICE), gone(BOB)];
    console.bits = machine.interrupt();
    let alice = [wait(ALICE), endpoint(CONSOLE, Rights::CALL, 0)];
    let bob = [wait(BOB), endpoint(CONSOLE, Rights::CALL, 1)];
    vec![
        console,
        domain(machine, "alice", 10, &alice, alice::main),
        domain(machine, "bob", 10, &bob, bob::main),
    ]
}

fn exited(code: u32) -> Option<End> {
    Some(End::Exited(code))
}

fn lines_of<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    text.lines().filter(|line| line.starts_with(name)).collect()
}

#[test]
fn two_clients_share_the_console_line_by_line() {
    let machine = Machine::new();
    let outcome = Node::run(called(&machine));
    assert_eq!(outcome, Outcome { ends: vec![None, exited(0), exited(0)], halted: None });

    let text = machine.output();
    let alice = lines_of(&text, "alice: ");
    assert_eq!(alice[..2], ["alice: hello from alice (1 of 2)", "alice: hello from alice (2 of 2)"]);
    assert_eq!(alice[2].len(), "alice: ".len() + 300);
    assert!(alice[2].ends_with("....:....9....:....0"), "{}", alice[2]);
    assert_eq!(lines_of(&text, "bob: ").len(), 4);
    assert_eq!(text.lines().count(), 7, "{text}");
}

#[test]
fn the_component_cannot_see_how_it_is_wired() {
    let by_call = Machine::typed("one\rtwo\n");
    let outcome = Node::run(called(&by_call));
    assert_eq!(outcome.ends, [None, None, exited(0)]);

    let directly = Machine::typed("one\rtwo\n");
    let irq = cap(Object(Kind::Irq, 0), Rights::USE, 0b1);
    let mut fused = domain(&directly, "alice", 10, &[wait(0), irq, event(0)], fused::main);
    fused.bits = directly.interrupt();
    let outcome = Node::run(vec![fused]);
    assert_eq!(outcome.ends, [None]);

    let (by_call, directly) = (by_call.output(), directly.output());
    assert_eq!(lines_of(&by_call, "alice: "), directly.lines().collect::<Vec<_>>());
    assert!(directly.ends_with("alice: you said: one\r\nalice: you said: two\r\n"), "{directly}");
}

#[test]
fn a_fused_domain_also_serves_others() {
    let machine = Machine::typed("one\n");
    let irq = cap(Object(Kind::Irq, 0), Rights::USE, 0b1);
    let caps = [wait(0), irq, endpoint(0, Rights::SERVE, 0), event(1), event(0)];
    let mut alice = domain(&machine, "alice", 10, &caps, fused_and_served::main);
    alice.bits = machine.interrupt();
    let caps = [wait(1), endpoint(0, Rights::CALL, 1)];
    let outcome = Node::run(vec![alice, domain(&machine, "bob", 10, &caps, bob::main)]);
    assert_eq!(outcome.ends, [None, exited(0)]);
    let text = machine.output();
    assert!(text.contains("alice: you said: one"), "{text}");
    assert_eq!((lines_of(&text, "alice: ").len(), lines_of(&text, "bob: ").len()), (4, 4), "{text}");
}

/// Stops the domain that its slot 1 names, once nobody of a higher priority can run.
fn stop(_: &Machine) -> ! {
    runtime::finish(runtime::system::stop(runtime::Slot(1)))
}

#[test]
fn a_client_s_end_leaves_the_others_running() {
    let machine = Machine::typed("to bob\n");
    let mut domains = called(&machine);
    let control = cap(Object(Kind::Domain, ALICE), Rights::CONTROL, 0);
    // Alice waits for input when she is stopped.
    domains.push(domain(&machine, "reaper", 15, &[control], stop));
    let outcome = Node::run(domains);
    assert_eq!(outcome.ends, [None, Some(End::Stopped), exited(0), exited(0)]);
    assert_eq!(lines_of(&machine.output(), "bob: ").len(), 4);
}

#[test]
fn the_server_s_end_is_an_error_to_its_clients() {
    let machine = Machine::typed("");
    let mut domains = called(&machine);
    let control = cap(Object(Kind::Domain, CONSOLE), Rights::CONTROL, 0);
    // Alice has said hello by then and waits for input; bob, of a lower priority, has not begun.
    domains[2].priority = 3;
    domains.push(domain(&machine, "reaper", 5, &[control], stop));
    let outcome = Node::run(domains);
    let peer_gone = u32::from(runtime::WireError::PeerGone.number());
    assert_eq!(outcome.ends, [Some(End::Stopped), exited(peer_gone), exited(peer_gone), exited(0)]);
    assert_eq!(lines_of(&machine.output(), "bob: ").len(), 0);
}
