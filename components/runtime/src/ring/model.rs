//! The protocol under a model checker: every interleaving of the two sides, and every value that the memory
//! orders allow a read to bring.
//!
//! What is checked is the code that runs on the node, over words of `loom`'s. Slots are cells that report an
//! access by both sides at once; a notification is a bit that sticks until it is taken. A lost wake-up shows
//! as a deadlock, a slot that is reused too early as an access by both.

use std::vec::Vec;

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicU32, Ordering, fence};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

use super::end::{Consumer, Producer};
use super::side::{ClientSide, Found, Lines, ServerSide};
use super::word::{Line, Word};
use crate::WireError;

impl Word for AtomicU32 {
    fn get(&self) -> u32 {
        self.load(Ordering::Acquire)
    }

    fn set(&self, value: u32) {
        self.store(value, Ordering::Release);
    }

    fn order() {
        fence(Ordering::SeqCst);
    }
}

/// A notification with two bits: the peer signals one, the kernel the other.
#[derive(Default)]
struct Bell {
    bits: Mutex<Rung>,
    changed: Condvar,
}

/// Its bits.
#[derive(Clone, Copy, Default)]
struct Rung {
    signalled: bool,
    /// The peer's life has ended.
    gone: bool,
}

impl Bell {
    fn signal(&self) {
        self.bits.lock().unwrap().signalled = true;
        self.changed.notify_one();
    }

    /// What the kernel does at the end of the peer's life.
    fn mourn(&self) {
        self.bits.lock().unwrap().gone = true;
        self.changed.notify_one();
    }

    /// Waits for either bit and takes both; whether the peer's life has ended.
    fn wait(&self) -> bool {
        let mut bits = self.bits.lock().unwrap();
        while !bits.signalled && !bits.gone {
            bits = self.changed.wait(bits).unwrap();
        }
        std::mem::take(&mut *bits).gone
    }

    /// Forgets ends up to now.
    fn forget(&self) {
        self.bits.lock().unwrap().gone = false;
    }
}

/// A slot's content: the cell tells loom who has it, the value needs no order of its own.
#[derive(Default)]
struct Slot {
    owner: UnsafeCell<()>,
    value: std::sync::atomic::AtomicU32,
}

impl Slot {
    fn fill(&self, value: u32) {
        self.owner.with_mut(|_| self.value.store(value, Ordering::Relaxed));
    }

    fn copy(&self) -> u32 {
        self.owner.with(|_| self.value.load(Ordering::Relaxed))
    }
}

/// A ring's memory, and both ends' notifications.
#[derive(Default)]
struct Ring {
    words: [AtomicU32; 4],
    slots: [Slot; 2],
    producer: Bell,
    consumer: Bell,
}

impl Ring {
    fn producer_line(&self) -> Line<'_, AtomicU32> {
        Line { index: &self.words[0], bell: &self.words[1] }
    }

    fn consumer_line(&self) -> Line<'_, AtomicU32> {
        Line { index: &self.words[2], bell: &self.words[3] }
    }

    fn fill(&self, slots: u32, item: u32, to: &mut Producer<'_, AtomicU32>) {
        let index = loop {
            match to.room().unwrap() {
                Some(index) => break index,
                None if to.may_sleep().unwrap() => drop(self.producer.wait()),
                None => {}
            }
        };
        self.slots[(index % slots) as usize].fill(item);
        if to.hand_over() {
            self.consumer.signal();
        }
    }

    fn empty(&self, slots: u32, from: &mut Consumer<'_, AtomicU32>) -> u32 {
        let index = loop {
            match from.next().unwrap() {
                Some(index) => break index,
                None if from.may_sleep().unwrap() => drop(self.consumer.wait()),
                None => {}
            }
        };
        let item = self.slots[(index % slots) as usize].copy();
        if from.give_back() {
            self.producer.signal();
        }
        item
    }
}

/// A model checker that lets a thread be interrupted so often where it need not wait. More find nothing
/// new, and take long.
fn checker(preemptions: usize) -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder
}

