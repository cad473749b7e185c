//! The component as a spec sets it.

mod common;
mod watchers;

use std::cell::Cell;
use std::rc::Rc;

use abi::vcpu::{Exit, ExitReason};
use common::{Clock, Screen, Shared, Still, text};
use interfaces::ethernet::EthernetClient;
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
    type MachineClients = Watchers;
    type Network = EthernetClient<Unwired>;
    type Costs = Off;
}

const CONFIG: Config = Config { stats: false };

/// Runs a guest that ends each life in the same way; how many it has, and what it leaves on the console.
fn lives(
    config: Config,
    bytes: u32,
    reactions: [Reaction; 2],
    reason: ExitReason,
) -> (u32, Result<(), WireError>, String) {
    let (count, world) = (Rc::new(Cell::new(0)), Shared::default());
    let counted = Rc::clone(&count);
    let mut vm = HostMachine::new(bytes, move |state, _| {
        counted.set(counted.get() + 1);
        state.exit = Exit { reason: reason as u32, ..Exit::default() };
        Bits::NONE
    });
    [vm.spec.on_reset, vm.spec.on_death] = reactions;
    let machine_clients = Watchers { count: 0, told: Rc::default() };
    let (console, flush) = (Screen(world.clone()), Clock(world.clone()));
    let wires = Wires { vm, console, flush, clock: Still, debugger: None, network: None, machine_clients };
    let outcome = Vmm::<Mocked>::new(wires, config).run();
    (count.get(), outcome, text(&world))
}

const RAM: u32 = 32 << 20;
const TWICE: Reaction = Reaction::Restart { max: 2 };

#[test]
fn a_guest_that_resets_is_stopped_or_started_afresh() {
    let lives = |on_reset| lives(CONFIG, RAM, [on_reset, Reaction::Stop], ExitReason::Reset);
    let what = "[vm0] the guest's watchdog has reset its machine: ";
    assert_eq!(lives(Reaction::Stop), (1, Ok(()), format!("{what}the machine stops\n")));
    let said = ["restart 1", "restart 2", "the machine stops, restarts: 2"].map(|it| format!("{what}{it}\n"));
    assert_eq!(lives(TWICE), (3, Ok(()), said.concat()));
}

#[test]
fn a_guest_that_dies_is_reported_each_time() {
    let lives = |reactions| lives(CONFIG, RAM, reactions, ExitReason::Fetch);
    let (count, outcome, text) = lives([Reaction::Stop, TWICE]);
    assert_eq!((count, outcome, text.matches("the guest has died").count()), (3, Ok(()), 3));
    assert_eq!(lives([TWICE, Reaction::Stop]).0, 1);
}

#[test]
fn counters_are_written_when_the_guest_stops() {
    let stats = Config { stats: true };
    let (_, _, text) = lives(stats, RAM, [Reaction::Stop; 2], ExitReason::Reset);
    assert!(text.starts_with("[vm0] stats msr=0 ") && text.ends_with('\n'), "{text}");
}

#[test]
fn a_guest_that_does_not_fit_is_told() {
    let (count, outcome, text) = lives(CONFIG, 1 << 20, [Reaction::Stop; 2], ExitReason::Reset);
    assert_eq!((count, outcome), (0, Err(WireError::Malformed)));
    assert!(text.contains("give it 32 MiB or more"), "{text}");
}
