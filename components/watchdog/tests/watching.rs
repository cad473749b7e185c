//! The watchdog over a victim and a clock that stand in memory.

use std::cell::RefCell;
use std::rc::Rc;

use interfaces::ServeWatch;
use runtime::{Bits, Client, Clients, Control, Event, Inspection, Observe, Passive, Timer, WireError};
use watchdog::{Component, Config, Ports, Watchdog, Wires};

/// Ticks of the clock in a second.
const FREQUENCY: u64 = 400_000_000;
/// The timer's bit.
const TICK: Bits = Bits(0b01);
/// The bit of the victim's end.
const END: Bits = Bits(0b10);

type Shared = Rc<RefCell<Vec<String>>>;

struct Tick(Shared);

impl Timer for Tick {
    fn now(&self) -> u64 {
        1000
    }

    fn arm(&mut self, _: u64) {
        panic!("one deadline is not enough")
    }

    fn arm_every(&mut self, first: u64, period: u64) {
        self.0.borrow_mut().push(format!("armed for {first}, every {period}"));
    }

    fn frequency(&self) -> u64 {
        FREQUENCY
    }

    fn cancel(&mut self) {}

    fn bits(&self) -> Bits {
        TICK
    }

    fn wait(&mut self) -> Result<(), WireError> {
        Err(WireError::Busy)
    }
}

struct Victim(Shared);

impl Observe for Victim {
    fn inspect(&self) -> Inspection {
        Inspection::default()
    }

    fn counters(&self) -> [u32; 8] {
        [0; 8]
    }
}

impl Control for Victim {
    fn stop(&mut self) -> Result<(), WireError> {
        panic!("a victim is restarted, not stopped")
    }

    fn restart(&mut self) -> Result<(), WireError> {
        self.0.borrow_mut().push("restarted".to_owned());
        Ok(())
    }

    fn bits(&self) -> Bits {
        END
    }

    fn wait(&mut self) -> Result<(), WireError> {
        Err(WireError::Busy)
    }
}

struct NoClients;

impl Clients for NoClients {
    fn count(&self) -> u32 {
        1
    }

    fn name(&self, _: Client) -> &'static str {
        "victim"
    }

    fn signal(&mut self, _: Client, _: Event) {}
}

enum Mocked {}

impl Ports for Mocked {
    type WatchClients = NoClients;
    type Tick = Tick;
    type Victim = Victim;
}

/// A watchdog, and what it has done; what it did at first is checked and forgotten.
fn watchdog() -> (Watchdog<Mocked>, Shared) {
    let done = Shared::default();
    let wires =
        Wires { watch_clients: NoClients, tick: Tick(Rc::clone(&done)), victim: Victim(Rc::clone(&done)) };
    let watchdog = Watchdog::new(wires, Config { period_ms: 20 });
    assert_eq!(done.take(), ["armed for 8001000, every 8000000"]);
    (watchdog, done)
}

#[test]
fn a_victim_that_is_heard_of_lives() {
    let (mut watchdog, done) = watchdog();
    for _ in 0..10 {
        assert_eq!(watchdog.kick(Client(0)), Ok(()));
        watchdog.notified(TICK);
    }
    assert!(done.take().is_empty());
}

#[test]
fn a_silent_one_is_restarted_after_a_whole_period() {
    let (mut watchdog, done) = watchdog();
    watchdog.notified(TICK);
    assert!(done.take().is_empty(), "the first period is free");
    watchdog.notified(TICK);
    assert_eq!(done.take(), ["restarted"]);
    watchdog.notified(TICK);
    assert!(done.take().is_empty(), "so is that of the next life");
    watchdog.notified(TICK);
    assert_eq!(done.take(), ["restarted"]);
}

#[test]
fn a_life_that_others_began_has_its_period_too() {
    let (mut watchdog, done) = watchdog();
    watchdog.notified(TICK);
    watchdog.notified(TICK | END);
    assert!(done.take().is_empty());
    watchdog.notified(TICK);
    assert_eq!(done.take(), ["restarted"], "and no more");
}

#[test]
fn other_bits_mean_nothing() {
    let (mut watchdog, done) = watchdog();
    for _ in 0..10 {
        watchdog.notified(Bits(0b100));
    }
    assert!(done.take().is_empty());
}
