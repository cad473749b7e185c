//! Calls through every kind of pointer.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;
use core::hint::black_box;

use interfaces::console::Text;
use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Something to be thrown.
trait Ball {
    /// How heavy it is.
    fn weight(&self) -> u32;
}

/// A ball of a weight.
struct Solid(u32);

/// A ball that is lighter than it looks.
struct Hollow(u32);

impl Ball for Solid {
    fn weight(&self) -> u32 {
        self.0
    }
}

impl Ball for Hollow {
    fn weight(&self) -> u32 {
        self.0 / 2
    }
}

/// Higher by one.
fn up(height: u32) -> u32 {
    height + 1
}

/// Twice as high.
fn far_up(height: u32) -> u32 {
    height * 2
}

/// Juggles.
pub struct Juggler<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Juggler<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Juggler<P> {
    fn run(&mut self) -> Result<(), WireError> {
        for round in 0..self.config.rounds {
            let (height, weight) = (Self::toss(round), Self::weigh(round));
            let mut text = Text::new(&mut self.wires.console);
            // `flush` says what went wrong.
            let _ = writeln!(text, "round {round}: {height} high, {weight} heavy");
            text.flush()?;
        }
        Ok(())
    }
}

impl<P: Ports> Juggler<P> {
    /// A function that only the round decides.
    fn toss(round: u32) -> u32 {
        let tosses: [fn(u32) -> u32; 2] = black_box([up, far_up]);
        tosses[round as usize % 2](round)
    }

    /// A method that only the round decides.
    fn weigh(round: u32) -> u32 {
        let balls: [&dyn Ball; 2] = black_box([&Solid(7), &Hollow(8)]);
        balls[round as usize % 2].weight()
    }
}