/// Sends `1..=items` through a ring; both ends sleep when they must.
fn stream(slots: u32, items: u32) {
    checker(4).check(move || {
        let ring = Arc::new(Ring::default());
        let sender = thread::spawn({
            let ring = Arc::clone(&ring);
            move || {
                let mut producer = Producer::new(ring.producer_line(), ring.consumer_line(), slots);
                producer.trust();
                (1..=items).for_each(|item| ring.fill(slots, item, &mut producer));
            }
        });
        let mut consumer = Consumer::new(ring.consumer_line(), ring.producer_line(), slots);
        consumer.trust();
        let received: Vec<u32> = (0..items).map(|_| ring.empty(slots, &mut consumer)).collect();
        assert_eq!(received, (1..=items).collect::<Vec<_>>());
        sender.join().unwrap();
    });
}

#[test]
fn a_ring_of_one_slot_loses_no_item_and_no_wake_up() {
    stream(1, 2);
}

#[test]
fn a_ring_of_two_slots_loses_no_item_and_no_wake_up() {
    stream(2, 3);
}

/// A wire's memory: the words of both sides, and one slot in each direction.
#[derive(Default)]
struct Wire {
    words: [AtomicU32; 10],
    request: Slot,
    answer: Slot,
    client: Bell,
    server: Bell,
    /// Whether the client has what it wants: not 0.
    left: AtomicU32,
}

impl Wire {
    fn lines(&self) -> Lines<'_, AtomicU32> {
        let line = |first: usize| Line { index: &self.words[first], bell: &self.words[first + 1] };
        Lines {
            sent: line(0),
            taken: line(2),
            answered: line(4),
            fetched: line(6),
            opened: &self.words[8],
            accepted: &self.words[9],
        }
    }

    /// What a client does for a method with a result.
    fn call(&self, side: &mut ClientSide<'_, AtomicU32>, word: u32) -> Result<u32, WireError> {
        match side.begin() {
            Found::Session => {}
            Found::Opened => self.server.signal(),
            Found::Over => return Err(self.over(side, WireError::PeerGone)),
            Found::Nobody => return Err(WireError::PeerGone),
        }
        self.until(side, ClientSide::room, ClientSide::may_sleep_for_room)?;
        self.request.fill(word);
        if side.send() {
            self.server.signal();
        }
        self.until(side, ClientSide::answer, ClientSide::may_sleep_for_answer)?;
        let answer = self.answer.copy();
        if side.fetch() {
            self.server.signal();
        }
        Ok(answer)
    }

    /// Waits as [`RingWire`](super::RingWire) does.
    fn until<'a>(
        &self,
        side: &mut ClientSide<'a, AtomicU32>,
        look: impl Fn(&mut ClientSide<'a, AtomicU32>) -> Result<Option<u32>, WireError>,
        may_sleep: impl Fn(&mut ClientSide<'a, AtomicU32>) -> Result<bool, WireError>,
    ) -> Result<(), WireError> {
        let mut gone = false;
        loop {
            match look(side) {
                Ok(Some(_)) => return Ok(()),
                Ok(None) if gone => return Err(self.over(side, WireError::PeerGone)),
                Ok(None) => {}
                Err(error) => return Err(self.over(side, error)),
            }
            match may_sleep(side) {
                Ok(true) => gone = self.client.wait(),
                Ok(false) => {}
                Err(error) => return Err(self.over(side, error)),
            }
        }
    }

    /// The session is over: opens the next one.
    fn over(&self, side: &mut ClientSide<'_, AtomicU32>, reason: WireError) -> WireError {
        self.client.forget();
        side.renew();
        self.server.signal();
        reason
    }

    /// Calls until a life of the server answers; how often it heard of an end before.
    fn persist(&self, side: &mut ClientSide<'_, AtomicU32>, word: u32) -> (u32, u32) {
        let mut ends = 0;
        loop {
            match self.call(side, word) {
                Ok(answer) => return (answer, ends),
                // Whoever accepts the next session signals.
                Err(_) if side.begin() == Found::Nobody => drop(self.client.wait()),
                Err(_) => {}
            }
            ends += 1;
        }
    }

    /// What a server does until it has answered so many requests.
    fn serve(&self, side: &mut ServerSide<'_, AtomicU32>, requests: u32) {
        self.serve_while(side, |answered| answered < requests);
    }

    /// The same, as long as something says so of the requests that were answered.
    fn serve_while(&self, side: &mut ServerSide<'_, AtomicU32>, goes_on: impl Fn(u32) -> bool) {
        let mut answered = 0;
        while goes_on(answered) {
            if side.accept() {
                self.client.signal();
            }
            match self.answer(side) {
                Ok(true) => answered += 1,
                // It looked once more, and there is nothing.
                Ok(false) => drop(self.server.wait()),
                Err(_) => {
                    side.refuse();
                    self.client.signal();
                    self.server.wait();
                }
            }
        }
    }

    /// Answers one request, as [`RingServer`](super::RingServer) does. False if the server may sleep.
    fn answer(&self, side: &mut ServerSide<'_, AtomicU32>) -> Result<bool, WireError> {
        while side.request()?.is_none() {
            if side.may_sleep_for_request()? {
                return Ok(false);
            }
        }
        while side.room()?.is_none() {
            if side.may_sleep_for_room()? {
                return Ok(false);
            }
        }
        let word = self.request.copy();
        self.answer.fill(word + 1);
        let for_room = side.take();
        if side.answer() || for_room {
            self.client.signal();
        }
        Ok(true)
    }
}

