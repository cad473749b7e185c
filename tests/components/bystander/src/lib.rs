//! Works beside virtual machines: a client of an honest server, a user of timers and of memory. Once both machines have
//! ended it ends the node's run.
//!
//! It checks every answer, and that its memory holds what it has left there. It says what the kernel has counted of the
//! server, whose figures nobody but its client changes: as many calls as it has answered, and, with its map pinned and
//! nobody above it, no miss, no fault and no preemption, whatever runs below.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::Probe;
use interfaces::console::Text;
use runtime::{Active, Counter, Halt, Observe, Timer, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Words of memory that hold a pattern.
const WORDS: usize = 256;

/// A neighbour.
pub struct Bystander<P: Ports> {
    wires: Wires<P>,
    config: Config,
    pattern: [u32; WORDS],
}

impl<P: Ports> Component<P> for Bystander<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config, pattern: [0; WORDS] }
    }
}

impl<P: Ports> Active for Bystander<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let mut round = 0_u32;
        while self.wires.first.inspect().running || self.wires.second.inspect().running {
            if !self.round(round)? {
                self.say(format_args!("check neighbour failed in round {round}"))?;
                return Err(WireError::Malformed);
            }
            round = round.wrapping_add(1);
            if round.is_multiple_of(self.config.tells) {
                self.tell(round)?;
            }
        }
        self.tell(round)?;
        self.say(format_args!("check neighbour ok"))?;
        self.wires.node.halt(0)
    }
}

/// What lies in a word after a round.
const fn mark(round: u32, word: usize) -> u32 {
    round.wrapping_mul(0x9E37_79B9) ^ (word as u32) << 16
}

impl<P: Ports> Bystander<P> {
    /// One round; whether everything was right.
    fn round(&mut self, round: u32) -> Result<bool, WireError> {
        for (word, value) in self.pattern.iter_mut().enumerate() {
            *value = mark(round, word);
        }
        let sum = self.wires.probe.add(round, 7)?;
        let pulse = &mut self.wires.pulse;
        let deadline = pulse.now() + u64::from(self.config.pause);
        pulse.arm(deadline);
        pulse.wait()?;
        let is_due = pulse.now() >= deadline;
        let is_kept = self.pattern.iter().enumerate().all(|(word, value)| *value == mark(round, word));
        Ok(sum == u64::from(round) + 7 && is_due && is_kept)
    }

    /// Says what the kernel has counted of the server: all of its misses, faults and preemptions.
    fn tell(&mut self, round: u32) -> Result<(), WireError> {
        let counters = self.wires.server.counters();
        let [data, fetch, faults, preemptions] =
            [Counter::DataMisses, Counter::FetchMisses, Counter::Faults, Counter::Preemptions]
                .map(|counter| counters[counter as usize]);
        self.say(format_args!(
            "{round} rounds; server: {data} data misses, {fetch} fetch misses, {faults} faults, {preemptions} preemptions"
        ))
    }

    fn say(&mut self, what: core::fmt::Arguments<'_>) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = text.write_fmt(what).and_then(|()| text.write_str("\n"));
        text.flush()
    }
}
