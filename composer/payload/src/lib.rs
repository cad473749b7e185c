//! What runs in a virtual machine: guest kernels and initial file systems.
//!
//! A payload is either made by a [`Recipe`], `payload.ron` in a folder of `apps`, from unmodified sources
//! of the distribution, or brought along as [`Request::Files`]. Either way [`prepare()`] answers with the
//! kernel as it lies in the guest's memory ([`Image`]), the initial file system, and a name for all of
//! it.
//!
//! | part            | what                                                            |
//! |-----------------|-----------------------------------------------------------------|
//! | [`image`]       | kernels' files: uImage and ELF                                  |
//! | [`cpio`]        | the writer of initial file systems                              |
//! | [`symbols`]     | names for a kernel's addresses                                  |
//! | [`microbench`]  | the figures of the guest's benchmark, read from a console        |
//! | [`recipe`]      | `payload.ron`                                                   |
//! | `stage`         | carrying a recipe out, each stage once for its inputs           |
//! | [`Cache`]       | where finished stages are kept: complete or absent              |
//!
//! Nothing here prints, asks or installs: [`Watch`] hears of progress, and what the machine lacks is an
//! [`Error`] that says so.

#![forbid(unsafe_code)]

mod cache;
pub mod cpio;
mod error;
mod fingerprint;
pub mod image;
mod kconfig;
pub mod microbench;
mod prepare;
pub mod recipe;
mod stage;
pub mod symbols;
mod tool;
mod watch;

pub use cache::Cache;
pub use error::Error;
pub use fingerprint::Fingerprint;
pub use image::{BadImage, Image};
pub use prepare::{Context, Files, Payload, Request, find, is_ready, prepare};
pub use recipe::Recipe;
pub use tool::Tools;
pub use watch::{Count, Silent, Watch, clock};
