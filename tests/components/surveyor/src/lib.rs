//! Looks where the kernel lets it: at device control registers, and at where its own memory lies.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Dcr, DmaMemory, Memory, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The surveyor.
pub struct Surveyor<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for Surveyor<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Active for Surveyor<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let Wires { ring, registers, .. } = &mut self.wires;
        let (place, bytes) = (ring.physical(), ring.bytes());
        // The first register of the range selects what the second one shows.
        registers.write(0, 0x40)?;
        let selected = registers.read(0)?;
        let bank = registers.read(1)?;
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = writeln!(text, "{bytes} bytes at {place:#x}");
        let _ = writeln!(text, "selected {selected:#x}, found {bank:#x}");
        text.flush()
    }
}
