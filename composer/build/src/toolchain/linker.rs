//! The linker for the node.

use std::path::PathBuf;

use super::{is_program, rustup_sysroots};
use crate::host::Host;

/// How a linker wants to be spoken to, in rustc's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// LLVM's.
    Lld,
    /// GNU's.
    Gnu,
}

impl Flavour {
    /// The value of rustc's `-C linker-flavor`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lld => "gnu-lld",
            Self::Gnu => "gnu",
        }
    }
}

/// A linker that makes PowerPC programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linker {
    /// The program.
    pub program: PathBuf,
    /// How to speak to it.
    pub flavour: Flavour,
}

impl Linker {
    /// Finds a linker: the one in any rustup toolchain or in the distribution's compiler, else `ld.lld`,
    /// else GNU's for PowerPC.
    pub fn find(host: &Host) -> Option<Self> {
        let lld = |program| Self { program, flavour: Flavour::Lld };
        Self::shipped_with_rustc(host).or_else(|| host.program("ld.lld")).map(lld).or_else(|| {
            let program = host.program("powerpc-linux-gnu-ld")?;
            Some(Self { program, flavour: Flavour::Gnu })
        })
    }

    fn shipped_with_rustc(host: &Host) -> Option<PathBuf> {
        let mut sysroots = rustup_sysroots(host);
        sysroots.push(host.prefix.clone());
        sysroots.iter().find_map(|sysroot| {
            // The folder between is the host's triple; a toolchain has one that holds programs.
            let mut triples: Vec<PathBuf> = sysroot
                .join("lib/rustlib")
                .read_dir()
                .ok()?
                .filter_map(|entry| Some(entry.ok()?.path().join("bin/rust-lld")))
                .filter(|program| is_program(program))
                .collect();
            triples.sort();
            triples.into_iter().next()
        })
    }
}
