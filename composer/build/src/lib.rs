//! Toolchains, set-up, cargo, and the image.
//!
//! [`check`] judges a spec without compiling; [`build`] makes its image; [`setup`] sees to it that the
//! machine has what both need.

#![forbid(unsafe_code)]

mod assemble;
mod built;
mod cargo;
mod failure;
mod files;
mod front;
mod host;
mod link;
mod lock;
pub mod progress;
pub mod setup;
mod shown;
#[cfg(test)]
mod testing;
pub mod toolchain;

pub use assemble::{Finished, Request, build, lint};
pub use built::{Built, BuiltDomain, BuiltGuest, BuiltInstance, Launch};
pub use cargo::simulator;
pub use failure::{Blame, Failure};
pub use front::{Checked, check};
pub use host::Host;
pub use shown::shown;
