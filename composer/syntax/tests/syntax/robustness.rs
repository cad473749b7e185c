//! Whatever the bytes: no panic, no byte lost, and diagnostics that point into the text.

use composer_syntax::{MAXIMUM_DEPTH, Parsed, SourceMap, Value, ValueKind, apply, parse};
use proptest::prelude::*;

/// Holds what is promised for every text.
fn check(text: &str) {
    let (sources, parsed) = crate::parse_text(text);
    let joined: String = parsed.tokens.iter().map(|token| &text[token.start..token.end]).collect();
    assert_eq!(joined, text);
    assert!(parsed.tokens.windows(2).all(|pair| pair[0].end == pair[1].start));
    assert!(parsed.tokens.iter().all(|token| token.start < token.end));
    check_diagnostics(text, &sources, &parsed);
    match &parsed.value {
        Some(value) => check_value(text, value, parsed.diagnostics.is_empty(), 0),
        None => assert!(!parsed.diagnostics.is_empty(), "neither a value nor a mistake: {text:?}"),
    }
}

fn check_diagnostics(text: &str, sources: &SourceMap, parsed: &Parsed) {
    for diagnostic in &parsed.diagnostics {
        assert!(diagnostic.span().is_some());
        for label in &diagnostic.labels {
            assert!(text.get(label.span.start..label.span.end).is_some(), "{text:?}: {label:?}");
            assert!(sources.position(label.span.file, label.span.start).line >= 1);
        }
        if let Some(fix) = &diagnostic.fix {
            let (file, _) = sources.files().next().expect("one file");
            apply(text, file, [&**fix]).unwrap_or_else(|error| panic!("{text:?}: {fix:?}: {error}"));
        }
    }
}

fn check_value(text: &str, value: &Value, whole: bool, depth: usize) {
    assert!(text.get(value.span.start..value.span.end).is_some(), "{text:?}: {value:?}");
    assert!(depth <= 2 * MAXIMUM_DEPTH);
    let inside = |inner: &Value| {
        assert!(
            value.span.start <= inner.span.start && inner.span.end <= value.span.end,
            "{text:?}: {value:?}"
        );
        check_value(text, inner, whole, depth + 1);
    };
    match &value.kind {
        ValueKind::List(items) | ValueKind::Tuple { items, .. } => items.iter().for_each(inside),
        ValueKind::Map(pairs) => pairs.iter().flat_map(|pair| [&pair.key, &pair.value]).for_each(inside),
        ValueKind::Struct { fields, .. } => fields.iter().map(|field| &field.value).for_each(inside),
        ValueKind::Option(Some(inner)) => inside(inner),
        ValueKind::Range { start, end, .. } => start.iter().chain(end).map(|side| &**side).for_each(inside),
        ValueKind::Broken => assert!(!whole, "a broken value without a mistake: {text:?}"),
        _ => {}
    }
}

proptest! {
    #![proptest_config(crate::cases(2000))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut sources = SourceMap::new();
        match sources.add_bytes("bytes", &bytes) {
            Ok(file) => drop(parse(&sources, file)),
            Err(diagnostic) => {
                let span = diagnostic.span().expect("a place");
                prop_assert_eq!(sources.text(span), "\u{FFFD}");
                prop_assert!(std::str::from_utf8(&bytes[..span.start]).is_ok());
            }
        }
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_pieces(text in crate::documents::soup()) {
        check(&text);
    }

    #[test]
    fn documents_and_their_mutations(text in crate::documents::document(), other in crate::documents::mutated()) {
        check(&text);
        check(&other);
    }
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{1:", "}"), ("Some(", ")"), ("a(b:", ")")] {
        let nested = |depth: usize| format!("{}0{}", open.repeat(depth), close.repeat(depth));
        assert!(crate::parse_text(&nested(MAXIMUM_DEPTH)).1.diagnostics.is_empty(), "{open}");
        let (_, parsed) = crate::parse_text(&nested(MAXIMUM_DEPTH + 1));
        let codes: Vec<String> = parsed.diagnostics.iter().map(|mistake| mistake.code.to_string()).collect();
        assert_eq!(codes, ["F0016"], "{open}");
        check(&nested(100_000));
        check(&open.repeat(100_000));
        check(&close.repeat(100_000));
    }
}

#[test]
fn hostile_texts_take_no_time() {
    for piece in ["r#\"", "\"a\"b", "'", "/*", "\"\\", "b'", "1e", "#!["] {
        check(&piece.repeat(20_000));
    }
}
