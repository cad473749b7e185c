//! The sizes of a built system's kernel.

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
    results: [Bound; 3],
    kernel: Bytes,
    parts: &'a [Part],
    unsafe_code: &'a [Module],
}

/// Measures the checkout and the kernel that a build left behind.
pub(super) fn measure(root: &Path, built: &Built) -> Result<Sizes, Failure> {
    let failed = |why: String| exit::user(Code::BenchFailed, format!("the kernel cannot be measured: {why}"));
    let kernel = std::fs::read(&built.kernel).map_err(|error| failed(error.to_string()))?;
    let kernel = Bytes::of(&kernel).map_err(failed)?;
    let board = format!("platform-{}", built.board);
    composer_sizes::measure(root, &board, kernel).map_err(|error| failed(error.to_string()))
}

/// The sizes as JSON.
pub(super) fn document(sizes: &Sizes) -> String {
    let document = Document {
        schema: 1,
        results: sizes.bounds(),
        kernel: sizes.kernel,
        parts: &sizes.parts,
        unsafe_code: &sizes.modules,
    };
    // Plain data has no way to fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
