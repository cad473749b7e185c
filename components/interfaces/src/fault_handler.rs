//! Faults of other domains, as the kernel hands them over.

mod verdict;

use interface_macro::interface;
use runtime::WireError;

pub use verdict::Verdict;

/// Handles the faults of the domains whose `fault_handler` names it.
///
/// The kernel calls in the faulting thread's name, which waits meanwhile; its client number is the
/// domain's. Method 0 has the form that the kernel's interface prescribes: the words of its arguments and
/// of its result are those of the fault's message and its reply.
#[interface(version = 1)]
pub trait FaultHandler {
    /// A thread of the client has faulted: the number of the cause, the address that it concerns or 0, the
    /// address of the instruction, and the thread's index. The result is a [`Verdict`]; an error stands for
    /// [`Verdict::Unhandled`].
    fn fault(&mut self, cause: u32, address: u32, instruction: u32, thread: u32) -> Result<u64, WireError>;
}
