//! Comparing derived text with the file that holds what is expected.

use std::path::Path;

use composer_syntax::SourceMap;
use manifest::Manifest;

/// Derives from `tests/<name>.ron` and compares with `tests/expected/<name>.rs`. With `BLESS` set in the
/// environment it writes that file instead.
pub(crate) fn compare(name: &str) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut sources = SourceMap::new();
    let file = sources.load(name, &tests.join(format!("{name}.ron"))).expect("the manifest is there");
    let read = Manifest::read(&sources, file, name);
    assert_eq!(read.diagnostics, []);
    let derived = read.manifest.expect("nothing is wrong with it").derive();
    let expected = tests.join(format!("expected/{name}.rs"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expected, &derived).expect("the expectation can be written");
    }
    let expected = std::fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(derived, expected, "run again with BLESS=1 if the change is meant");
}
