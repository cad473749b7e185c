//! Why a build failed, and by whose fault.

use composer_syntax::{Code, Diagnostic, SourceMap};

/// Whose fault a failure is. The command line has an exit code for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The spec's, a manifest's or a component's: its author mends it.
    User,
    /// The machine's: something is missing, unreadable or full.
    Environment,
    /// Composer's own.
    Composer,
}

/// A failed build.
#[derive(Debug)]
pub struct Failure {
    /// Whose fault it is.
    pub blame: Blame,
    /// What the labels of the diagnostics point into.
    pub sources: SourceMap,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What a compiler or cargo said, ready to be shown above the diagnostics.
    pub output: Option<String>,
}

impl Failure {
    /// A failure that has no place in a source.
    pub fn new(blame: Blame, diagnostic: Diagnostic) -> Self {
        Self { blame, sources: SourceMap::new(), diagnostics: vec![diagnostic], output: None }
    }

    /// Something that the machine lacks or refuses.
    pub fn environment(diagnostic: Diagnostic) -> Self {
        Self::new(Blame::Environment, diagnostic)
    }

    /// A mistake of composer's.
    pub fn bug(code: Code, message: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::error(code, message)
            .note("this is a mistake of composer's, not of the spec's")
            .help("report it with the spec and what is shown here");
        Self::new(Blame::Composer, diagnostic)
    }

    /// Shows what a program said.
    #[must_use]
    pub fn with_output(mut self, output: String) -> Self {
        self.output = Some(output).filter(|output| !output.trim().is_empty());
        self
    }
}

/// A payload that cannot be had is the author's fault or the machine's, never a bug.
impl From<composer_payload::Error> for Failure {
    fn from(error: composer_payload::Error) -> Self {
        let blame = if error.is_users() { Blame::User } else { Blame::Environment };
        let composer_payload::Error { sources, diagnostics, output } = error;
        Self { blame, sources, diagnostics, output }
    }
}

/// A file or folder that cannot be written.
pub(crate) fn cannot_write(path: &std::path::Path, error: &std::io::Error) -> Failure {
    let message = format!("cannot write `{}`: {error}", path.display());
    Failure::environment(Diagnostic::error(Code::CannotWrite, message))
}
