//! What a hostile end cannot do. Properties over any content of the shared memory, changed at any moment at
//! which the other end is not in the middle of an instruction.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use abi::{Badge, Cap, Kind, Object, Rights};
use proptest::prelude::*;
use runtime::host::{End, Node};
use runtime::{Bits, Inbox, Signals, Slot, WireError, finish, serve_rings, system};

use crate::world::{Log, Region, SLOTS, add, answer, client, post, reverse, rings, serve, server, wire};

/// What the hostile end does in one step.
#[derive(Clone, Debug)]
enum Step {
    /// Writes a word of the shared memory.
    Write(usize, u32),
    /// Copies a word of the shared memory to another place: sessions and indices that make sense.
    Copy(usize, usize),
    /// Signals the other end, which then runs.
    Signal,
}

/// Words that mean something get most of the writes.
fn place() -> impl Strategy<Value = usize> {
    let lines = (0_usize..4, 0_usize..3).prop_map(|(line, word)| 8 * line + word);
    let headers = (0_usize..2 * SLOTS as usize, 0_usize..12).prop_map(|(slot, word)| 32 + 28 * slot + word);
    prop_oneof![4 => lines, 2 => headers, 1 => any::<usize>()]
}

fn value() -> impl Strategy<Value = u32> {
    prop_oneof![
        0_u32..8,
        (0_u32..8).prop_map(|below| u32::MAX - below),
        Just(0x0001_0002),
        Just(0x0002_0001),
        Just(0x0003_0001),
        any::<u32>(),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (place(), value()).prop_map(|(place, value)| Step::Write(place, value)),
        2 => (place(), place()).prop_map(|(from, to)| Step::Copy(from, to)),
        3 => Just(Step::Signal),
    ];
    proptest::collection::vec(step, 0..60)
}

