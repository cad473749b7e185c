//! Wires, events and ends between domains, by the kernel's rules on the host.

use std::sync::Mutex;

use abi::{Badge, Cap, Kind, Object, Rights};
use runtime::host::{Domain, End, Mourner, Node, Outcome};
use runtime::{
    Bits, Buffer, CallWire, Control, DomainControl, Endpoint, Event, Events, Halt, Inbox, KernelTimer,
    Message, NodeHalt, Signals, Slot, Timer, Wire, WireAt, WireError, finish, serve, system,
};

/// What a test's domains saw, in order.
type Log = Mutex<Vec<String>>;

fn note(log: &Log, line: impl ToString) {
    log.lock().unwrap().push(line.to_string());
}

fn noted(log: Log) -> Vec<String> {
    log.into_inner().unwrap()
}

fn cap(object: Object, badge: u32) -> Cap {
    Cap::new(object, Rights::all(), Badge(badge))
}

/// A domain whose slot 1 is its notification, slot 2 the endpoint of domain 0, and so on.
fn domain<'m>(index: u16, priority: u8, caps: &[Cap], main: impl FnOnce() + Send + 'm) -> Domain<'m> {
    let first = [
        cap(Object(Kind::Domain, index), 0),
        cap(Object(Kind::Notification, index), 0),
        cap(Object(Kind::Endpoint, 0), Badge::of_client(0, index).0),
    ];
    let caps = [&first[..], caps].concat();
    Domain { name: "domain", priority, caps, mourners: Vec::new(), bits: 0, main: Box::new(main) }
}

/// A wire with three events from bit 4, and the end in bit 7.
fn wire(signals: &Signals) -> CallWire<'_> {
    let at =
        WireAt { slot: Slot(2), buffer: Buffer::EMPTY, events: Bits(0b0111_0000), gone: Bits(0b1000_0000) };
    CallWire::new(Inbox::of(signals), at)
}

#[test]
fn calls_reach_the_server_and_replies_the_client() {
    let log = Log::default();
    let server = || {
        let served = serve(
            Slot(2),
            &Signals::new(Slot(1)),
            |badge, operation, words| match operation {
                7 => Ok(Message::reply([words[0] + words[1], u32::from(badge.client()), words[2]])),
                8 => Err(WireError::Full),
                _ => Err(WireError::Malformed),
            },
            |_| (),
        );
        finish(served)
    };
    let client = || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals);
        note(&log, format!("{:?}", wire.call(7, [40, 2], |_| Ok(()), |_| Ok(()))));
        note(&log, format!("{:?}", wire.call(8, [], |_| Ok(()), |_| Ok(()))));
        note(&log, format!("{:?}", wire.call(9, [1, 2, 3, 4, 5, 6, 7, 8], |_| Ok(()), |_| Ok(()))));
        finish(Ok(()))
    };
    let outcome = Node::run(vec![domain(0, 1, &[], server), domain(1, 2, &[], client)]);
    assert_eq!(outcome, Outcome { ends: vec![None, Some(End::Exited(0))], halted: None });
    assert_eq!(noted(log), ["Ok([42, 1, 0, 0, 0, 0, 0, 0])", "Err(Full)", "Err(Malformed)"]);
}

#[test]
fn events_arrive_by_their_own_numbers_and_before_the_end() {
    let log = Log::default();
    let provider = || {
        system::signal(Slot(3));
        system::signal(Slot(4));
        finish(Ok(()))
    };
    let client = || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals);
        let (first, last) = (Events::from(Event(0)), Events::from(Event(2)));
        note(&log, format!("{:?}", wire.wait(last)));
        note(&log, format!("{:?}", wire.pending(first)));
        note(&log, format!("{:?}", wire.pending(first | last)));
        note(&log, format!("{:?}", wire.wait(first | last)));
        note(&log, format!("{:?}", wire.wait(Event(1).into())));
        finish(wire.call(0, [], |_| Ok(()), |_| Ok(())).map(drop))
    };
    let signals = [cap(Object(Kind::Notification, 1), 1 << 4), cap(Object(Kind::Notification, 1), 1 << 6)];
    let mut provider = domain(0, 1, &signals, provider);
    provider.mourners = vec![Mourner { domain: 1, bits: 1 << 7 }];
    let outcome = Node::run(vec![provider, domain(1, 2, &[], client)]);
    assert_eq!(outcome.ends, [Some(End::Exited(0)), Some(End::Exited(WireError::PeerGone.number().into()))]);
    // The first event came while the last was waited for; the client, of the higher priority, saw them
    // one by one.
    assert_eq!(
        noted(log),
        ["Ok(Events(4))", "Ok(Events(1))", "Ok(Events(0))", "Err(PeerGone)", "Err(PeerGone)"]
    );
}

