//! Loading images: ELF, legacy uImage, raw bytes.

mod elf;
mod uimage;

use crate::memory::Memory;
use std::fmt;

/// A loaded image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The address at which it is entered.
    pub entry: u32,
    /// The first physical address after it.
    pub end: u64,
    /// Its kind.
    pub kind: Kind,
}

/// Kinds of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ELF, 32 bits, big-endian.
    Elf,
    /// A legacy image of U-Boot.
    UImage,
    /// Bytes.
    Raw,
}

/// Why an image cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Not a 32-bit big-endian PowerPC executable.
    NotPowerPc(&'static str),
    /// A header points outside the file.
    Truncated,
    /// It belongs where there is no memory.
    NoMemory {
        /// Where.
        physical: u64,
        /// How many bytes.
        bytes: u64,
    },
    /// It is compressed, in a way that is not supported.
    Compressed(u8),
    /// A checksum is wrong: the header's or the data's.
    Checksum(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPowerPc(what) => write!(formatter, "not an image for this machine: {what}"),
            Self::Truncated => {
                formatter.write_str("a header of the image points outside the file: it is cut off")
            }
            Self::NoMemory { physical, bytes } => {
                write!(
                    formatter,
                    "the image wants {bytes:#x} bytes at {physical:#x}, where the node has no memory"
                )
            }
            Self::Compressed(kind) => {
                write!(
                    formatter,
                    "the image is compressed in a way (kind {kind}) that is neither none nor gzip; unpack it first"
                )
            }
            Self::Checksum(what) => {
                write!(formatter, "the checksum of the image's {what} is wrong: it is damaged")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Loads an image, which says by itself where it belongs. Bytes that are neither ELF nor uImage go to `raw_at`
/// and are entered at their start.
pub fn load(memory: &mut Memory, bytes: &[u8], raw_at: u64) -> Result<Loaded, Error> {
    if bytes.starts_with(b"\x7FELF") {
        elf::load(memory, bytes)
    } else if bytes.starts_with(&uimage::MAGIC) {
        uimage::load(memory, bytes)
    } else {
        place(memory, raw_at, bytes)?;
        Ok(Loaded { entry: raw_at as u32, end: raw_at + bytes.len() as u64, kind: Kind::Raw })
    }
}

/// Copies bytes to where they belong.
pub fn place(memory: &mut Memory, physical: u64, bytes: &[u8]) -> Result<(), Error> {
    if memory.copy_in(physical, bytes) {
        Ok(())
    } else {
        Err(Error::NoMemory { physical, bytes: bytes.len() as u64 })
    }
}
