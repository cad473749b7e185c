//! What loading a spec gives.

use composer_syntax::{Diagnostic, SourceMap};

use crate::System;

/// The result of [`load`](crate::load()).
#[derive(Debug)]
pub struct Loaded {
    /// Every file that was read; spans of diagnostics and origins point into it.
    pub sources: SourceMap,
    /// Everything that was found, errors and warnings, sorted by position.
    pub diagnostics: Vec<Diagnostic>,
    /// The system, if nothing found is an error.
    pub system: Option<System>,
    /// If there is no system: its board and its regions, with nothing in them, as far as they can be
    /// read. Good for one thing: to let layout say what is wrong with memory in the same run.
    pub outline: Option<System>,
}
