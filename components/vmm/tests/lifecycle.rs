//! Orders from other domains, and what becomes of the guest.

mod common;
mod watchers;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use abi::vcpu::{Exit, ExitReason};
use abi::{Badge, Words};
use common::{Clock, Screen, Shared, Still, text};
use interfaces::ethernet::EthernetClient;
use interfaces::machine::{Phase, Reason, Status};
use runtime::host::HostMachine;
use runtime::vm::Reaction;
use runtime::{Active, Bits, Off, Unwired, WireError};
use vmm::{Component, Config, Ports, Vmm, Wires};
use watchers::Watchers;

enum Mocked {}

impl Ports for Mocked {
    type Clock = Still;
    type Vm = HostMachine;
    type Console = Screen;
    type Debugger = Screen;
    type Flush = Clock;
    type Network = EthernetClient<Unwired>;
    type MachineClients = Watchers;
    type Costs = Off;
}

const CONFIG: Config = Config { stats: false };

/// The methods of the interface, by their numbers.
const STOP: u16 = 0;
const RESUME: u16 = 1;
const RESET: u16 = 2;
const STATUS: u16 = 3;

/// One thing that happens, by turns: what the guest does at a run, or an order, which only counts while it rests or
/// before a run.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// Somebody calls this method; the guest must not run before the next event.
    Call(u16),
    /// The guest runs, and its run ends so.
    Runs(Exit),
    /// Bits arrive while the guest stands still.
    Hears,
}

use Event::{Call, Hears, Runs};

fn exits(reason: ExitReason) -> Event {
    Runs(Exit { reason: reason as u32, ..Exit::default() })
}

/// What the orders were answered, and how often the guest's end was told.
fn live(given: &[Event], reactions: [Reaction; 2]) -> (Vec<Words>, Vec<u32>) {
    let (world, told) = (Shared::default(), Rc::new(RefCell::new(Vec::new())));
    let events = Rc::new(RefCell::new(VecDeque::from(given.to_vec())));
    let callers = Rc::default();
    let answers: Rc<RefCell<Vec<Result<Words, WireError>>>> = Rc::default();
    // Orders arrive as the guest would go on.
    let order = {
        let (events, callers) = (Rc::clone(&events), Rc::clone(&callers));
        move || {
            let (mut events, mut is_called) = (events.borrow_mut(), false);
            while let Some(Call(method)) = events.front().copied() {
                events.pop_front();
                let callers: &RefCell<VecDeque<_>> = &callers;
                is_called = true;
                callers.borrow_mut().push_back((Badge::of_client(0, 0), method, [0; 8]));
            }
            is_called
        }
    };
    let (ordered, run) = (order.clone(), Rc::clone(&events));
    let mut vm = HostMachine::new(32 << 20, move |state, _| {
        if ordered() {
            return HostMachine::CALLS;
        }
        match run.borrow_mut().pop_front() {
            Some(Runs(exit)) => {
                state.dbcr[0] = exit.detail << 28;
                state.exit = exit;
            }
            Some(other) => panic!("the guest runs, but {other:?} was to be"),
            // The end of every test: nobody wants it any more.
            None => std::panic::panic_any(Over),
        }
        Bits::NONE
    });
    let rest = Rc::clone(&events);
    vm.idle = Box::new(move || {
        if order() {
            return HostMachine::CALLS;
        }
        match rest.borrow_mut().pop_front() {
            Some(Hears) => Bits(2),
            Some(other) => panic!("the guest stands still, but {other:?} was to be"),
            None => std::panic::panic_any(Over),
        }
    });
    vm.callers = callers;
    vm.answers = Rc::clone(&answers);
    [vm.spec.on_reset, vm.spec.on_death] = reactions;
    let machine_clients = Watchers { count: 2, told: Rc::clone(&told) };
    let (console, flush) = (Screen(world.clone()), Clock(world.clone()));
    let wires = Wires { vm, console, flush, clock: Still, debugger: None, network: None, machine_clients };
    let mut vmm = Vmm::<Mocked>::new(wires, CONFIG);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| vmm.run()));
    let dead = text(&world).matches("the guest has died").count();
    let deaths = |event: &&Event| matches!(event, Runs(exit) if exit.reason == ExitReason::Fetch as u32);
    assert_eq!(dead, given.iter().filter(deaths).count(), "each death is reported");
    assert!(outcome.is_err_and(|why| why.is::<Over>()), "it ends with its events");
    let answers = answers.borrow().iter().map(|answer| answer.expect("no order is refused")).collect();
    let told = told.borrow().clone();
    (answers, told)
}

