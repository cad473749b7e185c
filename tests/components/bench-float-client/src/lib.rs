//! Measures calls between two users of the floating-point unit.

#![no_std]
#![forbid(unsafe_code)]

use core::sync::atomic::{Ordering, compiler_fence};

use bench_float::compute;
use interfaces::{Float, ServeFloatRounds};
use runtime::{Client, Passive, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Measures.
pub struct Rounds<P: Ports> {
    wires: Wires<P>,
    value: f64,
}

impl<P: Ports> Component<P> for Rounds<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires, value: 0.0 }
    }
}

impl<P: Ports> Passive for Rounds<P> {}

impl<P: Ports> ServeFloatRounds for Rounds<P> {
    fn rounds(&mut self, _: Client, rounds: u32, here: u32, there: u32) -> Result<u64, WireError> {
        let start = self.wires.clock.now();
        for _ in 0..rounds {
            round(&mut self.wires.next, &mut self.value, here, there)?;
        }
        Ok(self.wires.clock.now() - start)
    }

    fn empty(&mut self, _: Client, rounds: u32) -> Result<u64, WireError> {
        let start = self.wires.clock.now();
        for _ in 0..rounds {
            empty();
        }
        Ok(self.wires.clock.now() - start)
    }
}

/// Computes here, then there. A function of its own, as in every other benchmark.
#[inline(never)]
fn round(next: &mut impl Float, value: &mut f64, here: u32, there: u32) -> Result<(), WireError> {
    for _ in 0..here {
        compute(value);
    }
    next.compute(there)
}

#[inline(never)]
fn empty() {
    // No instruction, but something that the compiler keeps: so the call stays.
    compiler_fence(Ordering::SeqCst);
}
