//! What `subject` examines, where there is no UART whose line it could ring, and where every device control register
//! of the board's description exists.

#![no_std]
#![forbid(unsafe_code)]

use runtime::{Active, WireError};
use subject::Examiner;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Is examined.
pub struct SubjectBgp<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for SubjectBgp<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Active for SubjectBgp<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let mut examiner =
            Examiner { probe: &mut self.wires.probe, console: &mut self.wires.console, dcrs: 16 };
        examiner.interface()?;
        examiner.end()
    }
}
