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

    /// A double: special values, neighbours of powers of two, few bits, small and large exponents, singles, anything.
    pub(crate) fn float(&mut self) -> u64 {
        const CORNERS: [u64; 14] = [
            0,
            0x3FF0_0000_0000_0000,
            0x4000_0000_0000_0000,
            0x7FF0_0000_0000_0000,
            0x7FF8_0000_0000_0000,
            0x7FF4_0000_0000_0001,
            0x7FFC_1234_5678_9ABC,
            0x0000_0000_0000_0001,
            0x000F_FFFF_FFFF_FFFF,
            0x0010_0000_0000_0000,
            0x7FEF_FFFF_FFFF_FFFF,
            0x47EF_FFFF_E000_0000,
            0x3810_0000_0000_0000,
            0x41DF_FFFF_FFC0_0000,
        ];
        let sign = u64::from(self.below(2)) << 63;
        let near =
            |random: &mut Self, field: u32| u64::from(field) << 52 | random.double() & 0x000F_FFFF_FFFF_FFFF;
        sign ^ match self.below(8) {
            0 => CORNERS[self.below(14) as usize],
            1 => CORNERS[self.below(14) as usize].wrapping_add(u64::from(self.below(3))).wrapping_sub(1),
            // Exponents so close that digits cancel, and all singles can have.
            2 | 3 => {
                let field = 1000 + self.below(48);
                near(self, field)
            }
            4 => {
                let field = 990 + self.below(70);
                near(self, field) & 0xFFFF_FFFF_E000_0000
            }
            // Around what a single can just have.
            5 => {
                let field = [870 + self.below(40), 1140 + self.below(20)][self.below(2) as usize];
                near(self, field)
            }
            6 => {
                let field = [self.below(60), 2046 - self.below(60)][self.below(2) as usize];
                near(self, field)
            }
            _ => self.double(),
        }
    }
}
