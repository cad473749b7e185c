//! The corpus: one mistake a folder, and the whole of what composer says to it.
//!
//! `tests/ui/<CODE>-<name>/` holds `spec.ron`, `expected.txt` and, where composer proposes a change,
//! `fixed.ron`: the spec after it (`<file>.fixed.ron` for a manifest or a board beside it). To accept new
//! texts, look at them after `FUGUE_BLESS=1 cargo test -p fugue-tests --test ui`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use composer_model::Loaded;
use composer_syntax::{Code, Diagnostic, Fix, Group, apply};
use fugue_tests::corpus;

/// Codes that no spec alone can bring about.
const NOT_OF_SPECS: [(Code, &str); 5] = [
    (Code::FileTooLarge, "a file of 16 MiB, tested in composer/syntax"),
    (Code::WritableAndExecutable, "a linked program's segments, tested in composer/layout"),
    (Code::StackOverflow, "a linked program's frames, tested on target"),
    (Code::TlbFull, "the pages of linked programs, tested in composer/layout"),
    (Code::UnboundedStack, "a linked program's calls, tested on target"),
];

#[test]
fn the_corpus_reads_as_expected() {
    let failures: Vec<String> = corpus::fixtures().iter().flat_map(|fixture| failures(fixture)).collect();
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_code_of_a_spec_has_a_fixture() {
    let covered: BTreeSet<String> = corpus::fixtures().iter().map(|fixture| code_of(fixture)).collect();
    let exempt = |code: &Code| NOT_OF_SPECS.iter().any(|(other, _)| other == code);
    let of_specs = Code::ALL.iter().filter(|code| code.group() != Group::Environment && !exempt(code));
    let missing: Vec<String> = of_specs.map(Code::to_string).filter(|code| !covered.contains(code)).collect();
    assert!(missing.is_empty(), "no fixture in tests/ui for {}", missing.join(", "));
}

/// `F0101` of `F0101-unknown-field`.
fn code_of(fixture: &Path) -> String {
    let name = fixture.file_name().expect("fixtures have names").to_string_lossy();
    name.split('-').next().unwrap_or_default().to_owned()
}

/// Everything that is not as it should be with one fixture.
fn failures(fixture: &Path) -> Vec<String> {
    let name = fixture.file_name().expect("fixtures have names").to_string_lossy().into_owned();
    let loaded = corpus::check(fixture, &fixture.join("spec.ron"));
    let mut failures = vec![];
    let code = code_of(fixture);
    if !loaded.diagnostics.iter().any(|diagnostic| diagnostic.code.to_string() == code) {
        failures.push(format!("{name}: {code} is not among what was found"));
    }
    failures.extend(loaded.diagnostics.iter().flat_map(house_style).map(|fault| format!("{name}: {fault}")));
    failures.extend(compare(&fixture.join("expected.txt"), Some(&corpus::text(fixture, &loaded))));
    failures.extend(fixes(fixture, &loaded));
    failures
}

/// Compares a file with what it should hold, or that it is not there; blesses it if that is asked for.
fn compare(path: &Path, expected: Option<&str>) -> Option<String> {
    let actual = std::fs::read_to_string(path).ok();
    if actual.as_deref() == expected {
        return None;
    }
    if std::env::var_os("FUGUE_BLESS").is_some() {
        let done = match expected {
            Some(text) => std::fs::write(path, text),
            None => std::fs::remove_file(path),
        };
        done.expect("the corpus can be written");
        return None;
    }
    let show = |text: Option<&str>| text.unwrap_or("(no such file)\n").to_owned();
    Some(format!("{}:\n{}--- but it is now ---\n{}", path.display(), show(actual.as_deref()), show(expected)))
}

/// Carries out all proposals, compares the results, and sees that they help.
fn fixes(fixture: &Path, loaded: &Loaded) -> Vec<String> {
    let fixed: Vec<&Diagnostic> =
        loaded.diagnostics.iter().filter(|diagnostic| diagnostic.fix.is_some()).collect();
    let mut failures = vec![];
    let spec = fixture.join("spec.ron");
    let mut spec_is_changed = false;
    for (file, source) in loaded.sources.files() {
        let path = PathBuf::from(source.name());
        let is_spec = path == spec;
        let fixes = || fixed.iter().filter_map(|diagnostic| diagnostic.fix.as_deref());
        let concerned = |fix: &Fix| fix.edits.iter().any(|edit| edit.span.file == file);
        let target = if is_spec { fixture.join("fixed.ron") } else { path.with_extension("fixed.ron") };
        if !fixes().any(concerned) {
            if is_spec {
                failures.extend(compare(&target, None));
            }
            continue;
        }
        match apply(source.text(), file, fixes()) {
            Ok(text) => failures.extend(compare(&target, Some(&text))),
            Err(error) => failures.push(format!("{}: {error}", path.display())),
        }
        spec_is_changed |= is_spec;
    }
    if spec_is_changed {
        let again = corpus::check(fixture, &fixture.join("fixed.ron"));
        let remains = |one: &&&Diagnostic| again.diagnostics.iter().any(|other| same(one, other));
        let left = fixed
            .iter()
            .filter(remains)
            .map(|one| format!("{}: the fix does not help: {}", spec.display(), one.message));
        failures.extend(left);
    }
    failures
}

/// Whether two runs told the same. Positions may have moved.
fn same(one: &Diagnostic, other: &Diagnostic) -> bool {
    one.code == other.code && one.message == other.message
}

/// What is wrong with the words of a diagnostic.
fn house_style(diagnostic: &Diagnostic) -> Vec<String> {
    let mut faults = vec![];
    let texts =
        diagnostic.labels.iter().map(|label| &label.text).chain(&diagnostic.notes).chain(&diagnostic.helps);
    for text in texts.chain([&diagnostic.message]) {
        if text.ends_with('.') || text.contains('\n') {
            faults.push(format!("not one sentence without a full stop: {text:?}"));
        }
    }
    if diagnostic.labels.is_empty() {
        faults.push(format!("no place is shown: {}", diagnostic.message));
    }
    faults
}
