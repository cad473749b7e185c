//! No text makes composer panic: what cannot be used ends in a diagnostic with a place, which can be
//! shown, and whose fix can be carried out.

use std::path::{Path, PathBuf};

use composer_syntax::{SourceMap, apply, parse};
use fugue_tests::corpus;
use proptest::prelude::*;

/// What takes a token's place.
const INTRUDERS: [&str; 16] = [
    "",
    "(",
    ")",
    "{",
    "}",
    "[",
    ":",
    ",",
    "\"",
    "'",
    "0",
    "-1",
    "99999999999999999999999",
    "Direct",
    "\"bob\"",
    "\u{1F980}",
];

/// Loads a text as a spec, and does with the result whatever a person might.
fn survives(folder: &Path, text: &str) {
    let path = folder.join("spec.ron");
    std::fs::write(&path, text).expect("a temporary file can be written");
    let loaded = corpus::check(folder, &path);
    let shown = corpus::text(folder, &loaded);
    assert_eq!(shown.is_empty(), loaded.diagnostics.is_empty());
    assert!(loaded.system.is_some() || !loaded.diagnostics.is_empty(), "refused without a word:\n{text}");
    for diagnostic in &loaded.diagnostics {
        assert!(!diagnostic.labels.is_empty(), "no place: {}", diagnostic.message);
        for label in &diagnostic.labels {
            let source = loaded.sources.file(label.span.file).text();
            assert!(
                source.get(label.span.start..label.span.end).is_some(),
                "no text: {}",
                diagnostic.message
            );
        }
        if let Some(fix) = diagnostic.fix.as_deref() {
            for (file, source) in loaded.sources.files() {
                apply(source.text(), file, [fix]).expect("a fix can be carried out");
            }
        }
    }
}

/// The texts of a spec's tokens.
fn tokens(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let file = sources.add("spec.ron", text);
    let mut at = 0;
    let parsed = parse(&sources, file);
    let mut pieces = vec![];
    for token in parsed.tokens {
        pieces.push(text[at..token.end].to_owned());
        at = token.end;
    }
    assert_eq!(pieces.concat(), text);
    pieces
}

fn hello() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../system-specs/hello.ron");
    std::fs::read_to_string(path).expect("hello.ron can be read")
}

/// A spec with everything that a spec can say.
fn everything() -> String {
    std::fs::read_to_string(corpus::folder().join("base/everything.ron")).expect("everything.ron can be read")
}

#[test]
fn every_fixture_is_survived() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for fixture in corpus::fixtures() {
        let Ok(text) = std::fs::read_to_string(fixture.join("spec.ron")) else { continue };
        survives(folder.path(), &text);
    }
}

#[test]
fn the_model_specs_have_no_mistakes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for text in [hello(), everything()] {
        let path: PathBuf = folder.path().join("spec.ron");
        std::fs::write(&path, text).expect("a temporary file can be written");
        let loaded = corpus::check(folder.path(), &path);
        assert_eq!(corpus::text(folder.path(), &loaded), "");
        assert!(loaded.system.is_some());
    }
}

#[test]
fn one_token_can_be_anything() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for text in [hello(), everything()] {
        let tokens = tokens(&text);
        for at in 0..tokens.len() {
            if tokens[at].trim().is_empty() || tokens[at].starts_with("//") {
                continue;
            }
            let around = |middle: &str| tokens[..at].concat() + middle + &tokens[at + 1..].concat();
            // A third of them at each place; the next place has the next third.
            for intruder in INTRUDERS.iter().skip(at % 3).step_by(3) {
                survives(folder.path(), &around(intruder));
            }
            survives(folder.path(), &around(&format!("{0} {0}", tokens[at])));
            survives(folder.path(), &tokens[..=at].concat());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Tokens of one place at another, several times over.
    #[test]
    fn several_tokens_can_be_anything(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..20_usize), 1..6),
        which in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut tokens = tokens(&if which { hello() } else { everything() });
        for (to, from, kind) in changes {
            let (to, from) = (to.index(tokens.len()), from.index(tokens.len()));
            match kind {
                0..16 => tokens[to] = INTRUDERS[kind].to_owned(),
                16..18 => tokens[to] = tokens[from].clone(),
                _ => tokens.swap(to, from),
            }
        }
        survives(folder.path(), &tokens.concat());
    }

    /// Any text at all.
    #[test]
    fn any_text_is_survived(text in ".{0,200}") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        survives(folder.path(), &text);
    }
}
