//! The two kinds of component.

use crate::{Bits, WireError};

/// A component that has the thread. A domain has at most one such instance.
pub trait Active {
    /// What the component does. The domain's thread ends when it returns.
    ///
    /// # Errors
    ///
    /// Whatever error the component does not handle itself; its number becomes the thread's exit code.
    fn run(&mut self) -> Result<(), WireError>;
}

/// A component that is driven by calls and notifications, and never waits.
pub trait Passive {
    /// Bits of the domain's notification have arrived: an interrupt of a device, a timer, an event of a
    /// wire. All passive instances of a domain see all bits; a device or timer says which are its own.
    fn notified(&mut self, bits: Bits) {
        let _ = bits;
    }
}
