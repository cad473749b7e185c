//! Outlives a server that hangs: its call ends, the server is restarted, and the next call is answered.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::Probe;
use interfaces::console::Text;
use runtime::{Active, Halt, Observe, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The survivor.
pub struct Survivor<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Survivor<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Survivor<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let deadline = self.wires.pacer.now() + u64::from(self.config.pause);
        self.wires.pacer.arm(deadline);
        self.wires.pacer.wait()?;
        self.tell("at first")?;
        let sum = self.wires.probe.add(2, 3);
        self.heard("before", sum)?;
        let hung = self.wires.probe.refuse(0);
        self.heard("the call that hung", hung.map(|()| 0))?;
        self.tell("then")?;
        let sum = self.wires.probe.add(3, 4);
        self.heard("after", sum)?;
        self.wires.node.halt(0)
    }
}

impl<P: Ports> Survivor<P> {
    fn tell(&mut self, when: &str) -> Result<(), WireError> {
        let server = self.wires.server.inspect();
        let calls = self.wires.server.counters()[0] > 0;
        self.say(format_args!(
            "{when} the server runs: {}, life {}, faults {}, has called: {calls}",
            server.running, server.generation, server.faults
        ))
    }

    fn heard(&mut self, what: &str, answer: Result<u64, WireError>) -> Result<(), WireError> {
        match answer {
            Ok(answer) => self.say(format_args!("{what}: {answer}")),
            Err(error) => self.say(format_args!("{what}: {error}")),
        }
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
