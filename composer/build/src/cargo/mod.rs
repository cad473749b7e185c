//! Cargo, as composer drives it over a generated workspace.

mod command;
mod messages;
mod run;
mod simulator;

pub(crate) use command::{Action, Job, Target};
pub(crate) use run::{Programs, run};
pub use simulator::simulator;

/// How debug information and panic messages name the checkout, wherever it lies.
pub(crate) const CHECKOUT: &str = "/fugue";

/// The link in a generated workspace that leads to the checkout.
pub(crate) const LINK: &str = "checkout";