/// All events have happened.
struct Over;

fn status(message: &Words) -> Status {
    let mut bytes = [0; 12];
    for (place, word) in bytes.chunks_exact_mut(4).zip(message) {
        place.copy_from_slice(&word.to_be_bytes());
    }
    Status::from_bytes(bytes).expect("a status")
}

fn said(message: &Words) -> u32 {
    message[0]
}

const NOTHING: [Reaction; 2] = [Reaction::Stop; 2];

#[test]
fn a_stopped_guest_stands_still_until_it_is_resumed() {
    let step = exits(ExitReason::Signalled);
    let events = [step, Call(STOP), Call(STATUS), Hears, Call(STOP), Call(RESUME), step, Call(RESUME), step];
    let (answers, told) = live(&events, NOTHING);
    let [stopped, how, again, resumed, needless] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!([stopped, again, resumed, needless].map(said), [1, 0, 1, 1]);
    assert_eq!(status(how), Status { phase: Phase::Stopped, reason: Reason::None, starts: 1 });
    assert_eq!(told, []);
}

#[test]
fn a_reset_starts_afresh_whatever_the_guest_does() {
    let events = [
        Call(RESET),
        exits(ExitReason::Signalled),
        Call(STOP),
        Hears,
        Call(RESET),
        exits(ExitReason::Fetch),
        Hears,
        Call(STATUS),
        Call(RESET),
        exits(ExitReason::Signalled),
        Call(STATUS),
    ];
    let (answers, told) = live(&events, NOTHING);
    assert_eq!(status(&answers[3]), Status { phase: Phase::Dead, reason: Reason::Death, starts: 3 });
    assert_eq!(status(&answers[5]), Status { phase: Phase::Running, reason: Reason::Order, starts: 4 });
    assert_eq!(told, [0, 1]);
}

#[test]
fn a_guest_that_has_ended_cannot_be_resumed_or_stopped() {
    let reset = Runs(Exit { reason: ExitReason::Reset as u32, detail: 3, ..Exit::default() });
    let events = [reset, Call(RESUME), Call(STOP), Call(STATUS), Hears];
    let (answers, told) = live(&events, NOTHING);
    assert_eq!([said(&answers[0]), said(&answers[1])], [0, 0]);
    assert_eq!(status(&answers[2]), Status { phase: Phase::Off, reason: Reason::Reset, starts: 1 });
    assert_eq!(told, [0, 1]);
}

#[test]
fn who_is_wired_to_it_learns_of_a_restart() {
    let watchdog = exits(ExitReason::Reset);
    let events = [watchdog, Call(STATUS), exits(ExitReason::Fetch), Call(STATUS)];
    let (answers, told) = live(&events, [Reaction::ALWAYS; 2]);
    assert_eq!(status(&answers[0]), Status { phase: Phase::Running, reason: Reason::Watchdog, starts: 2 });
    assert_eq!(status(&answers[1]), Status { phase: Phase::Running, reason: Reason::Death, starts: 3 });
    assert_eq!(told, [0, 1, 0, 1]);
}

#[test]
fn an_order_waits_for_the_instruction_that_has_begun() {
    // stfd f9, 0(r3) into the UART: the registers are asked for first, and meanwhile somebody stops the guest.
    let store = Exit {
        reason: ExitReason::Access as u32,
        instruction: 54 << 26 | 9 << 21 | 3 << 16,
        physical: 0xEF60_0300,
        ..Exit::default()
    };
    let events = [Runs(store), Call(STOP), exits(ExitReason::Signalled), Hears, Call(STATUS)];
    let (answers, _) = live(&events, NOTHING);
    assert_eq!(status(&answers[1]).phase, Phase::Stopped);
}
