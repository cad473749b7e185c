//! The PowerPC 440 family.

mod assembly;
mod core_page;
pub mod dcr;
mod entry;
mod fast;
mod float;
#[cfg(feature = "vm")]
mod guest;
#[cfg(feature = "vm")]
mod guest_assembly;
#[cfg(feature = "vm")]
mod guest_fast;
#[cfg(feature = "vm")]
mod guest_run;
#[cfg(feature = "vm")]
mod guest_tlb;
mod hardware;
mod image;
mod memory;
#[doc(hidden)]
pub mod miss;
pub mod registers;
#[cfg(feature = "vm")]
mod vcpu;

pub use core_page::STACK as STACK_FIELD;
pub use float::FloatState;
pub use image::{Image, Shared, System, boot, kernel, leave, panic, trap};
#[cfg(feature = "vm")]
pub use vcpu::{guest_leave, guest_trap};
