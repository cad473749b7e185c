//! Waits for timers and events, and for the end of a peer.
//!
//! It prints one line for each trial, `check NAME ok` or `check NAME failed`, and `waited` at the end.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use interfaces::{Probe, probe};
use runtime::{Active, Events, Timer, Wire, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Waits.
pub struct Waiter<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Waiter<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Waiter<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let well = self.timer()?;
        self.report("timer", well)?;
        let well = self.two_timers()?;
        self.report("two-timers", well)?;
        let well = self.cancelled_timer()?;
        self.report("cancelled-timer", well)?;
        let well = self.event_and_timer()?;
        self.report("event-and-timer", well)?;
        if self.config.to_the_end {
            let end = self.wires.probe.wait(probe::CHIMED.into());
            self.report("end-of-a-peer", end == Err(WireError::PeerGone))?;
            let call = self.wires.probe.nothing();
            self.report("call-after-the-end", call == Err(WireError::PeerGone))?;
        }
        self.say(format_args!("waited"))
    }
}

impl<P: Ports> Waiter<P> {
    /// A timer fires at its deadline, not before.
    fn timer(&mut self) -> Result<bool, WireError> {
        let timer = &mut self.wires.first;
        let deadline = timer.now() + u64::from(self.config.ticks);
        timer.arm(deadline);
        timer.wait()?;
        let on_time = timer.now() >= deadline;
        // A deadline that has passed fires at once.
        timer.arm(deadline);
        timer.wait()?;
        Ok(on_time)
    }

    /// The one that fires while the other is waited for is not lost.
    fn two_timers(&mut self) -> Result<bool, WireError> {
        let Wires { first, second, .. } = &mut self.wires;
        let ticks = u64::from(self.config.ticks);
        let now = first.now();
        first.arm(now + 2 * ticks);
        second.arm(now + ticks);
        first.wait()?;
        second.wait()?;
        Ok(first.now() >= now + 2 * ticks)
    }

    /// A cancelled timer does not fire.
    fn cancelled_timer(&mut self) -> Result<bool, WireError> {
        let Wires { first, second, .. } = &mut self.wires;
        let ticks = u64::from(self.config.ticks);
        let now = first.now();
        first.arm(now + ticks);
        first.cancel();
        second.arm(now + 2 * ticks);
        second.wait()?;
        // Had the first fired, its wait would end before its new deadline.
        let later = first.now() + ticks;
        first.arm(later);
        first.wait()?;
        Ok(first.now() >= later)
    }

    /// An event that arrives while a timer is waited for is kept.
    fn event_and_timer(&mut self) -> Result<bool, WireError> {
        let Wires { probe, first, .. } = &mut self.wires;
        first.arm(first.now() + u64::from(self.config.ticks));
        probe.ring(true)?;
        first.wait()?;
        let kept = probe.pending(probe::CHIMED.into())?;
        Ok(kept == probe::CHIMED.into() && probe.pending(Events(u32::MAX))?.is_empty())
    }

    fn report(&mut self, name: &str, well: bool) -> Result<(), WireError> {
        let outcome = if well { "ok" } else { "failed" };
        self.say(format_args!("check {name} {outcome}"))
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
