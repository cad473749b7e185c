//! The mistakes that all readers report alike.

use std::collections::BTreeMap;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::literal::quoted;
use crate::nearest::nearest;
use crate::span::{Span, Spanned};
use crate::value::{Value, ValueKind};

/// Reports that `value` is not what is `expected` ("a string"), unless it is broken anyway. Always
/// `None`, so that readers can return it.
pub fn wrong_type<T>(value: &Value, expected: &str, found: &mut Diagnostics) -> Option<T> {
    if value.kind != ValueKind::Broken {
        let message = format!("expected {expected}, found {}", value.describe());
        let label = format!("expected {expected}");
        let mut diagnostic = Diagnostic::error(Code::WrongType, message).primary(value.head(), label);
        // A name where a text is asked for lacks its quotes.
        if let (ValueKind::Name(name), "a string") = (&value.kind, expected) {
            diagnostic = diagnostic.fix("quote it", value.span, quoted(name));
        }
        found.push(diagnostic);
    }
    None
}

/// Reports each name that an earlier one equals. `what` is "field" or "key".
pub fn check_unique<'a>(
    names: impl IntoIterator<Item = Spanned<&'a str>>,
    what: &str,
    found: &mut Diagnostics,
) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for name in names {
        if let Some(&earlier) = first.get(name.value) {
            let message = format!("{what} `{}` is given twice", name.value);
            found.push(
                Diagnostic::error(Code::DuplicateKey, message)
                    .primary(name.span, "given again here")
                    .secondary(earlier, "first given here"),
            );
        } else {
            first.insert(name.value, name.span);
        }
    }
}

/// That `name` is none of `known`, with the nearest of them as the fix, else with all as a note.
/// `what` says what kind of name: "instance", "field", "device of board `qemu`".
///
/// The fix replaces `name.span` whole; where the name is a string, `in_quotes` puts its quotes back.
pub fn unknown_name<'a>(
    code: Code,
    what: &str,
    name: Spanned<&str>,
    in_quotes: bool,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let mut known: Vec<&str> = known.into_iter().collect();
    let diagnostic = Diagnostic::error(code, format!("unknown {what} `{}`", name.value));
    if let Some(meant) = nearest(name.value, known.iter().copied()) {
        let replacement = if in_quotes { quoted(meant) } else { meant.to_owned() };
        return diagnostic.primary(name.span, format!("did you mean `{meant}`?")).fix(
            format!("write `{meant}`"),
            name.span,
            replacement,
        );
    }
    known.sort_unstable();
    known.dedup();
    let list = match known.len() {
        0 => return diagnostic.primary(name.span, "there are none of this kind"),
        count => {
            // A long list helps nobody.
            let shown: Vec<String> = known.iter().take(20).map(|name| format!("`{name}`")).collect();
            let more = if count > 20 { format!(" and {} more", count - 20) } else { String::new() };
            shown.join(", ") + &more
        }
    };
    diagnostic.primary(name.span, "not known").note(format!("known here: {list}"))
}
