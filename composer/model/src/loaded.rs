//! What loading a spec gives.

use composer_syntax::{Diagnostic, SourceMap};

use crate::System;

/// The result of [`load`](crate::load).
#[derive(Debug)]
pub struct Loaded {
    /// Every file that was read; spans of diagnostics and origins point into it.
    pub sources: SourceMap,
    /// Everything that was found, errors and warnings, sorted by position.
    pub diagnostics: Vec<Diagnostic>,
    /// The system, if nothing found is an error.
    pub system: Option<System>,
}
