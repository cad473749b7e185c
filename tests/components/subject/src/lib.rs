//! Goes through the kernel's interface, call by call, and says what is not as it should be.
//!
//! It prints one line for each part, `check NAME ok` or `check NAME failed: …`, and `examined` at the end. Its fault
//! handler tells it of each fault and has it go on, so that all misuses fit into one life.

#![no_std]
#![forbid(unsafe_code)]

mod causes;
mod examiner;
mod interrupts;
mod lives;
mod misuse;
mod priorities;
mod rights;
mod shares;
mod timers;

use abi::Call;
use raw::Outcome;
use runtime::{Active, WireError};

pub use examiner::Examiner;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// What was wrong: a number that says where, and what was found there.
#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    /// Where.
    pub place: u32,
    /// What.
    pub found: u32,
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
        let mut examiner =
            Examiner { probe: &mut self.wires.probe, console: &mut self.wires.console, dcrs: 2 };
        examiner.interface()?;
        examiner.report("hardware", lives::hardware())?;
        examiner.report("interrupts", interrupts::all(&mut self.wires.line))?;
        if self.config.shares {
            examiner.report("shares", shares::all())?;
        }
        examiner.end()
    }
}
