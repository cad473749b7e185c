//! Restarts a domain that gives no sign of life.
//!
//! Time goes in periods. A victim that has not said in a whole period that it lives is restarted, whether it
//! hangs or has stopped. A life that has just begun has the rest of its first period for free, so no silence
//! is longer than two periods.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::ServeWatch;
use runtime::{Bits, Client, Control, Passive, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Milliseconds in a second.
const MILLISECONDS: u64 = 1000;

/// The watchdog.
pub struct Watchdog<P: Ports> {
    wires: Wires<P>,
    /// Whether the victim has been heard of in this period, or need not be.
    heard: bool,
}

impl<P: Ports> Component<P> for Watchdog<P> {
    fn new(mut wires: Wires<P>, config: Config) -> Self {
        let period = wires.tick.frequency() * u64::from(config.period_ms) / MILLISECONDS;
        let first = wires.tick.now() + period;
        wires.tick.arm_every(first, period);
        Self { wires, heard: true }
    }
}

impl<P: Ports> ServeWatch for Watchdog<P> {
    fn kick(&mut self, _: Client) -> Result<(), WireError> {
        self.heard = true;
        Ok(())
    }
}

impl<P: Ports> Passive for Watchdog<P> {
    fn notified(&mut self, bits: Bits) {
        if bits.intersects(self.wires.victim.bits()) {
            // Another life, or none: either way a period shall pass.
            self.heard = true;
        }
        if bits.intersects(self.wires.tick.bits()) && !core::mem::take(&mut self.heard) {
            // The kernel refuses nothing to who has the grant.
            let _ = self.wires.victim.restart();
            self.heard = true;
        }
    }
}
