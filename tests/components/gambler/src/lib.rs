//! Calls through a pointer, and does not say what kind it is.

#![no_std]
#![forbid(unsafe_code)]

use core::hint::black_box;

use interfaces::Console;
use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Gambles.
pub struct Gambler<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Gambler<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Gambler<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let outcomes: [fn(u32) -> u32; 2] = black_box([lost, doubled]);
        let left = outcomes[self.config.stake as usize % 2](self.config.stake);
        self.wires.console.write(if left == 0 { b"lost\n" } else { b"won\n" }).map(drop)
    }
}

fn lost(_: u32) -> u32 {
    0
}

fn doubled(stake: u32) -> u32 {
    2 * stake
}
