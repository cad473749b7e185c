//! What the pages show as wrong is wrong in just that way, and what they show as right is right.

use composer_diagnostics::explain;
use composer_syntax::{Code, Diagnostic, Group, SourceMap, parse};
use manifest::Manifest;

/// The example under the line `Wrong:` or `Right:`.
fn example<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, after) = page.split_once(&format!("\n{heading}\n\n```ron\n"))?;
    Some(after.split_once("\n```").expect("the fence is closed").0)
}

/// The mistakes of an example: as a manifest if it is one, else of its syntax. What only composer sees in
/// a whole system is tested with composer's checks.
fn mistakes(code: Code, text: &str) -> Vec<Diagnostic> {
    let mut sources = SourceMap::new();
    let file = sources.add("component.ron", text);
    if text.starts_with("Component(") {
        let name = text.split_once("name: \"").and_then(|(_, name)| name.split_once('"'));
        let name = name.filter(|_| code != Code::ManifestName).map_or("greeter", |(name, _)| name);
        Manifest::read(&sources, file, name).diagnostics
    } else {
        parse(&sources, file).diagnostics
    }
}

#[test]
fn wrong_examples_show_their_code() {
    let mut shown = 0;
    for &code in Code::ALL {
        let Some(text) = explain(code).and_then(|page| example(page, "Wrong:")) else { continue };
        let of_manifest = code <= Code::ActiveProvider && text.starts_with("Component(");
        if code.group() != Group::Syntax && !of_manifest {
            continue;
        }
        let found = mistakes(code, text);
        assert!(!found.is_empty(), "{code}: {text}");
        // A page about several forms of one mistake may show two at once.
        let wrong: Vec<_> = found.iter().filter(|mistake| mistake.code != code).collect();
        assert!(wrong.is_empty(), "{code}: {wrong:?}");
        shown += 1;
    }
    assert!(shown > 20, "examples are found at all");
}

#[test]
fn right_examples_are_right() {
    for &code in Code::ALL {
        let Some(text) = explain(code).and_then(|page| example(page, "Right:")) else { continue };
        assert_eq!(mistakes(code, text), [], "{code}: {text}");
    }
}

#[test]
fn wrong_and_right_come_together() {
    for &code in Code::ALL {
        let Some(page) = explain(code) else { continue };
        assert_eq!(example(page, "Wrong:").is_some(), example(page, "Right:").is_some(), "{code}");
    }
}
