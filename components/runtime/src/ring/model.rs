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

/// A notification with one bit.
#[derive(Default)]
struct Bell {
    set: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    fn signal(&self) {
        *self.set.lock().unwrap() = true;
        self.changed.notify_one();
    }

    fn wait(&self) {
        let mut set = self.set.lock().unwrap();
        while !*set {
            set = self.changed.wait(set).unwrap();
        }
        *set = false;
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
                None if to.may_sleep().unwrap() => self.producer.wait(),
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
                None if from.may_sleep().unwrap() => self.consumer.wait(),
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
    fn call(&self, side: &mut ClientSide<'_, AtomicU32>, word: u32) -> u32 {
        match side.begin() {
            Found::Session => {}
            Found::Opened => self.server.signal(),
            Found::Over | Found::Nobody => panic!("nobody ended the session"),
        }
        while side.room().unwrap().is_none() {
            if side.may_sleep_for_room().unwrap() {
                self.client.wait();
            }
        }
        self.request.fill(word);
        if side.send() {
            self.server.signal();
        }
        while side.answer().unwrap().is_none() {
            if side.may_sleep_for_answer().unwrap() {
                self.client.wait();
            }
        }
        let answer = self.answer.copy();
        if side.fetch() {
            self.server.signal();
        }
        answer
    }

    /// What a server does until it has answered so many requests.
    fn serve(&self, side: &mut ServerSide<'_, AtomicU32>, requests: u32) {
        let mut answered = 0;
        while answered < requests {
            if side.accept() {
                self.client.signal();
            }
            if side.request().unwrap().is_none() {
                if side.may_sleep_for_request().unwrap() {
                    self.server.wait();
                }
                continue;
            }
            if side.room().unwrap().is_none() {
                if side.may_sleep_for_room().unwrap() {
                    self.server.wait();
                }
                continue;
            }
            let word = self.request.copy();
            self.answer.fill(word + 1);
            let for_room = side.take();
            if side.answer() || for_room {
                self.client.signal();
            }
            answered += 1;
        }
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
        assert_eq!((wire.call(&mut side, 7), wire.call(&mut side, 8)), (8, 9));
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
        assert_eq!(wire.call(&mut side, 7), 8);
        server.join().unwrap();
    });
}
