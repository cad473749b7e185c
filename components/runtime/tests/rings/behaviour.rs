//! What honest ends see.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use abi::{Call, Tag, Words};
use runtime::host::{End, Kernel, Node, end_thread, with_kernel};
use runtime::{Answer, Endpoint, Event, Inbox, Signals, Slot, Wire, WireError, finish, serve_rings, system};

use crate::world::{
    GONE, Log, REFUSE, Region, SLOTS, add, answer, client, post, reverse, rings, serve, server, wire,
};

#[test]
fn words_slices_and_errors_cross_and_every_slot_is_used_again() {
    let (log, regions) = (Log::default(), [Region::filled(0)]);
    let user = || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals, &regions[0]);
        for round in 0..3 * SLOTS {
            assert_eq!(add(&mut wire, round, 7), Ok(round + 7));
            let text: Vec<u8> = (0..round as u8 * 2).collect();
            assert_eq!(reverse(&mut wire, &text), Ok(text.into_iter().rev().collect()));
        }
        for error in WireError::ALL {
            let refused = wire.call(REFUSE, [error.number().into()], |_| Ok(()), |_| Ok(()));
            assert_eq!(refused, Err(error));
        }
        assert_eq!(add(&mut wire, 1, 1), Ok(2));
        finish(Ok(()))
    };
    for (of_server, of_client) in [(2, 1), (1, 2), (1, 1)] {
        let outcome =
            Node::run(vec![server(1, of_server, || serve(&log, &regions)), client(0, of_client, user)]);
        assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    }
    assert!(regions[0].is_intact());
}

#[test]
fn posts_fill_the_ring_and_a_call_waits_for_room() {
    let (log, regions) = (Log::default(), [Region::filled(0xFFFF_FFFF)]);
    // The client is above the server, which therefore takes nothing before the client waits.
    let user = || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals, &regions[0]);
        let posted: Vec<_> = (0..SLOTS + 2).map(|note| post(&mut wire, note)).collect();
        assert_eq!(posted[..SLOTS as usize], [Ok(()); SLOTS as usize]);
        assert_eq!(posted[SLOTS as usize..], [Err(WireError::Full); 2]);
        assert_eq!(add(&mut wire, 2, 3), Ok(5));
        assert_eq!(post(&mut wire, 9), Ok(()));
        finish(Ok(()))
    };
    let outcome = Node::run(vec![server(1, 1, || serve(&log, &regions)), client(0, 2, user)]);
    assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    assert_eq!(log.lines(), ["0: 0", "0: 1", "0: 2", "0: 3", "0: 9"]);
}

#[test]
fn clients_take_turns() {
    let (log, regions) = (Log::default(), [Region::filled(0), Region::filled(0)]);
    let user = |number: usize| {
        let regions = &regions;
        move || {
            let signals = Signals::new(Slot(1));
            let mut wire = wire(&signals, &regions[number]);
            // The first goes on as soon as there is room.
            for note in 0..if number == 0 { 12 } else { SLOTS } {
                while post(&mut wire, note) == Err(WireError::Full) {
                    assert_eq!(add(&mut wire, 0, 0), Ok(0));
                }
            }
            finish(Ok(()))
        }
    };
    let server = server(2, 1, || serve(&log, &regions));
    let outcome = Node::run(vec![server, client(0, 2, user(0)), client(1, 2, user(1))]);
    assert_eq!(outcome.ends[1..], [Some(End::Exited(0)), Some(End::Exited(0))]);
    let lines = log.lines();
    let last_of_second = lines.iter().position(|line| line == "1: 3").unwrap();
    assert!(last_of_second < lines.len() - 1, "the second had to wait for the first to end: {lines:?}");
    assert_eq!(lines.len(), 12 + SLOTS as usize);
}

/// A kernel for one client without a server, which counts signals; at the first, the session is accepted.
struct Counting<'r> {
    region: &'r Region,
    signals: Cell<u32>,
}

impl Kernel for Counting<'static> {
    fn system_call(&self, call: Call, _: Slot, _: Tag, _: Words) -> Answer {
        if call == Call::Signal {
            self.signals.set(self.signals.get() + 1);
            // Line 1 accepts the session that stands in line 0; nothing is taken, and the bell is silent.
            self.region.scribble(10, self.region.word(2));
        }
        Answer::default()
    }

    fn leave(&self, _: Call, _: Slot, _: Words) -> ! {
        end_thread()
    }

    fn time(&self) -> u64 {
        0
    }
}

#[test]
fn who_is_awake_is_not_signalled_and_who_sleeps_once() {
    let region: &'static Region = Box::leak(Box::new(Region::filled(0)));
    let kernel = Rc::new(Counting { region, signals: Cell::new(0) });
    with_kernel(Rc::clone(&kernel) as Rc<dyn Kernel>, || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals, region);
        assert_eq!([post(&mut wire, 1), post(&mut wire, 2)], [Ok(()); 2]);
        assert_eq!(kernel.signals.get(), 1, "the one that opens the session");
        // The server falls asleep: it changes its bell.
        region.scribble(9, 1);
        assert_eq!([post(&mut wire, 3), post(&mut wire, 4)], [Ok(()); 2]);
        assert_eq!(kernel.signals.get(), 2);
    });
}

