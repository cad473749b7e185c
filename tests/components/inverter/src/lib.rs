//! Calls or reckons at a given time, so that priorities meet.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use abi::{Call, Status, Tag};
use interfaces::Probe;
use interfaces::console::Text;
use mirror::request::{Action, Request};
use raw::{Entry, Registers};
use runtime::{Active, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The slot of the first wire.
const PROBE: u32 = 2;

/// Waits for its time.
pub struct Inverter<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Inverter<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Inverter<P> {
    fn run(&mut self) -> Result<(), WireError> {
        // From here on the mirror has the thread of its domain.
        self.wires.probe.nothing()?;
        let clock = &mut self.wires.clock;
        clock.arm(u64::from(self.config.at));
        clock.wait()?;
        match self.config.what {
            "work" => Self::call(Action::Work)?,
            "pass" => Self::call(Action::Pass)?,
            _ => {
                let mut registers = Registers::ZERO;
                registers.ctr = self.config.spin;
                raw::enter(Entry::Spin, &mut registers);
            }
        }
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_str("done\n");
        text.flush()
    }
}

impl<P: Ports> Inverter<P> {
    fn call(action: Action) -> Result<(), WireError> {
        let tag = Tag::new(Request { action, words: 0 }.operation(), 0);
        let outcome = raw::call(Call::Call as u32, PROBE, tag, &[]);
        if outcome.status == Status::Ok as u32 { Ok(()) } else { Err(WireError::PeerGone) }
    }
}
