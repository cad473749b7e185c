//! The PowerPC 440 family.

pub mod dcr;
mod entry;
mod hardware;
mod image;
pub mod registers;

pub use entry::STACK_FIELD;
pub use image::Image;
