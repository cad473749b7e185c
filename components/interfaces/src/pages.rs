//! A domain whose pages can be touched one by one, for the benchmark of TLB refills.

use interface_macro::interface;
use runtime::WireError;

/// A domain with a map of known size.
#[interface(version = 1)]
pub trait Pages {
    /// Touches every page of the domain's.
    fn touch(&mut self) -> Result<(), WireError>;

    /// The same, and then returns the time base.
    fn touch_and_stamp(&mut self) -> Result<u64, WireError>;
}
