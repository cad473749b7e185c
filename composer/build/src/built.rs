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
    /// The guests of its virtual machines.
    #[serde(default)]
    pub guests: Vec<BuiltGuest>,
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

/// A guest of a virtual machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltGuest {
    /// The instance of its monitor.
    pub name: String,
    /// The machine's number on the node, as its monitor's lines carry it.
    pub number: u32,
    /// Its kernel's file: an ELF file or a uImage.
    pub kernel: PathBuf,
    /// What its kernel's symbols can be read from: a `System.map`, or the kernel.
    pub symbols: Option<PathBuf>,
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
    /// On a simulator of the checkout's workspace: [`simulator`](crate::simulator) makes it.
    Simulator {
        /// The package, whose program has the same name.
        package: String,
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
