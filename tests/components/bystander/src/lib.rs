//! Works beside virtual machines: a client of an honest server, a user of timers, of memory and of a network. Once both
//! machines have ended it ends the node's run.
//!
//! It checks every answer, that its memory holds what it has left there, and that each frame which it sends to somebody
//! who echoes comes back whole, whatever else is on the network. It says what the kernel has counted of the
//! server, whose figures nobody but its client changes: as many calls as it has answered, and, with its map pinned and
//! nobody above it, no miss, no fault and no preemption, whatever runs below.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use interfaces::console::Text;
use interfaces::ethernet::{self, LONGEST_FRAME};
use interfaces::{Ethernet, Probe};
use runtime::{Active, Counter, Halt, Observe, Timer, Wire, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Words of memory that hold a pattern.
const WORDS: usize = 256;

/// Everybody's address.
const ALL: [u8; 6] = [0xFF; 6];

/// A type of frame that is free for experiments (IEEE 802, 9.2.3); machines beside this one use it too.
const EXPERIMENT: [u8; 2] = [0x88, 0xB5];

/// Bytes before a frame's payload.
const HEADER: usize = 14;

/// A neighbour.
pub struct Bystander<P: Ports> {
    wires: Wires<P>,
    config: Config,
    pattern: [u32; WORDS],
    sent: [u8; LONGEST_FRAME],
    came: [u8; LONGEST_FRAME],
}

impl<P: Ports> Component<P> for Bystander<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config, pattern: [0; WORDS], sent: [0; LONGEST_FRAME], came: [0; LONGEST_FRAME] }
    }
}

impl<P: Ports> Active for Bystander<P> {
    fn run(&mut self) -> Result<(), WireError> {
        let own = self.wires.ethernet.address()?;
        let mut peer = ALL;
        let mut round = 0_u32;
        while self.wires.first.inspect().running || self.wires.second.inspect().running {
            peer = self.echo(own, peer, round)?;
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

    /// Sends a frame to a peer, or to all before one is known, and waits until it comes back, changed in no byte of its
    /// payload; by whom. A machine that is louder than its share of the network would make this wait for ever.
    fn echo(&mut self, own: [u8; 6], peer: [u8; 6], round: u32) -> Result<[u8; 6], WireError> {
        let bytes = HEADER + 4 + (round as usize * 397) % (LONGEST_FRAME - HEADER - 3);
        self.sent[..6].copy_from_slice(&peer);
        self.sent[6..12].copy_from_slice(&own);
        self.sent[12..HEADER].copy_from_slice(&EXPERIMENT);
        for (place, byte) in self.sent[HEADER..bytes].iter_mut().enumerate() {
            *byte = round.wrapping_mul(0x9E37_79B9).rotate_left(place as u32 % 32) as u8;
        }
        let ethernet = &mut self.wires.ethernet;
        // What has come meanwhile is nobody's answer.
        while ethernet.receive(&mut self.came)? != 0 {}
        ethernet.send(&self.sent[..bytes])?;
        loop {
            let length = self.wires.ethernet.receive(&mut self.came)? as usize;
            if length == 0 {
                self.wires.ethernet.wait(ethernet::RECEIVED.into())?;
            } else if length == bytes && self.is_answer(own, peer, bytes) {
                let mut from = [0; 6];
                from.copy_from_slice(&self.came[6..12]);
                return Ok(from);
            }
        }
    }

    /// Whether a frame of the right length is the answer to what was sent.
    fn is_answer(&self, own: [u8; 6], peer: [u8; 6], bytes: usize) -> bool {
        let is_from_peer = peer == ALL || self.came[6..12] == peer;
        self.came[..6] == own && is_from_peer && self.came[12..bytes] == self.sent[12..bytes]
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
