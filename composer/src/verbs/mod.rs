//! The verbs, one a file.

mod bench;
mod build;
mod check;
mod clean;
mod completions;
mod debug;
mod doctor;
mod explain;
mod map;
mod output;
mod payload;
mod run;
mod test;

pub(crate) use bench::{bench, guests, profile, sizes};
pub(crate) use build::{build, lint};
pub(crate) use check::check;
pub(crate) use clean::clean;
pub(crate) use completions::completions;
pub(crate) use debug::debug;
pub(crate) use doctor::doctor;
pub(crate) use explain::explain;
pub(crate) use map::map;
pub(crate) use payload::payload;
pub(crate) use run::run;
pub(crate) use test::{Scope, test};
