//! What a build leaves behind.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// An image, and what it takes to run it and to read its reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// The spec's name.
    pub system: String,
    /// The board's.
    pub board: String,
    /// The bootable file.
    pub image: PathBuf,
    /// The kernel's program, with symbols.
    pub kernel: PathBuf,
    /// The domains' programs.
    pub domains: Vec<BuiltDomain>,
    /// How the image is run.
    pub launch: Launch,
    /// The lowered system as JSON: everything that the image was generated from.
    pub lowered: PathBuf,
    /// The checkout that it was built from.
    pub checkout: PathBuf,
}

/// A domain's program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltDomain {
    /// The domain's name, as reports carry it.
    pub name: String,
    /// What the processor's PID register holds while it runs.
    pub pid: u8,
    /// The program, with symbols.
    pub elf: PathBuf,
    /// The instances that live in it.
    pub instances: Vec<BuiltInstance>,
}

/// An instance, as far as reports name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltInstance {
    /// Its name in the spec.
    pub name: String,
    /// Its component's crate, as Rust paths write it.
    pub module: String,
}

/// How an image is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Launch {
    /// Under QEMU.
    Qemu {
        /// The program.
        program: String,
        /// The machine.
        machine: String,
        /// Bytes of RAM.
        memory: u64,
        /// The board's further arguments.
        arguments: Vec<String>,
    },
    /// Not here, for this reason.
    Nowhere {
        /// One sentence.
        why: String,
    },
}
