//! Signs of life.

use interface_macro::interface;
use runtime::WireError;

/// Somebody who acts when a client falls silent.
#[interface(version = 1)]
pub trait Watch {
    /// Says that the client is alive.
    #[post]
    fn kick(&mut self) -> Result<(), WireError>;
}
