//! Carrying out the change that a diagnostic proposes.

use std::fmt;

use crate::diagnostic::{Edit, Fix};
use crate::source::FileId;

/// Why a fix cannot be carried out. The text was changed since, or the fix is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyError {
    /// Two edits replace the same text.
    Overlap,
    /// An edit reaches beyond the text, or into the middle of a character.
    OutOfText,
}

impl fmt::Display for ApplyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Overlap => "two edits replace the same text",
            Self::OutOfText => "an edit reaches beyond the text that it is for",
        })
    }
}

impl std::error::Error for ApplyError {}

/// The text of `file` after those edits of `fixes` that concern it.
///
/// # Errors
///
/// [`ApplyError`]; nothing is changed by halves.
pub fn apply<'a>(
    text: &str,
    file: FileId,
    fixes: impl IntoIterator<Item = &'a Fix>,
) -> Result<String, ApplyError> {
    let mut edits: Vec<&Edit> =
        fixes.into_iter().flat_map(|fix| &fix.edits).filter(|edit| edit.span.file == file).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        if edit.span.start < done {
            return Err(ApplyError::Overlap);
        }
        result += text.get(done..edit.span.start).ok_or(ApplyError::OutOfText)?;
        // Also refuses a span that ends before it starts.
        text.get(edit.span.start..edit.span.end).ok_or(ApplyError::OutOfText)?;
        result += &edit.replacement;
        done = edit.span.end;
    }
    result += text.get(done..).ok_or(ApplyError::OutOfText)?;
    Ok(result)
}
