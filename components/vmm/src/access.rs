//! The guest's loads and stores that do not end in RAM.
//!
//! The kernel ends a run with the instruction word when an access meets a guest-physical address that is not RAM.
//! [`decode()`] says what the instruction does to memory, [`extent()`] where; [`Pages`] finds these places
//! in the guest's own translations; [`perform()`] does it, through a [`Space`], and writes back what
//! the instruction changes in registers. What the guest sees is what the hardware would have done, in one go: an access
//! may lie half in RAM and half in a device, or in two pages.

mod decode;
mod float;
mod perform;
mod reach;

pub use decode::{Count, Index, Instruction, Operation, Plain, decode, plain};
pub use float::{double_of_single, single_of_double};
pub use perform::{Extent, Reservation, Space, Trap, extent, perform, perform_plainly};
pub use reach::{Pages, Reached};
