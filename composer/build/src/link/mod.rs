//! Linked programs: read, measured, and joined into one image.

mod image;
mod program;
mod stack;

pub(crate) use image::{Image, Segment};
pub(crate) use program::Program;
pub(crate) use stack::{claims, need};
