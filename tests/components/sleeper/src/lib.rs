//! Waits for its timer many times, for times of all lengths up to the longest.
//!
//! One deadline that is lost leaves it asleep for ever.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Sleeps.
pub struct Sleeper<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Sleeper<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Sleeper<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let ticks = self.wires.nap.frequency() as u32 / 1_000_000;
        let longest = self.config.longest.saturating_mul(ticks).max(1);
        for nap in 0..self.config.naps {
            // Lengths in no order, each of them as likely as any other: the multiplier is odd.
            let length = nap.wrapping_mul(2_654_435_761) % longest;
            self.wires.nap.arm(self.wires.nap.now() + u64::from(length));
            self.wires.nap.wait()?;
        }
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = writeln!(text, "woke {} times", self.config.naps);
        text.flush()
    }
}
