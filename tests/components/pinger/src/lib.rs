//! Calls a probe in every way, and measures calls and system calls.
//!
//! It prints one line for each trial, `check NAME ok` or `check NAME failed`, and one for each
//! measurement, `bench NAME ticks=T rounds=N`, where the ticks of an equal loop around an empty function
//! are taken off. The last line is `pinged`.

#![no_std]
#![forbid(unsafe_code)]

mod bench;
mod trials;

use core::fmt::Write;

use interfaces::console::Text;
use runtime::{Active, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Calls a probe.
pub struct Pinger<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Pinger<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
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
        if self.config.rounds > 0 {
            self.measure()?;
        }
        self.say(format_args!("pinged"))?;
        if all_well { Ok(()) } else { Err(WireError::Malformed) }
    }
}

impl<P: Ports> Pinger<P> {
    fn measure(&mut self) -> Result<(), WireError> {
        let (rounds, clock) = (self.config.rounds, &self.wires.clock);
        let now = || clock.now();
        let null = bench::net(rounds, now, bench::null);
        let probe = &mut self.wires.probe;
        let mut failed = Ok(());
        let empty = bench::net(rounds, now, || failed = failed.and(bench::nothing(probe)));
        let add = bench::net(rounds, now, || failed = failed.and(bench::add(probe)));
        failed?;
        for (name, ticks) in
            [("syscall.null", null), ("ipc.call_reply.0w", empty), ("ipc.call_reply.2w", add)]
        {
            self.say(format_args!("bench {name} ticks={ticks} rounds={rounds}"))?;
        }
        Ok(())
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
