//! Calls, replies, signals and waits as a seed has them, and a running hash of what they leave. Two images that
//! differ only in how the kernel goes about it must print the same.

use abi::{Call, Tag};
use mirror::request::{Action, Request};
use raw::{Entry, Outcome, Random, Spoilt};
use runtime::WireError;

use crate::{Filler, Ports, judge, slots};

/// Lines of hashes that a client prints on its way.
const LINES: u32 = 16;

/// A hash that changes with every word (FNV-1a).
struct Hash(u32);

impl Hash {
    fn word(&mut self, word: u32) {
        for byte in word.to_be_bytes() {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }

    fn outcome(&mut self, outcome: &Outcome) {
        self.word(outcome.status);
        outcome.words.iter().for_each(|word| self.word(*word));
        self.word(outcome.badge);
        self.word(outcome.tag.bits());
    }
}

impl<P: Ports> Filler<P> {
    pub(crate) fn paths(&mut self) -> Result<(), WireError> {
        let (rounds, mut random, mut hash) =
            (self.config.rounds, Random::new(self.config.seed), Hash(0x811C_9DC5));
        for round in 0..rounds {
            match self.step(round, &mut random) {
                Ok(outcome) => hash.outcome(&outcome),
                Err(Spoilt { register, value }) => {
                    self.say(format_args!(
                        "check paths failed: round {round} register {register} holds {value:08x}"
                    ))?;
                    return Err(WireError::Malformed);
                }
            }
            if round % (rounds / LINES).max(1) == 0 {
                self.say(format_args!("round {round} hash {:08x}", hash.0))?;
            }
        }
        if !self.config.waits {
            // Whoever still waits for something gets it.
            for round in 0..rounds {
                self.ask(
                    round,
                    Request { action: Action::Signal { client: round % self.config.clients }, words: 0 },
                    0,
                )
                .map_err(|_| WireError::Malformed)?;
            }
        }
        self.say(format_args!("hash {:08x}", hash.0))
    }

    fn step(&mut self, round: u32, random: &mut Random) -> Result<Outcome, Spoilt> {
        let marker = self.marker();
        match random.below(20) {
            0 => judge::call(marker, round, Entry::Call, Call::Null, 0, Tag::default())
                // What it leaves in the registers of a message is its own affair.
                .map(|(_, outcome)| Outcome { words: [0; 8], badge: 0, tag: Tag::default(), ..outcome }),
            1 => judge::call(marker, round, Entry::Call, Call::Poll, slots::NOTIFICATION, Tag::default())
                .map(|(_, outcome)| outcome),
            2 | 3 if self.config.waits => {
                judge::call(marker, round, Entry::Call, Call::Wait, slots::NOTIFICATION, Tag::default())
                    .map(|(_, outcome)| outcome)
            }
            choice => {
                let action = match choice {
                    4 => Action::Forget,
                    5..8 => Action::Pass,
                    8..12 => Action::Signal { client: random.below(self.config.clients) },
                    _ => Action::Reply,
                };
                let request = Request { action, words: random.below(9) as usize };
                self.ask(round, request, random.below(16))
            }
        }
    }

    fn ask(&mut self, round: u32, request: Request, count: u32) -> Result<Outcome, Spoilt> {
        // A length beyond the registers is one too.
        let tag = Tag::from_bits(u32::from(request.operation()) << 16 | count);
        let (sent, outcome) = judge::call(self.marker(), round, Entry::Call, Call::Call, slots::PROBE, tag)?;
        judge::reply(&sent, request, &outcome)?;
        Ok(outcome)
    }
}
