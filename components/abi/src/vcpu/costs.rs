//! What exits have cost: histograms that a monitor keeps where the spec asks for them.
//!
//! They lie in the page that it shares with the kernel, which never looks at them. So who can read the page, as
//! `composer run --stats` can, has them at any time.

/// Reasons of an exit that have a place, by number. The last one is shared by all from there on.
pub const COST_REASONS: usize = 12;

/// Buckets of a histogram. Bucket *n* holds times from 2ⁿ ticks of the time base up to below 2ⁿ⁺¹; the first one also those
/// of no tick, the last one all that are longer.
pub const COST_BUCKETS: usize = 24;

/// How often something has taken how long, by its bucket. Counts wrap.
pub type Histogram = [u32; COST_BUCKETS];

/// The costs of exits for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Cost {
    /// From the end of the guest's run to the next one: the monitor's time.
    pub monitor: Histogram,
    /// The run that ended so: the guest's time, and the kernel's for it.
    pub guest: Histogram,
}

impl Cost {
    /// Nothing has cost anything yet.
    pub const ZERO: Self = Self { monitor: [0; COST_BUCKETS], guest: [0; COST_BUCKETS] };
}

/// The bucket of a time in ticks.
#[inline]
pub const fn cost_bucket(ticks: u64) -> usize {
    let log = (ticks | 1).ilog2() as usize;
    if log < COST_BUCKETS { log } else { COST_BUCKETS - 1 }
}

/// The place of an exit's reason.
#[inline]
pub const fn cost_place(reason: u32) -> usize {
    if reason < COST_REASONS as u32 { reason as usize } else { COST_REASONS - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_begins_at_a_power_of_two() {
        assert_eq!([0, 1, 2, 3, 4, 7, 8].map(cost_bucket), [0, 0, 1, 1, 2, 2, 3]);
        assert_eq!([1 << 22, (1 << 23) - 1, 1 << 23, u64::MAX].map(cost_bucket), [22, 22, 23, 23]);
    }

    #[test]
    fn reasons_beyond_the_last_place_share_it() {
        assert_eq!([0, 7, 11, 12, u32::MAX].map(cost_place), [0, 7, 11, 11, 11]);
    }
}
