//! What benchmarks and tests of the floating-point unit call: a domain that uses it as often as it is told.

use interface_macro::interface;
use runtime::WireError;

/// A user of the floating-point unit.
#[interface(version = 1)]
pub trait Float {
    /// Computes so many times, and not at all for 0.
    fn compute(&mut self, times: u32) -> Result<(), WireError>;

    /// What a test's server raises when it is told to.
    #[event]
    const NUDGED: Event;
}