#[test]
fn a_wait_that_could_not_end_is_refused() {
    let log = Log::default();
    let client = || {
        let signals = Signals::new(Slot(1));
        note(&log, format!("{:?}", wire(&signals).wait(Events::NONE)));
        note(&log, format!("{:?}", wire(&signals).wait(Event(3).into())));
        let at = WireAt { slot: Slot(2), buffer: Buffer::EMPTY, events: Bits(1), gone: Bits(2) };
        note(&log, format!("{:?}", CallWire::new(Inbox::passive(&signals), at).wait(Event(0).into())));
        let eventless = WireAt { events: Bits(0), gone: Bits(0), ..at };
        note(&log, format!("{:?}", CallWire::new(Inbox::of(&signals), eventless).wait(Event(0).into())));
        finish(Ok(()))
    };
    let outcome = Node::run(vec![domain(0, 1, &[], client)]);
    assert_eq!(outcome.ends, [Some(End::Exited(0))]);
    assert_eq!(noted(log), ["Err(Malformed)", "Err(Malformed)", "Err(Busy)", "Err(Malformed)"]);
}

#[test]
fn bits_that_arrive_meanwhile_are_kept() {
    let log = Log::default();
    let main = || {
        let signals = Signals::new(Slot(1));
        let inbox = Inbox::of(&signals);
        let mut timer = KernelTimer::new(inbox, Slot(3), Bits(0b1), 1_000);
        timer.arm(timer.now() + 100);
        system::signal(Slot(4));
        note(&log, format!("{:?}", timer.wait()));
        note(&log, format!("{:?}", timer.now() > 100));
        note(&log, format!("{:?}", inbox.take(Bits(0b10))));
        note(&log, format!("{:?}", inbox.take(Bits(0b10))));
        timer.arm(timer.now() + 100);
        timer.cancel();
        finish(timer.wait())
    };
    let caps = [cap(Object(Kind::Timer, 0), 0b1), cap(Object(Kind::Notification, 0), 0b10)];
    let outcome = Node::run(vec![domain(0, 1, &caps, main)]);
    assert_eq!(outcome.ends, [None], "a cancelled timer never fires");
    assert_eq!(noted(log), ["Ok(())", "true", "Bits(2)", "Bits(0)"]);
}

#[test]
fn a_periodic_timer_comes_again_until_it_is_cancelled() {
    let log = Log::default();
    let main = || {
        let signals = Signals::new(Slot(1));
        let mut timer = KernelTimer::new(Inbox::of(&signals), Slot(3), Bits(0b1), 1_000);
        let first = timer.now() + 100;
        timer.arm_every(first, 100);
        for round in 0..3 {
            let waited = timer.wait();
            note(&log, format!("{waited:?} {}", timer.now() >= first + 100 * round));
        }
        timer.cancel();
        finish(timer.wait())
    };
    let outcome = Node::run(vec![domain(0, 1, &[cap(Object(Kind::Timer, 0), 0b1)], main)]);
    assert_eq!(outcome.ends, [None], "a cancelled timer never fires");
    assert_eq!(noted(log), ["Ok(()) true"; 3]);
}

#[test]
fn a_cancelled_deadline_does_not_end_the_next_wait() {
    let log = Log::default();
    let main = || {
        let signals = Signals::new(Slot(1));
        let mut timer = KernelTimer::new(Inbox::of(&signals), Slot(3), Bits(0b1), 1_000);
        // It has fired by the time it is cancelled.
        timer.arm(timer.now());
        timer.cancel();
        let later = timer.now() + 1000;
        timer.arm(later);
        let waited = timer.wait();
        note(&log, format!("{waited:?} {}", timer.now() >= later));
        finish(Ok(()))
    };
    Node::run(vec![domain(0, 1, &[cap(Object(Kind::Timer, 0), 0b1)], main)]);
    assert_eq!(noted(log), ["Ok(()) true"]);
}