#[test]
fn an_end_is_told_and_the_next_life_serves() {
    let (log, regions) = (Log::default(), [Region::filled(0)]);
    // The first life answers two requests and dies in the third; the second life serves for ever.
    let two_lives = || {
        let signals = Signals::new(Slot(1));
        let answered = Cell::new(0);
        let life = catch_unwind(AssertUnwindSafe(|| {
            serve_rings(
                Slot(2),
                &signals,
                &mut rings(&regions),
                |_, _, _| Err(WireError::Malformed),
                |badge, operation, words, slices| {
                    answered.set(answered.get() + 1);
                    if answered.get() == 3 {
                        resume_unwind(Box::new("the first life ends"));
                    }
                    answer(&log, badge, operation, words, slices)
                },
                |_| (),
            )
        }));
        if let Err(payload) = life
            && !payload.is::<&str>()
        {
            resume_unwind(payload);
        }
        // What the kernel does at the end of a domain that it starts again.
        system::signal(Slot(4));
        serve(&log, &regions)
    };
    let user = || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals, &regions[0]);
        assert_eq!([add(&mut wire, 1, 1), add(&mut wire, 2, 2)], [Ok(2), Ok(4)]);
        assert_eq!(add(&mut wire, 3, 3), Err(WireError::PeerGone));
        log.note("told");
        assert_eq!(add(&mut wire, 4, 4), Ok(8));
        assert_eq!(add(&mut wire, 5, 5), Ok(10));
        finish(Ok(()))
    };
    let outcome = Node::run(vec![server(1, 2, two_lives), client(0, 1, user)]);
    assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    assert_eq!(log.lines(), ["told"], "the request of the first life was not answered by the second");
}

#[test]
fn a_server_that_is_gone_for_good_ends_every_use() {
    let (log, regions) = (Log::default(), [Region::filled(0)]);
    let dying = || {
        let signals = Signals::new(Slot(1));
        let _ = serve_rings(
            Slot(2),
            &signals,
            &mut rings(&regions),
            |_, _, _| Err(WireError::Malformed),
            |_, _, _, _| finish(Ok(())),
            |_| (),
        );
    };
    let user = || {
        let signals = Signals::new(Slot(1));
        let mut wire = wire(&signals, &regions[0]);
        for _ in 0..3 {
            assert_eq!(add(&mut wire, 1, 1), Err(WireError::PeerGone));
            assert_eq!(post(&mut wire, 1), Err(WireError::PeerGone));
            assert_eq!(wire.wait(Event(0).into()), Err(WireError::PeerGone));
            assert_eq!(wire.pending(Event(0).into()), Err(WireError::PeerGone));
        }
        log.note("no use waited");
        finish(Ok(()))
    };
    let outcome = Node::run(vec![server(1, 1, dying), client(0, 2, user)]);
    assert_eq!(outcome.ends, [Some(End::Exited(0)), Some(End::Exited(0))]);
    assert_eq!(log.lines(), ["no use waited"]);
}

#[test]
fn a_client_that_starts_again_finds_the_server_ready() {
    let (log, regions) = (Log::default(), [Region::filled(0x0101_0101)]);
    let user = || {
        let signals = Signals::new(Slot(1));
        for life in 1..4 {
            // Each leaves something behind.
            let mut wire = wire(&signals, &regions[0]);
            assert_eq!(add(&mut wire, life, life), Ok(2 * life));
            assert_eq!(post(&mut wire, life), Ok(()));
        }
        let mut wire = wire(&signals, &regions[0]);
        assert_eq!(add(&mut wire, 0, 1), Ok(1));
        finish(Ok(()))
    };
    let outcome = Node::run(vec![server(1, 2, || serve(&log, &regions)), client(0, 1, user)]);
    assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    assert_eq!(log.lines(), ["0: 1", "0: 2", "0: 3"]);
}

#[test]
fn bits_that_arrive_during_a_wait_for_an_answer_are_handed_on_later() {
    let regions = [Region::filled(0)];
    let log = Log::default();
    let user = || {
        let signals = Signals::new(Slot(1));
        let seen = |bits| log.note(format!("passives {bits:?}"));
        let mut wire = wire(&signals, &regions[0]);
        assert_eq!(add(&mut wire, 1, 2), Ok(3));
        log.note("answered");
        let inbox = Inbox::driving(&signals, &seen);
        log.note(format!("{:?}", inbox.take(runtime::Bits(0b1_0000))));
        finish(Ok(()))
    };
    let busy = || {
        let signals = Signals::new(Slot(1));
        let _ = serve_rings(
            Slot(2),
            &signals,
            &mut rings(&regions),
            |_, _, _| Err(WireError::Malformed),
            |badge, operation, words, slices| {
                system::signal(Slot(5));
                answer(&log, badge, operation, words, slices)
            },
            |_| (),
        );
    };
    let mut server = server(1, 1, busy);
    server.caps.push(abi::Cap::new(
        abi::Object(abi::Kind::Notification, 1),
        abi::Rights::all(),
        abi::Badge(0b1_0000),
    ));
    assert_ne!(GONE.0, 0b1_0000);
    let outcome = Node::run(vec![server, client(0, 2, user)]);
    assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    assert_eq!(log.lines()[0], "answered");
    assert_eq!(log.lines()[2], "Bits(16)");
}
