//! Linked programs: read, measured, and joined into one image.

mod image;
mod program;

pub(crate) use image::{Image, Segment};
pub(crate) use program::Program;
