//! Measures the kernel, and prints what it found.
//!
//! First it does one round of each benchmark, for `composer bench` to trace, and prints `traced NAME each=N
//! from=WHERE`: how often the measured thing happens in a round, and whether the round begins with a reading of
//! the clock (`clock`) or with the last entry into the kernel (`entry`). Then it measures each, and prints
//! `bench NAME ticks=T rounds=R`: the ticks of that many, with those of the loop around them taken off.
//!
//! Domains read the clock for nothing else, so that the readings of a trace are those of these rounds: twice
//! the measured one and twice the one around it, each begun by a reading and ended by one.

#![no_std]

mod benchmarks;
mod machine;
mod rounds;
mod store;

use core::fmt::Write;

use benchmarks::Benchmark;
use interfaces::console::Text;
use runtime::{Active, Halt, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Measures the kernel.
pub struct Driver<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Driver<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Driver<P> {
    fn run(&mut self) -> Result<(), WireError> {
        rounds::try_out(&mut self.wires.bench)?;
        for Benchmark { name, measured, around, each, from } in Self::benchmarks() {
            // Each twice: the first time brings its pages into the TLB.
            for _ in 0..2 {
                measured(self, 1)?;
            }
            for _ in 0..2 {
                around(self, 1)?;
            }
            self.say(format_args!("traced {name} each={each} from={from}"))?;
        }
        self.say(format_args!("all traced"))?;
        let rounds = self.config.rounds;
        for Benchmark { name, measured, around, each, .. } in Self::benchmarks() {
            measured(self, 1)?;
            let whole = measured(self, rounds)?;
            around(self, 1)?;
            let ticks = whole.saturating_sub(around(self, rounds)?);
            self.say(format_args!("bench {name} ticks={ticks} rounds={}", rounds * each))?;
        }
        self.wires.node.halt(0)
    }
}

impl<P: Ports> Driver<P> {
    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
