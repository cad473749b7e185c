//! The crate beside a manifest or a board description, as far as they speak of it.
//!
//! What they say of their crate would otherwise come out as an error of cargo or of the compiler, in
//! files that nobody has written.

use std::fs;
use std::path::Path;

use composer_syntax::{Code, Diagnostic, Diagnostics, Spanned, nearest, quoted};
use manifest::Manifest;

/// Folders below `src` are looked into so deep.
const DEPTH: usize = 8;

/// Reports where the crate in `directory` is not the one that its manifest describes. A crate is expected
/// where the checkout is one of crates, and not only a folder of manifests.
pub(super) fn agree(directory: &Path, root: &Path, manifest: &Manifest, found: &mut Diagnostics) {
    if !directory.join("Cargo.toml").is_file() && root.join("Cargo.toml").is_file() {
        found.push(no_crate(manifest));
        return;
    }
    described(directory, &manifest.name, &manifest.type_name, found);
}

/// Reports where the crate in `directory`, if there is one, has another name or lacks the type.
pub(crate) fn described(
    directory: &Path,
    name: &Spanned<String>,
    wanted: &Spanned<String>,
    found: &mut Diagnostics,
) {
    let Ok(text) = fs::read_to_string(directory.join("Cargo.toml")) else { return };
    if let Some(package) = package_name(&text).filter(|package| *package != name.value) {
        found.push(other_package(name, package));
    }
    let mut sources = Vec::new();
    read_sources(&directory.join("src"), DEPTH, &mut sources);
    if !sources.is_empty() && !sources.iter().any(|text| words(text).any(|word| word == wanted.value)) {
        found.push(no_type(wanted, &sources));
    }
}

/// The name in the section `[package]`.
fn package_name(cargo: &str) -> Option<&str> {
    let lines = cargo.lines().map(str::trim).skip_while(|line| *line != "[package]").skip(1);
    let mut fields = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
    let (_, name) = fields.find(|(field, _)| field.trim() == "name")?;
    name.trim().strip_prefix('"')?.split('"').next()
}

fn read_sources(folder: &Path, depth: usize, sources: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && depth > 0 {
            read_sources(&path, depth - 1, sources);
        } else if path.extension().is_some_and(|end| end == "rs") {
            sources.extend(fs::read_to_string(path));
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

/// The public types that a source declares.
fn types(text: &str) -> impl Iterator<Item = &str> {
    let after = |line: &'_ str| -> Option<usize> {
        ["pub struct ", "pub enum ", "pub type "]
            .iter()
            .find(|head| line.starts_with(**head))
            .map(|head| head.len())
    };
    text.lines().map(str::trim_start).filter_map(move |line| words(&line[after(line)?..]).next())
}

fn no_crate(manifest: &Manifest) -> Diagnostic {
    let message = format!("`{}` has a manifest and no crate", manifest.name.value);
    Diagnostic::error(Code::CrateDiffers, message)
        .primary(manifest.name.span, "there is no `Cargo.toml` beside this manifest")
        .help("`docs/tutorial/first-component.md` shows the four files of a component")
}

fn other_package(name: &Spanned<String>, package: &str) -> Diagnostic {
    Diagnostic::error(Code::CrateDiffers, format!("the crate is called `{package}`, not `{}`", name.value))
        .primary(name.span, format!("`Cargo.toml` beside this file names the package `{package}`"))
        .help(format!("write `name = \"{}\"` in that `Cargo.toml`", name.value))
}

fn no_type(wanted: &Spanned<String>, sources: &[String]) -> Diagnostic {
    let message = format!("the crate has no type `{}`", wanted.value);
    let diagnostic = Diagnostic::error(Code::CrateDiffers, message);
    match nearest(&wanted.value, sources.iter().flat_map(|text| types(text))) {
        Some(near) => diagnostic.primary(wanted.span, format!("did you mean `{near}`?")).fix(
            format!("write `{near}`"),
            wanted.span,
            quoted(near),
        ),
        None => diagnostic
            .primary(wanted.span, "no file in its `src` has this word")
            .help("declare it in `src/lib.rs`, or name the type that is there"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_named_in_its_section() {
        assert_eq!(package_name("[package]\nname = \"a\" # the one\n"), Some("a"));
        assert_eq!(package_name("[lib]\nname = \"b\"\n[package]\nversion = \"1\"\nname=\"a\"\n"), Some("a"));
        assert_eq!(package_name("[package]\n[lib]\nname = \"b\"\n"), None);
    }

    #[test]
    fn public_types_are_found() {
        let text =
            "/// pub struct No\npub struct Greeter<P: Ports> {\n    pub enum Inner;\nstruct Private;\n";
        assert_eq!(types(text).collect::<Vec<_>>(), ["Greeter", "Inner"]);
    }
}