#[test]
fn a_session_opens_whoever_starts_first_and_every_request_is_answered() {
    checker(3).check(|| {
        let wire = Arc::new(Wire::default());
        let server = thread::spawn({
            let wire = Arc::clone(&wire);
            move || wire.serve(&mut ServerSide::new(&wire.lines(), 1), 2)
        });
        let mut side = ClientSide::new(&wire.lines(), 1);
        assert_eq!((wire.call(&mut side, 7), wire.call(&mut side, 8)), (Ok(8), Ok(9)));
        server.join().unwrap();
    });
}

#[test]
fn a_client_that_starts_again_is_served_whatever_it_left_behind() {
    checker(2).check(|| {
        let wire = Arc::new(Wire::default());
        let server = thread::spawn({
            let wire = Arc::clone(&wire);
            move || wire.serve(&mut ServerSide::new(&wire.lines(), 1), 1)
        });
        // Its first life opens a session and ends.
        assert_eq!(ClientSide::new(&wire.lines(), 1).begin(), Found::Opened);
        wire.server.signal();
        let mut side = ClientSide::new(&wire.lines(), 1);
        assert_eq!(wire.call(&mut side, 7), Ok(8));
        server.join().unwrap();
    });
}

#[test]
fn a_server_that_starts_again_ends_the_session_and_answers_in_the_next() {
    checker(2).check(|| {
        let wire = Arc::new(Wire::default());
        let server = thread::spawn({
            let wire = Arc::clone(&wire);
            move || {
                // Its first life accepts what there is, perhaps takes a request, and ends.
                let mut first = ServerSide::new(&wire.lines(), 1);
                if first.accept() {
                    wire.client.signal();
                }
                let took = first.request().unwrap().is_some();
                if took {
                    wire.request.copy();
                    first.take();
                }
                wire.client.mourn();
                let mut second = ServerSide::new(&wire.lines(), 1);
                wire.serve_while(&mut second, |_| wire.left.load(Ordering::Acquire) == 0);
                took
            }
        });
        let mut side = ClientSide::new(&wire.lines(), 1);
        let (answer, ends) = wire.persist(&mut side, 7);
        wire.left.store(1, Ordering::Release);
        wire.server.signal();
        assert_eq!(answer, 8);
        assert!(ends <= 2, "an end is told once by the session and once by the kernel, not {ends} times");
        // What the first life took with it may be half done: nobody does it again unasked.
        assert!(!server.join().unwrap() || ends > 0, "the client has heard of no end");
    });
}
