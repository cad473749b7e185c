//! Diagnostics as data. Nothing here prints: `composer-diagnostics` renders.

use crate::code::Code;
use crate::source::SourceMap;
use crate::span::Span;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be built.
    Error,
    /// It can be built, but is likely not what was meant.
    Warning,
}

/// Whether a label shows the mistake itself or what explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The mistake.
    Primary,
    /// Another place that explains it, such as the first of two equal keys.
    Secondary,
}

/// A place in the source and what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words; may be empty.
    pub text: String,
    /// What the place is to the mistake.
    pub role: Role,
}

/// One replacement in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards; empty to delete.
    pub replacement: String,
}

/// A change that repairs the mistake. [`apply`](crate::apply()) carries it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an order: "write `priority`".
    pub message: String,
    /// Replacements that do not overlap.
    pub edits: Vec<Edit>,
}

/// One thing that is wrong, where, why, and what would put it right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence without a full stop, that stands without the source beside it.
    pub message: String,
    /// The places concerned; the first primary one is where the diagnostic is said to stand. A
    /// diagnostic about no source, such as a file that cannot be read, has none.
    pub labels: Vec<Label>,
    /// Further facts.
    pub notes: Vec<String>,
    /// Advice in words, where no edit can be proposed.
    pub helps: Vec<String>,
    /// The change that repairs the mistake, if there is one that is likely what was meant.
    pub fix: Option<Box<Fix>>,
}

impl Diagnostic {
    /// An error with neither labels nor notes yet.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A warning with neither labels nor notes yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: Code, message: String) -> Self {
        Self { code, severity, message, labels: vec![], notes: vec![], helps: vec![], fix: None }
    }

    /// Adds a label at the mistake.
    #[must_use]
    pub fn primary(self, span: Span, text: impl Into<String>) -> Self {
        self.label(span, text.into(), Role::Primary)
    }

    /// Adds a label at a place that explains the mistake.
    #[must_use]
    pub fn secondary(self, span: Span, text: impl Into<String>) -> Self {
        self.label(span, text.into(), Role::Secondary)
    }

    fn label(mut self, span: Span, text: String, role: Role) -> Self {
        self.labels.push(Label { span, text, role });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds advice in words.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }

    /// Adds an edit to the fix. The first call's message is the one that is shown.
    #[must_use]
    pub fn fix(mut self, message: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        let edit = Edit { span, replacement: replacement.into() };
        match &mut self.fix {
            Some(fix) => fix.edits.push(edit),
            None => self.fix = Some(Box::new(Fix { message: message.into(), edits: vec![edit] })),
        }
        self
    }

    /// Where the diagnostic stands: its first primary label, else its first label.
    pub fn span(&self) -> Option<Span> {
        let primary = self.labels.iter().find(|label| label.role == Role::Primary);
        primary.or(self.labels.first()).map(|label| label.span)
    }

    /// The diagnostic on one line, for logs and build scripts: `name:line:column: error[F0101]: …`.
    pub fn one_line(&self, sources: &SourceMap) -> String {
        let place = self.span().map(|span| sources.location(span) + ": ").unwrap_or_default();
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let fix = self.fix.as_ref().map(|fix| format!(" ({})", fix.message)).unwrap_or_default();
        format!("{place}{severity}[{}]: {}{fix}", self.code, self.message)
    }
}

/// Collects what one pass finds, so that a mistake never hides the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Whether something was found that prevents a build.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// What was found so far, in the order of finding.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// All that was found, in the order of the source: by file, then by place. Diagnostics without a
    /// place come first.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|diagnostic| diagnostic.span().map(|span| (span.file, span.start)));
        self.found
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.found.extend(more);
    }
}
