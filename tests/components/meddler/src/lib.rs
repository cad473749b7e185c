//! Leaves its UART as nobody would wish, for a test that the kernel is heard all the same.

#![no_std]
#![forbid(unsafe_code)]

use runtime::{Active, Device, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Writes one register, and ends.
pub struct Meddler<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Meddler<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Meddler<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let value = u8::try_from(self.config.value).map_err(|_| WireError::Malformed)?;
        self.wires.uart.write8(self.config.register, value);
        Ok(())
    }
}
