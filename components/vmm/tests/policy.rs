//! The component as a spec sets it.

mod common;

use std::cell::Cell;
use std::rc::Rc;

use abi::vcpu::{Exit, ExitReason};
use common::{Clock, Screen, Shared, text};
use runtime::host::HostMachine;
use runtime::{Active, Bits, WireError};
use vmm::{Component, Config, Ports, Vmm, Wires};

enum Mocked {}

impl Ports for Mocked {
    type Vm = HostMachine;
    type Console = Screen;
    type Flush = Clock;
}

const CONFIG: Config = Config {
    on_reset: "stop",
    on_death: "stop",
    restarts: 2,
    stats: false,
    virtio_modern: true,
    virtio_console: false,
    virtio_entropy: false,
};

/// Runs a guest that ends each life in the same way; how many it has, and what it leaves on the console.
fn lives(config: Config, bytes: u32, reason: ExitReason) -> (u32, Result<(), WireError>, String) {
    let (count, world) = (Rc::new(Cell::new(0)), Shared::default());
    let counted = Rc::clone(&count);
    let vm = HostMachine::new(bytes, move |state, _| {
        counted.set(counted.get() + 1);
        state.exit = Exit { reason: reason as u32, ..Exit::default() };
        Bits::NONE
    });
    let wires = Wires { vm, console: Screen(world.clone()), flush: Clock(world.clone()) };
    let outcome = Vmm::<Mocked>::new(wires, config).run();
    (count.get(), outcome, text(&world))
}

const RAM: u32 = 32 << 20;

#[test]
fn a_guest_that_resets_is_stopped_or_started_afresh() {
    assert_eq!(lives(CONFIG, RAM, ExitReason::Reset), (1, Ok(()), String::new()));
    let again = Config { on_reset: "restart", ..CONFIG };
    assert_eq!(lives(again, RAM, ExitReason::Reset), (3, Ok(()), String::new()));
}

#[test]
fn a_guest_that_dies_is_reported_each_time() {
    let (count, outcome, text) = lives(Config { on_death: "restart", ..CONFIG }, RAM, ExitReason::Fetch);
    assert_eq!((count, outcome, text.matches("the guest has died").count()), (3, Ok(()), 3));
    let (count, _, _) = lives(Config { on_reset: "restart", ..CONFIG }, RAM, ExitReason::Fetch);
    assert_eq!(count, 1);
}

#[test]
fn counters_are_written_when_the_guest_stops() {
    let (_, _, text) = lives(Config { stats: true, ..CONFIG }, RAM, ExitReason::Reset);
    assert!(text.starts_with("[vm0] stats msr=0 ") && text.ends_with('\n'), "{text}");
}

#[test]
fn a_setting_that_means_nothing_and_a_guest_that_does_not_fit_are_told() {
    let wrong = lives(Config { on_reset: "explode", ..CONFIG }, RAM, ExitReason::Reset);
    let told = "[vm0] `on_reset` and `on_death` are one of restart, stop and fail\n";
    assert_eq!(wrong, (0, Err(WireError::Malformed), told.to_owned()));
    let (count, outcome, text) = lives(CONFIG, 1 << 20, ExitReason::Reset);
    assert_eq!((count, outcome), (0, Err(WireError::Malformed)));
    assert!(text.contains("give it 32 MiB or more"), "{text}");
}
