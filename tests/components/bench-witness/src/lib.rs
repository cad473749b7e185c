//! Has the grant that makes the kernel record, and does nothing with it.

#![no_std]
#![forbid(unsafe_code)]

use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Has the grant that makes the kernel record.
pub struct Witness<P: Ports> {
    _wires: Wires<P>,
}

impl<P: Ports> Component<P> for Witness<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { _wires: wires }
    }
}

impl<P: Ports> Active for Witness<P> {
    fn run(&mut self) -> Result<(), WireError> {
        Ok(())
    }
}
