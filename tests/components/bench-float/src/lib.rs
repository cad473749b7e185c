//! Uses the floating-point unit as often as the benchmarks tell it to.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::ServeFloat;
use runtime::{Client, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Computes.
pub struct Computer<P: Ports> {
    _wires: Wires<P>,
    value: f64,
}

impl<P: Ports> Component<P> for Computer<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { _wires: wires, value: 0.0 }
    }
}

impl<P: Ports> Passive for Computer<P> {}

impl<P: Ports> ServeFloat for Computer<P> {
    fn compute(&mut self, _: Client, times: u32) -> Result<(), WireError> {
        for _ in 0..times {
            compute(&mut self.value);
        }
        Ok(())
    }
}

/// One addition. Its first instruction finds the unit's registers, or finds them to be another's.
#[inline(never)]
pub fn compute(value: &mut f64) {
    *value += 1.0;
}
