//! Does whatever a seed says, as `hostile` does, in a domain with the floating-point unit: loads, stores and arithmetic of
//! any kind, on whatever its registers hold.

#![no_std]
#![forbid(unsafe_code)]

use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// A hostile domain.
pub struct HostileFloat<P: Ports> {
    _wires: Wires<P>,
}

impl<P: Ports> Component<P> for HostileFloat<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { _wires: wires }
    }
}

impl<P: Ports> Active for HostileFloat<P> {
    fn run(&mut self) -> Result<(), WireError> {
        hostile::begin()
    }
}
