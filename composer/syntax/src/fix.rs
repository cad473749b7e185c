//! Carrying out the change that a diagnostic proposes.

use std::cmp::Reverse;
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

/// The text of `file` after those edits of `fixes` that concern it. Of two fixes that insert at one place,
/// the later one's text comes first: so brackets that lack their ends, reported in the order in which
/// they open, close in the right order.
///
/// # Errors
///
/// [`ApplyError`]; nothing is changed by halves.
pub fn apply<'a>(
    text: &str,
    file: FileId,
    fixes: impl IntoIterator<Item = &'a Fix>,
) -> Result<String, ApplyError> {
    let numbered = fixes.into_iter().enumerate();
    let mut edits: Vec<(usize, &Edit)> = numbered
        .flat_map(|(number, fix)| fix.edits.iter().map(move |edit| (number, edit)))
        .filter(|(_, edit)| edit.span.file == file)
        .collect();
    edits.sort_by_key(|(number, edit)| (edit.span.start, edit.span.end, Reverse(*number)));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (_, edit) in edits {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;
    use crate::span::Span;

    fn fix(edits: &[(usize, usize, &str)], file: FileId) -> Fix {
        let edits = edits.iter().map(|&(start, end, replacement)| Edit {
            span: Span::new(file, start, end),
            replacement: replacement.to_owned(),
        });
        Fix { message: String::new(), edits: edits.collect() }
    }

    #[test]
    fn edits_are_made_in_the_order_of_the_text() {
        let mut sources = SourceMap::new();
        let (file, other) = (sources.add("a", ""), sources.add("b", ""));
        let fixes =
            [fix(&[(4, 5, "E"), (0, 1, "")], file), fix(&[(2, 2, "+")], file), fix(&[(0, 9, "x")], other)];
        assert_eq!(apply("abcdefé", file, &fixes).as_deref(), Ok("b+cdEfé"));
        assert_eq!(
            apply("ab", file, &[fix(&[(1, 1, "1")], file), fix(&[(1, 1, "2")], file)]).as_deref(),
            Ok("a21b")
        );
    }

    #[test]
    fn edits_that_do_not_fit_change_nothing() {
        let file = SourceMap::new().add("a", "");
        let refused = |edits| apply("abé", file, &[fix(edits, file)]);
        assert_eq!(refused(&[(0, 2, ""), (1, 2, "")]), Err(ApplyError::Overlap));
        assert_eq!(refused(&[(0, 9, "")]), Err(ApplyError::OutOfText));
        assert_eq!(refused(&[(3, 4, "")]), Err(ApplyError::OutOfText));
        assert_eq!(refused(&[(2, 1, "")]), Err(ApplyError::OutOfText));
    }
}
