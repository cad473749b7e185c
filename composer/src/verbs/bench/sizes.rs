//! The sizes of a built system's kernel, and of the monitor.

use std::path::Path;

use composer_build::{Built, Failure};
use composer_sizes::{Bound, Bytes, Module, Part, Sizes};
use composer_syntax::Code;
use serde::Serialize;

use crate::exit;

/// What programs read.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    results: [Bound; 5],
    kernel: Bytes,
    virtualised: Bytes,
    parts: &'a [Part],
    monitor: &'a [Part],
    unsafe_code: &'a [Module],
}

/// Measures the checkout and the kernels that builds without and with a virtual machine left behind.
pub(super) fn measure(root: &Path, plain: &Built, virtualised: &Built) -> Result<Sizes, Failure> {
    let failed = |why: String| exit::user(Code::BenchFailed, format!("the kernel cannot be measured: {why}"));
    let bytes = |built: &Built| {
        let kernel = std::fs::read(&built.kernel).map_err(|error| failed(error.to_string()))?;
        Bytes::of(&kernel).map_err(failed)
    };
    let board = format!("platform-{}", plain.board);
    composer_sizes::measure(root, &board, bytes(plain)?, bytes(virtualised)?)
        .map_err(|error| failed(error.to_string()))
}

/// The sizes as JSON.
pub(super) fn document(sizes: &Sizes) -> String {
    let document = Document {
        schema: 1,
        results: sizes.bounds(),
        kernel: sizes.kernel,
        virtualised: sizes.virtualised,
        parts: &sizes.parts,
        monitor: &sizes.monitor,
        unsafe_code: &sizes.modules,
    };
    // Plain data has no way to fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
