//! Does whatever a seed says, allowed or not: system calls with any number and slot, instructions that are none,
//! privileged ones, loads and stores anywhere, jumps anywhere.
//!
//! # How it goes on
//!
//! Most of it ends in a fault, whose handler puts the thread back at a place that it knows, with a stack that it
//! knows and a new seed. [`sign`] has what the two tell each other: nothing that a step does can spoil it, because
//! the handler keeps it.

#![no_std]

mod machine;
pub mod sign;
mod step;

use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// A hostile domain.
pub struct Hostile<P: Ports> {
    _wires: Wires<P>,
}

impl<P: Ports> Component<P> for Hostile<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { _wires: wires }
    }
}

impl<P: Ports> Active for Hostile<P> {
    fn run(&mut self) -> Result<(), WireError> {
        begin()
    }
}

/// Does the steps of one seed after the other, as the fault handler gives them.
pub fn begin() -> ! {
    machine::begin()
}
