//! Takes what the benchmarks queue, and does nothing with it.

#![no_std]
#![forbid(unsafe_code)]

use interfaces::ServeQueue;
use runtime::{Client, Passive, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Takes words.
pub struct Taker<P: Ports> {
    _wires: Wires<P>,
    last: u32,
}

impl<P: Ports> Component<P> for Taker<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { _wires: wires, last: 0 }
    }
}

impl<P: Ports> Passive for Taker<P> {}

impl<P: Ports> ServeQueue for Taker<P> {
    fn put(&mut self, _: Client, word: u32) -> Result<(), WireError> {
        self.last = word;
        Ok(())
    }

    fn drain(&mut self, _: Client) -> Result<(), WireError> {
        Ok(())
    }
}
