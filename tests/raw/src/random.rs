//! A random number generator that fits in a register.

/// Xorshift: the same seed gives the same numbers, here as there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random(u32);

impl Random {
    /// A generator; every seed gives one.
    pub const fn new(seed: u32) -> Self {
        // Zero would stay zero.
        let mixed = seed.wrapping_mul(0x9E37_79B9) ^ 0x6C07_8965;
        Self(if mixed == 0 { 1 } else { mixed })
    }

    /// The next number.
    pub const fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    /// The next number below `limit`; 0 for a limit of 0.
    pub const fn below(&mut self, limit: u32) -> u32 {
        ((self.next() as u64 * limit as u64) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_repeatable_and_no_seed_sticks() {
        for seed in 0..1000 {
            let (mut one, mut other) = (Random::new(seed), Random::new(seed));
            let first = one.next();
            assert_eq!(first, other.next());
            assert_ne!(first, one.next());
            assert!(one.below(7) < 7);
        }
    }
}
