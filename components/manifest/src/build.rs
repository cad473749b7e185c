//! What a component's build script does.

use std::path::{Path, PathBuf};
use std::{env, fs};

use composer_syntax::{Severity, SourceMap};

use crate::model::Manifest;

/// Reads `component.ron` beside the package's `Cargo.toml` and writes the derived types to
/// `$OUT_DIR/component.rs`. Mistakes in the manifest become errors of the build, each with its place.
///
/// # Panics
///
/// When cargo does not run it as a build script.
pub fn build() {
    println!("cargo::rerun-if-changed=component.ron");
    let directory = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR")).join("component.rs");
    match derive(&directory, &mut |message| println!("{message}")) {
        Some(text) => write(&out, &text),
        // Cargo fails the build after an error that a script prints. The file of an earlier, better
        // manifest must not outlive it.
        None => drop(fs::remove_file(&out)),
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name} for build scripts; this is none"))
}

/// The derived text for the manifest in `directory`; its diagnostics go to `print` as cargo's
/// directives.
fn derive(directory: &Path, print: &mut dyn FnMut(String)) -> Option<String> {
    let path = directory.join("component.ron");
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let mut sources = SourceMap::new();
    let (manifest, diagnostics) = match sources.load(path.display().to_string(), &path) {
        Ok(file) => {
            let read = Manifest::read(&sources, file, &name);
            (read.manifest, read.diagnostics)
        }
        Err(diagnostic) => (None, vec![diagnostic]),
    };
    for diagnostic in &diagnostics {
        let kind = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        // A directive ends with its line.
        let line = diagnostic.one_line(&sources).replace(['\n', '\r'], " ");
        print(format!("cargo::{kind}={line}"));
    }
    manifest.map(|manifest| manifest.derive())
}

/// Leaves an equal file alone, so that cargo compiles nothing again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|current| current == text) {
        return;
    }
    if let Err(error) = fs::write(path, text) {
        println!("cargo::error=cannot write {}: {error}", path.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is derived from `manifest` in a directory `greeter`, and what is printed.
    fn run(manifest: Option<&[u8]>) -> (Option<String>, Vec<String>) {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        let directory = temporary.path().join("greeter");
        fs::create_dir(&directory).expect("a directory");
        if let Some(manifest) = manifest {
            fs::write(directory.join("component.ron"), manifest).expect("the manifest");
        }
        let mut printed = Vec::new();
        let text = derive(&directory, &mut |line| printed.push(line));
        let prefix = directory.join("component.ron").display().to_string();
        (text, printed.iter().map(|line| line.replace(&prefix, "component.ron")).collect())
    }

    #[test]
    fn a_good_manifest_prints_nothing() {
        let (text, printed) = run(Some(b"(name: \"greeter\", type: \"Greeter\", stack: 1)"));
        assert!(text.is_some_and(|text| text.contains("pub trait Ports {}")));
        assert!(printed.is_empty());
    }

    #[test]
    fn mistakes_become_errors_of_the_build() {
        let (text, printed) = run(Some(b"(name: \"greeter\",\n type: 5, stak: 1)"));
        assert_eq!(text, None);
        assert_eq!(
            printed,
            [
                "cargo::error=component.ron:2:8: error[F0103]: expected a string, found an integer",
                "cargo::error=component.ron:2:11: error[F0101]: `Component` has no field `stak` (write `stack`)",
            ]
        );
    }

    #[test]
    fn a_manifest_that_cannot_be_read() {
        let (text, printed) = run(None);
        assert_eq!((text, printed.len()), (None, 1));
        assert!(
            printed[0].starts_with("cargo::error=error[F0901]: cannot read `component.ron`"),
            "{printed:?}"
        );
        let (_, printed) = run(Some(b"(\xFF"));
        assert_eq!(
            printed,
            ["cargo::error=component.ron:1:2: error[F0001]: `component.ron` is not UTF-8 text"]
        );
    }

    #[test]
    fn an_equal_file_is_left_alone() {
        let temporary = tempfile::tempdir().expect("a temporary directory");
        let path = temporary.path().join("component.rs");
        write(&path, "one");
        let first = fs::metadata(&path).and_then(|data| data.modified()).expect("a time");
        write(&path, "one");
        assert_eq!(fs::metadata(&path).and_then(|data| data.modified()).expect("a time"), first);
        write(&path, "two");
        assert_eq!(fs::read_to_string(&path).expect("written"), "two");
    }
}