#[test]
fn what_arrives_while_the_active_instance_waits_reaches_the_passive_ones() {
    let log = Log::default();
    let main = || {
        let signals = Signals::new(Slot(1));
        let passives = |bits: Bits| note(&log, format!("passives {bits:?}"));
        let inbox = Inbox::driving(&signals, &passives);
        let mut timer = KernelTimer::new(inbox, Slot(3), Bits(0b1), 1_000);
        timer.arm(timer.now() + 100);
        system::signal(Slot(4));
        note(&log, format!("active {:?}", timer.wait()));
        finish(Ok(()))
    };
    let caps = [cap(Object(Kind::Timer, 0), 0b1), cap(Object(Kind::Notification, 0), 0b10)];
    Node::run(vec![domain(0, 1, &caps, main)]);
    assert_eq!(noted(log), ["passives Bits(2)", "passives Bits(1)", "active Ok(())"]);
}

#[test]
fn a_server_sees_notifications_and_outlives_its_clients() {
    let log = Log::default();
    let server = || {
        let signals = Signals::new(Slot(1));
        let inbox = Inbox::passive(&signals);
        let mut victim = DomainControl::new(inbox, Slot(3), Bits::NONE);
        let answer = |_: Badge, operation: u16, _: &_| {
            if operation == 1 {
                // The client is stopped while it is owed a reply.
                note(&log, format!("{:?}", victim.stop()));
                note(&log, format!("{:?}", victim.stop()));
            }
            Ok(Message::reply([]))
        };
        let notified = |bits| note(&log, format!("{bits:?}, kept {:?}", inbox.take(bits)));
        finish(serve(Slot(2), &signals, answer, notified))
    };
    let doomed = || finish(wire(&Signals::new(Slot(1))).call(1, [], |_| Ok(()), |_| Ok(())).map(drop));
    let other = || {
        system::signal(Slot(3));
        finish(wire(&Signals::new(Slot(1))).call(0, [], |_| Ok(()), |_| Ok(())).map(drop))
    };
    let outcome = Node::run(vec![
        domain(0, 9, &[cap(Object(Kind::Domain, 1), 0)], server),
        domain(1, 5, &[], doomed),
        domain(2, 1, &[cap(Object(Kind::Notification, 0), 0b100)], other),
    ]);
    assert_eq!(outcome.ends, [None, Some(End::Stopped), Some(End::Exited(0))]);
    assert_eq!(noted(log), ["Ok(())", "Ok(())", "Bits(4), kept Bits(4)"]);
}

#[test]
fn a_panic_ends_its_domain_alone() {
    let broken = || panic!("as the test wishes");
    let client = || finish(wire(&Signals::new(Slot(1))).call(1, [], |_| Ok(()), |_| Ok(())).map(drop));
    let outcome = Node::run(vec![domain(0, 1, &[], broken), domain(1, 2, &[], client)]);
    let gone = End::Exited(WireError::PeerGone.number().into());
    assert_eq!(outcome.ends, [Some(End::Failed("as the test wishes".to_owned())), Some(gone)]);
}

#[test]
fn a_halt_ends_the_node() {
    let halting = || finish(NodeHalt::new(Slot(3)).halt(42));
    let busy = || {
        loop {
            system::null();
        }
    };
    let outcome =
        Node::run(vec![domain(0, 2, &[cap(Object(Kind::Node, 0), 0)], halting), domain(1, 1, &[], busy)]);
    assert_eq!(outcome, Outcome { ends: vec![None, None], halted: Some(42) });
}

#[test]
fn a_provider_s_end_is_forgotten_once_its_next_life_answers() {
    let log = Log::default();
    // Its first life has ended, as the kernel says by the bit 7; this is the second.
    let provider = || {
        let signals = Signals::new(Slot(1));
        let answer = |_: Badge, _: u16, _: &_| {
            system::signal(Slot(4));
            Ok(Message::reply([]))
        };
        system::signal(Slot(3));
        finish(serve(Slot(2), &signals, answer, |_| ()))
    };
    let client = || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals);
        let event = Events::from(Event(0));
        note(&log, format!("{:?}", wire.wait(event)));
        note(&log, format!("{:?}", wire.wait(event)));
        note(&log, format!("{:?}", wire.call(0, [], |_| Ok(()), |_| Ok(())).is_ok()));
        note(&log, format!("{:?}", wire.wait(event)));
        note(&log, format!("{:?}", wire.pending(event)));
        finish(Ok(()))
    };
    let signals = [cap(Object(Kind::Notification, 1), 1 << 7), cap(Object(Kind::Notification, 1), 1 << 4)];
    let outcome = Node::run(vec![domain(0, 1, &signals, provider), domain(1, 2, &[], client)]);
    assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    assert_eq!(noted(log), ["Err(PeerGone)", "Err(PeerGone)", "true", "Ok(Events(1))", "Ok(Events(0))"]);
}
