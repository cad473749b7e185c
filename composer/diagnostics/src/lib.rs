//! Rendering of diagnostics, and the page that explains each code.
//!
//! Diagnostics themselves are data of `composer-syntax`. Here they become text: [`human()`] for a person
//! at a terminal, [`json()`] for programs. [`explain`] has the page for a code. Nothing here prints.

#![forbid(unsafe_code)]

mod human;
mod json;
mod pages;

pub use human::{Style, human, human_all, summary};
pub use json::{SCHEMA, json};
pub use pages::explain;
