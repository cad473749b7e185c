//! Toolchains, set-up, cargo, and the image.
#![forbid(unsafe_code)]
mod built;
mod host;
pub mod progress;
pub mod setup;
pub mod toolchain;
pub use built::{Built, BuiltDomain, BuiltInstance, Launch};
pub use host::Host;
