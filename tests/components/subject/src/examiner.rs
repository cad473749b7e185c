//! The examination, part by part.

use core::fmt::{Arguments, Write};

use interfaces::console::Text;
use interfaces::{Console, Probe};
use runtime::WireError;

use crate::{Wrong, causes, ensure, lives, misuse, priorities, timers};

/// Examines the domain that it runs in, whose rights are those of `subject`'s manifest in their order.
#[derive(Debug)]
pub struct Examiner<'a, B, C> {
    /// Somebody who serves.
    pub probe: &'a mut B,
    /// Where to say what is found.
    pub console: &'a mut C,
    /// How many device control registers each of the two grants holds.
    pub dcrs: u32,
}

impl<B: Probe, C: Console> Examiner<'_, B, C> {
    /// Everything that needs nothing of the board but a clock.
    pub fn interface(&mut self) -> Result<(), WireError> {
        // The ponger serves the probe as it serves everyone.
        let served = self.probe.add(1, 2)? == 3;
        self.report("served", ensure(0, served))?;
        for (name, part) in [
            ("unknown-calls", misuse::unknown_calls as fn() -> Result<(), Wrong>),
            ("empty-slots", misuse::empty_slots),
            ("wrong-objects-and-missing-rights", misuse::wrong_objects_and_missing_rights),
            ("fault-causes", causes::all),
            ("one-shot-timer", timers::one_shot),
            ("past-timer", timers::past),
            ("periodic-timer", timers::periodic),
            ("cancelled-timer", timers::cancelled),
            ("statuses", lives::statuses),
            ("unhandled", lives::unhandled),
            ("stop-and-peer-gone", lives::stop),
            ("restart-and-generation", lives::restart),
            ("observation", lives::observation),
            ("priorities", priorities::all),
        ] {
            self.report(name, part())?;
        }
        self.report("bad-arguments", misuse::bad_arguments(self.dcrs))
    }

    /// Says how a part went.
    pub fn report(&mut self, name: &str, outcome: Result<(), Wrong>) -> Result<(), WireError> {
        match outcome {
            Ok(()) => self.say(format_args!("check {name} ok")),
            Err(Wrong { place, found }) => {
                self.say(format_args!("check {name} failed: at {place:x} there is {found:x}"))
            }
        }
    }

    /// Says that this was all.
    pub fn end(&mut self) -> Result<(), WireError> {
        self.say(format_args!("examined"))
    }

    fn say(&mut self, what: Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(self.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
