//! Finding and reading what a spec names: components, interfaces, the board. Nothing else is opened.

mod board;
pub(crate) mod crates;
mod interfaces;
mod library;

pub(crate) use board::board;
pub(crate) use interfaces::interfaces;
pub(crate) use library::Library;
