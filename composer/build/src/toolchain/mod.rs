//! Which compiler and linker make code for the node.
//!
//! No distribution ships a core library for a bare PowerPC, so it is built from source along with the
//! system. That takes a compiler with its library's sources, told by `RUSTC_BOOTSTRAP` that it may do
//! what only nightly may. A rustup toolchain with `rust-src` comes first, else Debian's `rustc-web`. No
//! user sets a variable.

mod linker;
mod version;

use std::path::{Path, PathBuf};

pub use linker::{Flavour, Linker};
pub use version::Version;

use crate::host::{Host, is_program};

/// The oldest compiler that can build the node's crates.
pub const OLDEST: Version = Version { major: 1, minor: 95 };

/// A compiler with the sources of its library, a cargo that drives it and a linker.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The compiler.
    pub compiler: Compiler,
    /// The linker for the node.
    pub linker: Linker,
}

/// A compiler that can build the core library for the node.
#[derive(Clone, Debug)]
pub struct Compiler {
    /// The compiler's program.
    pub rustc: PathBuf,
    /// The cargo that drives it.
    pub cargo: PathBuf,
    /// Clippy's driver for this compiler, where it is installed.
    pub clippy_driver: Option<PathBuf>,
    /// Its installation.
    pub sysroot: PathBuf,
    /// What `rustc --version` says; the image names it.
    pub release: String,
    /// The host's target triple.
    pub triple: String,
    /// Who provided it, for people: `rustup toolchain stable-…` or `Debian's rustc-web`.
    pub origin: String,
}

impl Compiler {
    /// Finds the compiler, best first; None if the host has none that fits.
    pub fn find(host: &Host) -> Option<Self> {
        rustup_sysroots(host)
            .into_iter()
            .find_map(|sysroot| Self::from_rustup(&sysroot))
            .or_else(|| Self::from_distribution(host))
    }

    /// The library's sources, which hold the crates `core` and `alloc`.
    pub fn library(&self) -> PathBuf {
        library_of(&self.sysroot)
    }

    fn from_rustup(sysroot: &Path) -> Option<Self> {
        let program = |name: &str| Some(sysroot.join("bin").join(name)).filter(|path| is_program(path));
        let name = sysroot.file_name()?.to_string_lossy().into_owned();
        Self::inspect(
            program("rustc")?,
            program("cargo")?,
            program("clippy-driver"),
            sysroot.to_path_buf(),
            format!("rustup toolchain {name}"),
        )
    }

    fn from_distribution(host: &Host) -> Option<Self> {
        let program = |name: &str| Some(host.prefix.join("bin").join(name)).filter(|path| is_program(path));
        // The distribution's own cargo is often absent or old; the one that built composer is neither.
        let cargo = host.cargo.clone().or_else(|| host.program("cargo"))?;
        Self::inspect(
            program("rustc")?,
            cargo,
            program("clippy-driver"),
            host.prefix.clone(),
            "the distribution's rustc".to_owned(),
        )
    }

    fn inspect(
        rustc: PathBuf,
        cargo: PathBuf,
        clippy_driver: Option<PathBuf>,
        sysroot: PathBuf,
        origin: String,
    ) -> Option<Self> {
        if !library_of(&sysroot).join("core/src/lib.rs").is_file() {
            return None;
        }
        let said = version::ask(&rustc)?;
        (said.version >= OLDEST).then_some(Self {
            rustc,
            cargo,
            clippy_driver,
            sysroot,
            release: said.release,
            triple: said.triple,
            origin,
        })
    }
}

/// Where an installation keeps the sources of its library.
fn library_of(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib/src/rust/library")
}

/// Installed rustup toolchains: the active one, then stable ones, then nightly ones, then the rest.
pub(crate) fn rustup_sysroots(host: &Host) -> Vec<PathBuf> {
    let Ok(entries) = host.rustup.join("toolchains").read_dir() else { return vec![] };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let rank = |name: &str| match name {
        _ if host.active_toolchain.as_deref() == Some(name) => 0,
        _ if name.starts_with("stable") => 1,
        _ if name.starts_with("nightly") => 2,
        _ => 3,
    };
    names.sort_by(|a, b| rank(a).cmp(&rank(b)).then(b.cmp(a)));
    names.iter().map(|name| host.rustup.join("toolchains").join(name)).collect()
}

#[cfg(test)]
mod tests;
