//! What can be wrong with a kernel's file.

use std::fmt;

/// Why a file is no kernel for this guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadImage {
    /// Neither kind of file that is read.
    Unknown,
    /// The file ends before what it describes.
    Truncated {
        /// What is cut off.
        what: &'static str,
        /// Bytes that the file should have.
        wanted: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// The checksum of a uImage's header or contents is another.
    Checksum {
        /// Which: `header` or `contents`.
        what: &'static str,
        /// What the file says.
        said: u32,
        /// What was computed.
        computed: u32,
    },
    /// For another processor.
    Machine {
        /// The number by which the file names it.
        number: u16,
    },
    /// An ELF file with little-endian or 64-bit structures.
    Format {
        /// What it is.
        what: &'static str,
    },
    /// A uImage of another kind than a kernel, or an ELF file that is no program.
    NotAKernel {
        /// What it is.
        what: String,
    },
    /// Compressed in a way that is not known here.
    Compression {
        /// Its name.
        name: String,
    },
    /// The compressed contents are broken.
    Inflate {
        /// What the decompressor says.
        why: String,
    },
    /// More than any guest's memory holds.
    TooLarge,
    /// An ELF file that loads nothing.
    Empty,
    /// A segment whose contents are larger than its memory, or that shares addresses with another.
    Segments {
        /// Where.
        at: u32,
    },
    /// It starts at a place that it does not fill.
    EntryOutside {
        /// The place, as the file names it.
        entry: u32,
    },
    /// It does not lie in the guest's memory.
    OutsideMemory {
        /// The first address.
        start: u32,
        /// The first address behind it.
        end: u64,
        /// The guest's memory, in bytes from address 0.
        memory: u64,
    },
}

impl fmt::Display for BadImage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(out, "it is neither a uImage nor an ELF program"),
            Self::Truncated { what, wanted, found } => {
                write!(out, "its {what} ends at byte {wanted}, but the file has {found}")
            }
            Self::Checksum { what, said, computed } => {
                write!(out, "the checksum of its {what} is {computed:08x}, but it says {said:08x}")
            }
            Self::Machine { number } => write!(out, "it is for another processor (number {number})"),
            Self::Format { what } => write!(out, "it is a {what} file; the guest is big-endian with 32 bits"),
            Self::NotAKernel { what } => write!(out, "it is {what}, not a kernel"),
            Self::Compression { name } => {
                write!(out, "it is compressed by {name}; gzip or no compression can be read")
            }
            Self::Inflate { why } => write!(out, "its compressed contents are broken: {why}"),
            Self::TooLarge => write!(out, "it is larger than any guest's memory"),
            Self::Empty => write!(out, "it loads nothing"),
            Self::Segments { at } => {
                write!(
                    out,
                    "its segment at 0x{at:08x} overlaps another or is larger in the file than in memory"
                )
            }
            Self::EntryOutside { entry } => {
                write!(out, "it starts at 0x{entry:08x}, where it has no contents")
            }
            Self::OutsideMemory { start, end, memory } => write!(
                out,
                "it takes the guest's addresses 0x{start:08x} to 0x{end:08x}, but the guest's memory ends at 0x{memory:08x}"
            ),
        }
    }
}

impl std::error::Error for BadImage {}

impl BadImage {
    /// What its user can do about it.
    pub fn cure(&self) -> &'static str {
        match self {
            Self::Unknown => {
                "name the `vmlinux` at the top of the kernel's build folder, or `arch/powerpc/boot/uImage`"
            }
            Self::Truncated { .. } | Self::Checksum { .. } | Self::Inflate { .. } => {
                "the file is damaged: copy or build it again"
            }
            Self::Machine { .. } | Self::Format { .. } => {
                "build it with `ARCH=powerpc`, a big-endian compiler and a configuration of the 44x family"
            }
            Self::Compression { .. } => "let `mkimage` use gzip, or name the `vmlinux` that it was made of",
            Self::NotAKernel { .. } | Self::Empty | Self::Segments { .. } | Self::EntryOutside { .. } => {
                "name the `vmlinux` or the uImage that the kernel's build made"
            }
            Self::TooLarge | Self::OutsideMemory { .. } => {
                "give the guest more memory, or build a smaller kernel, linked for physical address 0"
            }
        }
    }
}
