//! Uses all the time that it gets.

#![no_std]
#![forbid(unsafe_code)]

use core::marker::PhantomData;

use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The spinner.
pub struct Spinner<P: Ports> {
    ports: PhantomData<P>,
}

impl<P: Ports> Component<P> for Spinner<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { ports: wires.ports }
    }
}

impl<P: Ports> Active for Spinner<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let _ = self.ports;
        loop {
            core::hint::spin_loop();
        }
    }
}
