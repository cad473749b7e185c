//! Calls a probe in every way.
//!
//! It prints one line for each trial, `check NAME ok` or `check NAME failed`. The last line is `pinged`.

#![no_std]
#![forbid(unsafe_code)]

mod trials;

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Calls a probe.
pub struct Pinger<P: Ports> {
    wires: Wires<P>,
}

impl<P: Ports> Component<P> for Pinger<P> {
    fn new(wires: Wires<P>, _: Config) -> Self {
        Self { wires }
    }
}

impl<P: Ports> Active for Pinger<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let mut all_well = true;
        for (name, trial) in trials::all::<P::Probe>() {
            let well = trial(&mut self.wires.probe);
            all_well &= well;
            let outcome = if well { "ok" } else { "failed" };
            self.say(format_args!("check {name} {outcome}"))?;
        }
        self.say(format_args!("pinged"))?;
        if all_well { Ok(()) } else { Err(WireError::Malformed) }
    }
}

impl<P: Ports> Pinger<P> {
    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
