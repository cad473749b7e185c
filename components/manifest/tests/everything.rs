//! The types derived from a manifest that uses everything: compared whole, and compiled.

// The derived file names these crates by absolute paths; here this one stands for both.
extern crate self as interfaces;
extern crate self as runtime;

mod common;

// As a module, so that `cargo fmt --check` holds it to the format.
#[path = "expected/everything.rs"]
mod derived;

pub use derived::{Component, Config, Ports, Wires};

macro_rules! traits {
    ($($name:ident)*) => { $(#[doc = "A stand-in."] pub trait $name {})* };
}
traits! {
    Console Log Clients Device Memory DmaMemory Timer Halt Control Observe Registers Dcr Trace Choice Passive ServeConsole ServeClock
}

/// The component.
pub struct Everything<P: Ports> {
    _wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Everything<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { _wires: wires, config }
    }
}

impl<P: Ports> Passive for Everything<P> {}
impl<P: Ports> ServeConsole for Everything<P> {}
impl<P: Ports> ServeClock for Everything<P> {}

struct Mock;
impl Console for Mock {}
impl Log for Mock {}
impl Clients for Mock {}
impl Device for Mock {}
impl Memory for Mock {}
impl Timer for Mock {}
impl Halt for Mock {}
impl Control for Mock {}
impl DmaMemory for Mock {}
impl Observe for Mock {}
impl Registers for Mock {}
impl Dcr for Mock {}
impl Trace for Mock {}
impl Choice for Mock {}

enum Mocked {}
impl Ports for Mocked {
    type Console = Mock;
    type DataLog = Mock;
    type Spare = Mock;
    type ConsoleClients = Mock;
    type TicksClients = Mock;
    type Uart = Mock;
    type Scratch = Mock;
    type Ring = Mock;
    type Tick = Mock;
    type Node = Mock;
    type Victim = Mock;
    type Neighbour = Mock;
    type Patient = Mock;
    type Doorbell = Mock;
    type Trace = Mock;
    type Meter = Mock;
}

#[test]
fn derived_text_is_as_expected() {
    common::compare("everything");
}

#[test]
fn a_component_is_made_of_its_parts() {
    let wires = Wires::<Mocked> {
        console: Mock,
        data_log: Mock,
        spare: None,
        console_clients: Mock,
        ticks_clients: Mock,
        uart: Mock,
        scratch: Mock,
        ring: Mock,
        tick: Mock,
        node: Mock,
        victim: Mock,
        neighbour: Mock,
        patient: Mock,
        doorbell: Mock,
        trace: Mock,
    };
    let config = Config { rounds: 3, seed: 7, loud: true, quiet: false, greeting: "", quote: "", target: "" };
    assert_eq!(Everything::new(wires, config).config.rounds, 3);
}
