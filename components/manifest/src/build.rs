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
