//! How composer ends.

use std::process::ExitCode;

use composer_build::{Blame, Failure};
use composer_syntax::{Code, Diagnostic};

/// A verb's end: an exit code, or what went wrong.
pub(crate) type End = Result<ExitCode, Failure>;

/// All is well.
pub(crate) const OK: End = Ok(ExitCode::SUCCESS);

/// The user's spec, component or test is wrong, and it has been said.
pub(crate) fn wrong() -> ExitCode {
    ExitCode::from(1)
}

/// The exit code for a failure.
pub(crate) fn code(blame: Blame) -> ExitCode {
    ExitCode::from(match blame {
        Blame::User => 1,
        Blame::Environment => 3,
        Blame::Composer => 4,
    })
}

/// A failure of the user's, without a place in a source.
pub(crate) fn user(code: Code, message: impl Into<String>) -> Failure {
    Failure::new(Blame::User, Diagnostic::error(code, message))
}

/// The machine refuses to write a file.
pub(crate) fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> Failure {
    let message = format!("cannot write `{}`: {error}", path.display());
    Failure::environment(Diagnostic::error(Code::CannotWrite, message))
}

/// Makes sure that a file can be written before the work whose results it is to hold. What it holds stays.
pub(crate) fn writable(path: &std::path::Path) -> Result<(), Failure> {
    let opened = std::fs::File::options().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| cannot_write(path, &error))
}
