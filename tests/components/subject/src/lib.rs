//! Goes through the kernel's interface, call by call, and says what is not as it should be.
//!
//! It prints one line for each part, `check NAME ok` or `check NAME failed: …`, and `examined` at the end. Its fault
//! handler tells it of each fault and has it go on, so that all misuses fit into one life.

#![no_std]
#![forbid(unsafe_code)]

mod causes;
mod interrupts;
mod lives;
mod misuse;
mod priorities;
mod rights;
mod shares;
mod timers;

use core::fmt::Write;

use abi::Call;
use interfaces::Probe;
use interfaces::console::Text;
use raw::Outcome;
use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// What was wrong: a number that says where, and what was found there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrong {
    /// Where.
    pub(crate) place: u32,
    /// What.
    pub(crate) found: u32,
}

/// Holds one thing to what it should be.
pub(crate) fn hold(place: u32, found: u32, expected: u32) -> Result<(), Wrong> {
    if found == expected { Ok(()) } else { Err(Wrong { place, found }) }
}

/// Holds anything else.
pub(crate) fn ensure(place: u32, holds: bool) -> Result<(), Wrong> {
    hold(place, u32::from(holds), 1)
}

/// Makes a call.
pub(crate) fn call(call: Call, slot: u32, words: &[u32]) -> Outcome {
    raw::system_call(call, slot, words)
}

/// Is examined.
pub struct Subject<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Subject<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Subject<P> {
    fn run(&mut self) -> Result<(), WireError> {
        // The ponger serves the probe as it serves everyone.
        let served = self.wires.probe.add(1, 2)? == 3;
        self.report("served", ensure(0, served))?;
        for (name, part) in [
            ("unknown-calls", misuse::unknown_calls as fn() -> Result<(), Wrong>),
            ("empty-slots", misuse::empty_slots),
            ("wrong-objects-and-missing-rights", misuse::wrong_objects_and_missing_rights),
            ("bad-arguments", misuse::bad_arguments),
            ("fault-causes", causes::all),
            ("one-shot-timer", timers::one_shot),
            ("past-timer", timers::past),
            ("periodic-timer", timers::periodic),
            ("cancelled-timer", timers::cancelled),
            ("statuses", lives::statuses),
            ("hardware", lives::hardware),
            ("unhandled", lives::unhandled),
            ("stop-and-peer-gone", lives::stop),
            ("restart-and-generation", lives::restart),
            ("observation", lives::observation),
            ("priorities", priorities::all),
        ] {
            let outcome = part();
            self.report(name, outcome)?;
        }
        let interrupts = interrupts::all(&mut self.wires.line);
        self.report("interrupts", interrupts)?;
        if self.config.shares {
            self.report("shares", shares::all())?;
        }
        self.say(format_args!("examined"))
    }
}

impl<P: Ports> Subject<P> {
    fn report(&mut self, name: &str, outcome: Result<(), Wrong>) -> Result<(), WireError> {
        match outcome {
            Ok(()) => self.say(format_args!("check {name} ok")),
            Err(Wrong { place, found }) => {
                self.say(format_args!("check {name} failed: at {place:x} there is {found:x}"))
            }
        }
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
