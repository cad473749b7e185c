//! A server that can be made to hang: then it serves nobody, and says to nobody that it lives.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::{ServeProbe, Watch};
use runtime::{Bits, Client, Passive, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Milliseconds in a second.
const MILLISECONDS: u64 = 1000;

/// The server.
pub struct Hanger<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for Hanger<P> {
    fn new(mut wires: Wires<P>, config: Config) -> Self {
        let period = wires.beat.frequency() * u64::from(config.beat_ms) / MILLISECONDS;
        let first = wires.beat.now() + period;
        wires.beat.arm_every(first, period);
        Self { wires }
    }
}

impl<P: Ports> ServeProbe for Hanger<P> {
    fn nothing(&mut self, _: Client) -> Result<(), WireError> {
        Ok(())
    }

    fn add(&mut self, _: Client, left: u32, right: u32) -> Result<u64, WireError> {
        Ok(u64::from(left) + u64::from(right))
    }

    fn values(
        &mut self,
        _: Client,
        _: u8,
        _: u16,
        _: i32,
        _: bool,
        _: u64,
        _: [u8; 6],
    ) -> Result<[u8; 22], WireError> {
        Err(WireError::Malformed)
    }

    fn reverse(&mut self, _: Client, _: &[u8], _: &mut [u8]) -> Result<u32, WireError> {
        Err(WireError::Malformed)
    }

    /// Never answers, whatever is asked for.
    fn refuse(&mut self, _: Client, _: u16) -> Result<(), WireError> {
        loop {
            core::hint::spin_loop();
        }
    }

    fn ring(&mut self, _: Client, _: bool) -> Result<(), WireError> {
        Err(WireError::Malformed)
    }
}

impl<P: Ports> Passive for Hanger<P> {
    fn notified(&mut self, bits: Bits) {
        if bits.intersects(self.wires.beat.bits()) {
            // Without a watchdog there is nobody to tell.
            let _ = self.wires.watch.kick();
        }
    }
}
