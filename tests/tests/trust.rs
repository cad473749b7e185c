//! Trust is visible in the path: only the modules that `docs/trust.md` lists hold unsafe code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the checkout")
}

/// Every Rust source of the workspace, relative to its root.
fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            // What lies in the corpus of wrong specs is input, not code of ours.
            if path.is_dir() && !path.ends_with("target") && !path.ends_with("tests/ui") {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for part in ["apps", "components", "composer", "platform-bgp", "platform-qemu", "tests"] {
        if root().join(part).is_dir() {
            walk(&root().join(part), &mut found);
        }
    }
    found.sort();
    found.into_iter().map(|path| path.strip_prefix(root()).expect("below the root").to_owned()).collect()
}

/// Whether a line of code opens something unsafe, or lifts the lint for the file. Comments, and the words
/// in texts, do not count.
fn is_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let opens = ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern", "#[unsafe("];
    code.starts_with("#![expect(unsafe_code")
        || opens.iter().any(|word| code.contains(word)) && !code.contains('"')
}

/// Whether a file is compiled into tests only: below the folder `tests` of a crate. The workspace's own
/// folder `tests` holds crates like any other.
fn is_test(path: &Path) -> bool {
    path.components().skip(1).any(|part| part.as_os_str() == "tests")
}

fn listed() -> BTreeSet<PathBuf> {
    fs::read_to_string(root().join("docs/trust.md"))
        .expect("the page")
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|row| PathBuf::from(row.split('`').next().unwrap_or_default()))
        .collect()
}

#[test]
fn unsafe_code_stands_in_the_listed_modules_only() {
    let found: BTreeSet<_> = sources()
        .into_iter()
        .filter(|path| !is_test(path))
        .filter(|path| fs::read_to_string(root().join(path)).expect("a source").lines().any(is_unsafe))
        .collect();
    assert_eq!(found, listed(), "docs/trust.md lists the modules that hold unsafe code");
}

#[test]
fn crates_without_unsafe_code_forbid_it() {
    let listed = listed();
    for library in sources().into_iter().filter(|path| !is_test(path)) {
        let is_root = library.ends_with("src/lib.rs") || library.ends_with("src/main.rs");
        let source = fs::read_to_string(root().join(&library)).expect("a source");
        let folder = library.parent().expect("a folder");
        let trusted = listed.iter().any(|module| module.starts_with(folder));
        if is_root && !trusted {
            assert!(source.contains("#![forbid(unsafe_code)]"), "{} does not forbid it", library.display());
        }
    }
}
