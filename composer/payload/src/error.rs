//! Why a payload cannot be had.

use std::path::Path;

use composer_syntax::{Code, Diagnostic, SourceMap};

/// A payload that cannot be had.
#[derive(Debug)]
pub struct Error {
    /// What labels of the diagnostics point into.
    pub sources: SourceMap,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The last words of a program that failed, ready to be shown above the diagnostics.
    pub output: Option<String>,
}

impl Error {
    /// An error without a place in a source.
    pub(crate) fn new(diagnostic: Diagnostic) -> Self {
        Self { sources: SourceMap::new(), diagnostics: vec![diagnostic], output: None }
    }

    /// Shows what a program said.
    #[must_use]
    pub(crate) fn with_output(mut self, output: String) -> Self {
        self.output = Some(output);
        self
    }

    /// Whether the author of a spec, a recipe or a kernel mends it; else it is the machine that lacks
    /// something.
    pub fn is_users(&self) -> bool {
        let machines = [Code::PayloadFailed, Code::CannotWrite, Code::CannotRead];
        self.diagnostics.iter().all(|one| !machines.contains(&one.code))
    }
}

/// Something of this machine stands in the way.
pub(crate) fn failed(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::PayloadFailed, message)
}

pub(crate) fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    let message = format!("cannot write `{}`: {error}", path.display());
    let full = error.kind() == std::io::ErrorKind::StorageFull;
    let help = if full { "make room; what is finished stays" } else { "see to it that you may write there" };
    Error::new(Diagnostic::error(Code::CannotWrite, message).help(help))
}

pub(crate) fn cannot_read(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Diagnostic::error(Code::CannotRead, format!("cannot read `{}`: {error}", path.display())))
}
