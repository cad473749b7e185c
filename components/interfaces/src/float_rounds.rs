//! How benchmarks of the floating-point unit are asked for: the client of one domain that uses it is another.

use interface_macro::interface;
use runtime::WireError;

/// A domain that measures calls from one user of the floating-point unit to another.
#[interface(version = 1)]
pub trait FloatRounds {
    /// The ticks of so many rounds. In each, this domain computes `here` times, and the next one, which it calls,
    /// `there` times.
    fn rounds(&mut self, rounds: u32, here: u32, there: u32) -> Result<u64, WireError>;

    /// The ticks of as many rounds that do nothing.
    fn empty(&mut self, rounds: u32) -> Result<u64, WireError>;
}
