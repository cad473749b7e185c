//! Virtual machines.

use std::path::PathBuf;

use super::Origin;

/// What runs in a component that has the port of a virtual machine.
#[derive(Clone, Debug)]
pub struct Vm {
    /// Bytes of the guest's RAM: a power of two.
    pub memory: u64,
    /// What runs in it.
    pub guest: Guest,
    /// The guest kernel's command line.
    pub command_line: String,
    /// The `vm` of the spec.
    pub origin: Origin,
    /// Where it says how much memory.
    pub memory_origin: Origin,
    /// Where it says what runs.
    pub guest_origin: Origin,
}

/// What a guest starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guest {
    /// What a recipe of the checkout makes.
    Recipe {
        /// The recipe: a folder of `apps`.
        name: String,
        /// The variant of its first file system.
        variant: String,
    },
    /// The user's own files.
    Files {
        /// A uImage or an ELF `vmlinux`.
        kernel: PathBuf,
        /// A first file system.
        initrd: Option<PathBuf>,
    },
}

impl Guest {
    /// The variant that a spec need not name.
    pub const VARIANT: &'static str = "default";
}
