//! Writes the kernel's trace as text, one record a line.

#![no_std]
#![forbid(unsafe_code)]

mod reader;

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Timer, WireError};

use reader::{Found, Reader};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Milliseconds in a second.
const MILLISECONDS: u64 = 1000;

/// The tracer.
pub struct Tracer<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Tracer<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Tracer<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let Wires { pacer, trace, console } = &mut self.wires;
        let pause = pacer.frequency() * u64::from(self.config.pause_ms) / MILLISECONDS;
        let mut reader = Reader::new();
        let mut left = self.config.records;
        loop {
            let mut text = Text::new(console);
            while let Some(found) = reader.next(trace)? {
                // `flush` says what went wrong.
                let _ = match found {
                    Found::Missed(count) => writeln!(text, "missed {count}"),
                    Found::Unknown => writeln!(text, "a record of no known event"),
                    Found::Record(record) => {
                        let (time, event) = (record.time, record.event.name());
                        let argument = record.argument;
                        match record.thread {
                            abi::trace::NO_THREAD => writeln!(text, "{time:08x} idle {event} {argument:x}"),
                            thread => writeln!(text, "{time:08x} {thread} {event} {argument:x}"),
                        }
                    }
                };
                if self.config.records != 0 {
                    left -= 1;
                    if left == 0 {
                        return text.flush();
                    }
                }
            }
            text.flush()?;
            let deadline = pacer.now() + pause;
            pacer.arm(deadline);
            pacer.wait()?;
        }
    }
}
