//! Works beside hostile domains, and checks every answer: a client of an honest server, a user of timers.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::Probe;
use interfaces::console::Text;
use runtime::{Active, Cause, Halt, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Rounds after all hostile domains have ended: the honest go on.
const AFTERWARDS: u32 = 20;

/// A neighbour.
pub struct Innocent<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Innocent<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Innocent<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let mut round = 0_u32;
        let mut left = AFTERWARDS;
        while left > 0 {
            if !self.round(round)? {
                self.say(format_args!("check neighbour failed in round {round}"))?;
                return Err(WireError::Malformed);
            }
            round = round.wrapping_add(1);
            if self.wires.progress.refuse(0).is_ok() {
                left -= 1;
            }
            if self.config.tells != 0 && round.is_multiple_of(self.config.tells) {
                self.tell()?;
            }
        }
        self.tell()?;
        self.say(format_args!("check neighbour ok"))?;
        if self.config.ends {
            for cause in Cause::ALL {
                let faults = self.wires.progress.add(cause as u32, 0)?;
                self.say(format_args!("{faults} faults: {}", cause.name()))?;
            }
            // The others say so, too.
            for _ in 0..AFTERWARDS {
                self.pause()?;
            }
            return self.wires.node.halt(0);
        }
        Ok(())
    }
}

impl<P: Ports> Innocent<P> {
    /// One round; whether every answer was right.
    fn round(&mut self, round: u32) -> Result<bool, WireError> {
        let left = round.wrapping_mul(0x9E37_79B9);
        let sum = self.wires.probe.add(left, round)?;
        let text = left.to_be_bytes();
        let mut reversed = [0; 4];
        let length = self.wires.probe.reverse(&text, &mut reversed)?;
        let values = self.wires.probe.values(7, 8, -9, true, u64::from(left), [1, 2, 3, 4, 5, 6])?;
        let refused = self.wires.probe.refuse(WireError::Full.number());
        Ok(sum == u64::from(left) + u64::from(round)
            && length == 4
            && reversed == left.to_le_bytes()
            && values[..8] == [7, 0, 8, 0xFF, 0xFF, 0xFF, 0xF7, 1]
            && values[12..16] == text
            && refused == Err(WireError::Full)
            && self.pause()?)
    }

    /// Waits for its timer; whether that came, and not before its time.
    fn pause(&mut self) -> Result<bool, WireError> {
        let pulse = &mut self.wires.pulse;
        let deadline = pulse.now() + u64::from(self.config.pause);
        pulse.arm(deadline);
        pulse.wait()?;
        Ok(pulse.now() >= deadline)
    }

    fn tell(&mut self) -> Result<(), WireError> {
        let progress = self.wires.progress.add(u32::MAX, 0)?;
        self.say(format_args!("{} steps, {} restarts", progress >> 32, progress as u32))
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
