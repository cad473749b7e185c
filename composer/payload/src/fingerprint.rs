//! Names for things by what they are made of.

use std::fmt;
use std::path::Path;

use sha2::{Digest, Sha256};

/// What something is made of, as 64 hexadecimal digits: SHA-256 over its inputs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of one piece of bytes: what `sha256sum` prints.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex(&Sha256::digest(bytes)))
    }

    /// All digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough digits to tell things apart in the name of a folder.
    pub fn short(&self) -> &str {
        &self.0[..16]
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Collects inputs, each under a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    hash: Sha256,
}

impl Inputs {
    /// The inputs of a kind of thing. The number is raised when what is done with the inputs changes.
    pub(crate) fn of(kind: &str, version: u32) -> Self {
        Self::default().with("kind", kind).with("version", version.to_string())
    }

    /// Adds an input. Lengths are part of it, so that no two lists of inputs run into the same bytes.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        for part in [name.as_bytes(), value.as_ref()] {
            self.hash.update((part.len() as u64).to_be_bytes());
            self.hash.update(part);
        }
        self
    }

    /// Adds a file by the name that the recipe gives it.
    #[must_use]
    pub(crate) fn file(self, name: &Path, contents: &[u8]) -> Self {
        self.with(&format!("file {}", name.display()), contents)
    }

    /// The name for all of them.
    pub(crate) fn fingerprint(self) -> Fingerprint {
        Fingerprint(hex(&self.hash.finalize()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_piece_of_bytes_has_the_known_digest() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Fingerprint::of(b"").as_str(), empty);
        assert_eq!(Fingerprint::of(b"").short().len(), 16);
    }

    #[test]
    fn every_part_of_every_input_counts() {
        let inputs = |kind, version, name, value| Inputs::of(kind, version).with(name, value).fingerprint();
        let one = inputs("kernel", 1, "config", "a");
        assert_eq!(one, inputs("kernel", 1, "config", "a"));
        for other in [
            inputs("busybox", 1, "config", "a"),
            inputs("kernel", 2, "config", "a"),
            inputs("kernel", 1, "fragment", "a"),
            inputs("kernel", 1, "config", "b"),
            inputs("kernel", 1, "confi", "ga"),
        ] {
            assert_ne!(one, other);
        }
    }
}
