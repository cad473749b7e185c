//! Handles the benchmarks' faults: behind an illegal instruction it goes on.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::ServeFaultHandler;
use interfaces::fault_handler::Verdict;
use runtime::{Client, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The cause's number in the kernel's interface.
const ILLEGAL_INSTRUCTION: u32 = 10;

/// Lets the benchmarks' faults go on.
pub struct Fixer<P: Ports> {
    _wires: Wires<P>,
}

impl<P: Ports> Component<P> for Fixer<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { _wires: wires }
    }
}

impl<P: Ports> Passive for Fixer<P> {}

impl<P: Ports> ServeFaultHandler for Fixer<P> {
    fn fault(&mut self, _: Client, cause: u32, _: u32, instruction: u32, _: u32) -> Result<u64, WireError> {
        let verdict = match cause {
            ILLEGAL_INSTRUCTION => Verdict::Resume(instruction + 4),
            _ => Verdict::Unhandled,
        };
        Ok(verdict.into())
    }
}
