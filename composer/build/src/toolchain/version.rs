//! What a compiler says about itself.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

/// A compiler's version, as far as choices depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The number before the first dot.
    pub major: u32,
    /// The number after it.
    pub minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

/// The answer to `rustc -vV`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// The first line: `rustc 1.96.0 (ac68faa20 2026-05-25)`.
    pub(super) release: String,
    /// The version in it.
    pub(super) version: Version,
    /// The host's triple.
    pub(super) triple: String,
}

/// Asks a compiler; None if it does not run or says something else.
pub(super) fn ask(rustc: &Path) -> Option<Said> {
    let output = Command::new(rustc).arg("-vV").stdin(Stdio::null()).output().ok()?;
    read(&String::from_utf8(output.stdout).ok()?)
}

/// Reads the answer.
pub(super) fn read(text: &str) -> Option<Said> {
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned)
    };
    let release = text.lines().next()?.trim().to_owned();
    let number = field("release")?;
    let mut parts = number.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    Some(Said { release, version: Version { major, minor }, triple: field("host")? })
}
