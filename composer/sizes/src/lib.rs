//! How large the kernel and the virtual machine monitor are, and where unsafe code stands.
//!
//! Code lines are lines that hold more than blanks and comments. What is compiled into tests only is left
//! out: items behind `#[cfg(test)]`, the files of modules declared so, and the folders `tests` of crates. So are the
//! parts of the shared interface that only domains and tools use. Virtualisation, behind `#[cfg(feature = "vm")]`,
//! counts by itself, as it has a bound of its own.

#![forbid(unsafe_code)]

mod files;
mod image;
mod lines;
mod report;
mod source;
mod unsafety;

use std::io;
use std::path::Path;

pub use image::Bytes;
use lines::Purpose;
pub use report::{
    Bound, LINES_BOUND, MONITOR_LINES_BOUND, Part, Sizes, TEXT_BOUND, VIRTUAL_LINES_BOUND, VIRTUAL_TEXT_BOUND,
};
pub use unsafety::Module;

/// The crates of which a kernel consists, besides its board's.
const KERNEL: [&str; 3] = ["components/kernel", "components/abi", "components/ppc440"];

/// The crates of which a monitor consists: its own, and those of which nothing is in an image without one. What all
/// components share, the runtime and the interfaces, is no part of it.
const MONITOR: [&str; 5] = [
    "components/vmm",
    "components/processor",
    "components/virtio",
    "components/virtual-device",
    "components/gdb-stub",
];

/// Sources in these crates that are set apart: what domains and tools share beside the kernel, and what a kernel holds
/// only with virtualisation.
const APART: [(&str, Purpose); 4] = [
    ("components/abi/src/ring.rs", Purpose::Beside),
    ("components/abi/src/trace/reading.rs", Purpose::Beside),
    ("components/abi/src/vcpu/costs.rs", Purpose::Beside),
    ("components/abi/src/vcpu.rs", Purpose::Virtualisation),
];

/// Measures a checkout and two linked kernels of it, one without virtualisation and one with it; `board` is the folder of the board's crate.
///
/// # Errors
///
/// A source that cannot be read.
pub fn measure(root: &Path, board: &str, kernel: Bytes, virtualised: Bytes) -> io::Result<Sizes> {
    let part = |folder: &str| {
        let lines::Lines { base, virtualisation } = lines::of_crate(root, folder, &APART)?;
        Ok(Part { folder: folder.to_owned(), lines: base, virtualisation })
    };
    Ok(Sizes {
        kernel,
        virtualised,
        parts: KERNEL.into_iter().chain([board]).map(part).collect::<io::Result<_>>()?,
        monitor: MONITOR.into_iter().map(part).collect::<io::Result<_>>()?,
        modules: unsafety::of_workspace(root)?,
    })
}
