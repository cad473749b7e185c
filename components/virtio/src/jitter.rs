//! Two sources of random bytes. Neither is fit for secrets that outlive an experiment: a compute node has no source
//! of true randomness, and the image is the same at every boot.

use crate::Source;

/// A generator that gives the same bytes for the same seed: for runs that must repeat.
///
/// SplitMix64 (Steele, Lea, Flood: *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014): a counter in steps
/// of the golden ratio, mixed.
#[derive(Clone, Debug)]
pub struct Seeded {
    state: u64,
}

impl Seeded {
    /// The generator of a seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Goes on from a state that depends on `sample` too.
    pub const fn stir(&mut self, sample: u64) {
        self.state = self.next() ^ sample;
    }
}

impl Source for Seeded {
    fn fill(&mut self, into: &mut [u8]) {
        for piece in into.chunks_mut(size_of::<u64>()) {
            piece.copy_from_slice(&self.next().to_be_bytes()[..piece.len()]);
        }
    }
}

/// A generator that is stirred with the time at which each request comes: it differs from run to run as far as the
/// machine's timing does. Under QEMU's `-icount` it does not.
#[derive(Clone, Debug)]
pub struct Jitter<C> {
    generator: Seeded,
    clock: C,
}

impl<C: FnMut() -> u64> Jitter<C> {
    /// The generator of a seed, stirred with the ticks of a clock.
    pub const fn new(seed: u64, clock: C) -> Self {
        Self { generator: Seeded::new(seed), clock }
    }
}

impl<C: FnMut() -> u64> Source for Jitter<C> {
    fn fill(&mut self, into: &mut [u8]) {
        self.generator.stir((self.clock)());
        self.generator.fill(into);
    }
}
