//! What `composer explain` shows of whole specs is wrong in the way that the page is about, and right
//! where it says so.

use composer_diagnostics::explain;
use composer_model::Loaded;
use composer_syntax::{Code, Group};
use fugue_tests::corpus;

/// The example under the line `Wrong:` or `Right:`, if it is a whole spec.
fn example<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, after) = page.split_once(&format!("\n{heading}\n\n```ron\n"))?;
    let text = after.split_once("\n```").expect("the fence is closed").0;
    text.starts_with("System(").then_some(text)
}

fn check(text: &str) -> Loaded {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("spec.ron");
    std::fs::write(&path, text).expect("a temporary file can be written");
    corpus::check(folder.path(), &path)
}

#[test]
fn wrong_specs_show_their_code_and_right_ones_nothing() {
    let mut shown = 0;
    // Pages about syntax show no more of a spec than they must.
    for &code in Code::ALL.iter().filter(|code| code.group() != Group::Syntax) {
        let page = explain(code).expect("every code has a page");
        let (Some(wrong), Some(right)) = (example(page, "Wrong:"), example(page, "Right:")) else { continue };
        let found: Vec<Code> = check(wrong).diagnostics.iter().map(|one| one.code).collect();
        assert!(!found.is_empty() && found.iter().all(|other| *other == code), "{code}: {found:?}\n{wrong}");
        let found: Vec<String> = check(right).diagnostics.into_iter().map(|one| one.message).collect();
        assert!(found.is_empty(), "{code}: {found:?}\n{right}");
        shown += 1;
    }
    assert!(shown > 20, "examples are found at all");
}
