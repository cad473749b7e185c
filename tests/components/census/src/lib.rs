//! Prints what the kernel has counted of four domains, and ends the node's run.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Counter, Halt, Observe, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Counts domains' entries.
pub struct Census<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Census<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Census<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let Wires { console, delay, first, second, third, fourth, node, .. } = &mut self.wires;
        delay.arm(delay.now() + u64::from(self.config.after));
        delay.wait()?;
        let all = [first.counters(), second.counters(), third.counters(), fourth.counters()];
        for (name, counters) in ["first", "second", "third", "fourth"].into_iter().zip(all) {
            let mut text = Text::new(console);
            let _ = write!(text, "{name}:");
            for (counter, count) in Counter::ALL.into_iter().zip(counters) {
                let _ = write!(text, " {} {count}", counter.name());
            }
            let _ = writeln!(text);
            // It says what went wrong.
            text.flush()?;
        }
        if self.config.ends { node.halt(0) } else { Ok(()) }
    }
}