/// Does the step; the slot signals the other end.
fn perform(region: &Region, step: &Step, signal: Slot) {
    match step {
        Step::Write(place, value) => region.scribble(*place, *value),
        Step::Copy(from, to) => region.scribble(*to, region.word(from % region.words().len())),
        Step::Signal => system::signal(signal),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]

    /// A client writes what it likes where it likes, between the other client's uses and in the middle of the
    /// server's turns. The server goes on, and so does the other client.
    #[test]
    fn a_client_harms_only_its_own_wire(first in any::<u32>(), steps in steps()) {
        let (log, regions) = (Log::default(), [Region::filled(first), Region::filled(first)]);
        let answered = AtomicU32::new(0);
        let left = Mutex::new(steps.iter());
        let next = || left.lock().unwrap().next();
        let honest = || {
            let signals = Signals::new(Slot(1));
            let mut wire = wire(&signals, &regions[0]);
            for round in 0..8 {
                assert_eq!(add(&mut wire, round, 1), Ok(round + 1));
                (0..4).filter_map(|_| next()).for_each(|step| perform(&regions[1], step, Slot(4)));
                assert_eq!(post(&mut wire, round), Ok(()));
                assert_eq!(reverse(&mut wire, b"fugue"), Ok(b"euguf".to_vec()));
            }
            while let Some(step) = next() {
                perform(&regions[1], step, Slot(4));
            }
            finish(Ok(()))
        };
        let serving = || {
            let signals = Signals::new(Slot(1));
            let served = serve_rings(
                Slot(2),
                &signals,
                &mut rings(&regions),
                |_, _, _| Err(WireError::Malformed),
                |badge, operation, words, slices| {
                    if badge.client() == 1 {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    if let Some(step) = next() {
                        perform(&regions[1], step, Slot(7));
                    }
                    answer(&log, badge, operation, words, slices)
                },
                |_| (),
            );
            finish(served)
        };
        let wakes_as_client_1 = Cap::new(Object(Kind::Notification, 0), Rights::all(), Badge(0b10));
        let mut domains = vec![server(2, 2, serving), client(0, 1, honest), client(1, 0, || finish(Ok(())))];
        domains[0].caps.push(wakes_as_client_1);
        domains[1].caps.push(wakes_as_client_1);
        let outcome = Node::run(domains);
        prop_assert_eq!(outcome.ends, [None, Some(End::Exited(0)), Some(End::Exited(0))]);
        prop_assert!(regions.iter().all(Region::is_intact));
        // As many answers as a ring has slots for each time that the server looks, or its session changes.
        let looks = 1 + steps.len() as u32;
        prop_assert!(answered.into_inner() <= looks * SLOTS, "a look did not end after one ring of requests");
        let notes: Vec<String> = (0..8).map(|round| format!("0: {round}")).collect();
        let honest: Vec<String> = log.lines().into_iter().filter(|line| line.starts_with("0:")).collect();
        prop_assert_eq!(honest, notes);
    }

    /// A server writes what it likes and ends. Every use of the client comes back.
    #[test]
    fn a_server_cannot_hold_a_client_beyond_its_own_end(first in any::<u32>(), steps in steps()) {
        let regions = [Region::filled(first)];
        let hostile = || {
            for step in &steps {
                perform(&regions[0], step, Slot(3));
            }
            finish(Ok(()))
        };
        let user = || {
            let signals = Signals::new(Slot(1));
            let mut wire = wire(&signals, &regions[0]);
            for round in 0..6 {
                // Whatever comes back: an answer that the server made up, or an error.
                let _ = add(&mut wire, round, 1);
                let _ = reverse(&mut wire, b"fugue");
                let _ = post(&mut wire, round);
            }
            let nothing = Inbox::of(&signals).take(Bits::NONE);
            finish(if nothing.is_empty() { Ok(()) } else { Err(WireError::Malformed) })
        };
        for (of_server, of_client) in [(1, 2), (2, 1)] {
            let outcome = Node::run(vec![server(1, of_server, hostile), client(0, of_client, user)]);
            prop_assert_eq!(outcome.ends, [Some(End::Exited(0)), Some(End::Exited(0))]);
            prop_assert!(regions[0].is_intact());
        }
    }

    /// Both start over memory that holds anything at all, in any order.
    #[test]
    fn whatever_memory_holds_at_first_the_wire_works(words in proptest::collection::vec((place(), value()), 0..40), above in any::<bool>()) {
        let (log, regions) = (Log::default(), [Region::filled(0)]);
        for (place, value) in words {
            regions[0].scribble(place, value);
        }
        let user = || {
            let signals = Signals::new(Slot(1));
            let mut wire = wire(&signals, &regions[0]);
            for round in 0..2 * SLOTS {
                assert_eq!(add(&mut wire, round, 1), Ok(round + 1));
            }
            finish(Ok(()))
        };
        let (of_server, of_client) = if above { (2, 1) } else { (1, 2) };
        let outcome = Node::run(vec![server(1, of_server, || serve(&log, &regions)), client(0, of_client, user)]);
        prop_assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    }
}

/// Another core writes while this one reads: a thread does it here, without any order between the two.
#[cfg(not(miri))] // The accesses race on purpose.
#[test]
fn a_client_on_another_core_harms_only_its_own_wire() {
    let (log, regions) = (Log::default(), [Region::filled(0), Region::filled(0)]);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut state = 0x2545_F491_u32;
            while !done.load(Ordering::Relaxed) {
                for word in 0..regions[1].words().len().min(128) {
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    regions[1].scribble(word, if state & 3 == 0 { state } else { state % 5 });
                }
            }
        });
        let honest = || {
            let signals = Signals::new(Slot(1));
            let mut wire = wire(&signals, &regions[0]);
            for round in 0..500 {
                assert_eq!(add(&mut wire, round, 1), Ok(round + 1));
            }
            finish(Ok(()))
        };
        let ringing = || {
            for _ in 0..500 {
                system::signal(Slot(3));
            }
            finish(Ok(()))
        };
        let server = server(2, 2, || serve(&log, &regions));
        let outcome = Node::run(vec![server, client(0, 1, honest), client(1, 1, ringing)]);
        done.store(true, Ordering::Relaxed);
        assert_eq!(outcome.ends, [None, Some(End::Exited(0)), Some(End::Exited(0))]);
    });
    assert!(regions.iter().all(Region::is_intact));
}
