//! Reckons with floating-point numbers between calls, so that several of it show whether one finds another's
//! registers.
//!
//! It follows two sequences that amplify the smallest difference, and prints the bits of both each round: the
//! same on every machine that keeps to IEEE 754, whoever runs in between.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Steps of the sequences between two prints.
const STEPS: u32 = 1000;

/// Reckons.
pub struct Reckoner<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Reckoner<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Reckoner<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let (mut double, mut single) = start(self.config.start);
        for round in 1..=self.config.rounds {
            for _ in 0..STEPS {
                // Both stay between 0 and 1, and neither settles.
                double = 3.9 * double * (1.0 - double);
                single = 3.8 * single * (1.0 - single);
            }
            let (double, single) = (double.to_bits(), single.to_bits());
            let mut text = Text::new(&mut self.wires.console);
            // `flush` says what went wrong.
            let _ = writeln!(text, "round {round}: {double:016x} {single:08x}");
            text.flush()?;
            // Whoever goes on below this one is interrupted while it reckons.
            let pause = &mut self.wires.pause;
            pause.arm(pause.now() + u64::from(self.config.pause));
            pause.wait()?;
        }
        Ok(())
    }
}

/// The first of both sequences.
fn start(thousandths: u32) -> (f64, f32) {
    (f64::from(thousandths) / 1000.0, thousandths as f32 / 1000.0)
}
