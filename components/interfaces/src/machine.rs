//! The life of a virtual machine, in the hands of another domain.

mod status;

use interface_macro::interface;
use runtime::WireError;

pub use status::{Phase, Reason, Status};

/// A virtual machine that can be stopped and started.
///
/// Whoever is wired to it has all of this authority; who only looks asks for [`status`](Machine::status) alone. Calls are
/// answered between two instructions of the guest, whatever it does: it may compute, wait, stand still or be dead. Orders
/// that change nothing are no error.
///
/// The guest's time is the node's and does not stand still: what a stopped guest's timers are due for, it gets once it
/// runs again.
#[interface(version = 1)]
pub trait Machine {
    /// Has the guest stand still: it executes no instruction until it is resumed or reset. Says whether it ran.
    fn stop(&mut self) -> Result<bool, WireError>;

    /// Lets a guest go on that was stopped. Says whether it runs now: one that has ended does not, until it is reset.
    fn resume(&mut self) -> Result<bool, WireError>;

    /// Starts the guest afresh from its pristine images, whatever it is doing.
    fn reset(&mut self) -> Result<(), WireError>;

    /// How it is: a [`Status`].
    fn status(&mut self) -> Result<[u8; 12], WireError>;

    /// The guest has ended by itself, and has been started afresh or not, as the spec wants.
    #[event]
    const ENDED: Event;
}
