//! Random operands, the same in each run, with corners among them.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// A source of operands.
pub(crate) struct Random(TestRunner);

impl Random {
    /// A source that always gives the same.
    pub(crate) fn new(seed: u64) -> Self {
        Self(TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() }))
    }

    /// Any word.
    pub(crate) fn word(&mut self) -> u32 {
        proptest::num::u32::ANY.new_tree(&mut self.0).expect("any number will do").current()
    }

    /// Any double word.
    pub(crate) fn double(&mut self) -> u64 {
        u64::from(self.word()) << 32 | u64::from(self.word())
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.word()) * u64::from(bound)) >> 32) as u32
    }

    /// A word that is a corner half of the time.
    pub(crate) fn operand(&mut self) -> u32 {
        const CORNERS: [u32; 16] = [
            0,
            1,
            2,
            31,
            32,
            33,
            63,
            0x7F,
            0x80,
            0x7FFF,
            0x8000,
            0xFFFF,
            0x7FFF_FFFF,
            0x8000_0000,
            0xFFFF_FFFE,
            0xFFFF_FFFF,
        ];
        match self.below(4) {
            0 | 1 => self.word(),
            2 => CORNERS[self.below(16) as usize],
            _ => CORNERS[self.below(16) as usize] ^ 1 << self.below(32),
        }
    }
}
