//! Where a thing of the model comes from.

use composer_syntax::{SourceMap, Span};

/// A place in a source file. What the spec leaves to a default has the origin of the instance that
/// the default is for, so that every generated line can name a line of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The bytes.
    pub span: Span,
    /// The line that they start on, from 1.
    pub line: u32,
}

impl Origin {
    /// The place of `span`.
    pub fn new(sources: &SourceMap, span: Span) -> Self {
        let line = sources.position(span.file, span.start).line;
        Self { span, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }
}
