//! The device tree that the guest is told its machine by.

mod tree;
mod writer;

pub use tree::{BYTES, Facts, write};
pub use writer::{Full, Writer};
