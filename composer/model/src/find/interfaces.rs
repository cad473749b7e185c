//! The interfaces that ports speak, read from their Rust source.

use std::path::{Path, PathBuf};

use composer_syntax::{Code, Diagnostic, Diagnostics, FileId, SourceMap, Span, Spanned, unknown_name};
use manifest::{InterfaceReference, Manifest};

use crate::Checkout;
use crate::system::Interface;

/// The interfaces of all required ports of `components`. A port whose interface is unknown, or known in
/// another version only, is reported, once for each manifest that names it.
pub(crate) fn interfaces<'a>(
    checkout: &Checkout,
    sources: &mut SourceMap,
    components: impl Iterator<Item = &'a Manifest>,
    found: &mut Diagnostics,
) -> Vec<Interface> {
    let mut shelf = Shelf { checkout, files: None, read: vec![], broken: vec![] };
    let mut used: Vec<Interface> = vec![];
    for manifest in components {
        let mut told: Vec<&str> = vec![];
        for port in manifest.requires.iter().chain(&manifest.provides) {
            let speaks = &port.value;
            let same =
                |interface: &Interface| interface.name == speaks.name && interface.version == speaks.version;
            if used.iter().any(same) || told.contains(&speaks.name.as_str()) {
                continue;
            }
            told.push(&speaks.name);
            shelf.look_for(&speaks.name, sources, found);
            match shelf.read.iter().find(|(_, interface)| same(interface)) {
                Some((_, interface)) => used.push(interface.clone()),
                None => found.extend(shelf.problem(speaks, sources)),
            }
        }
    }
    used
}

/// The interface folders, opened as far as needed.
struct Shelf<'a> {
    checkout: &'a Checkout,
    /// The Rust files, once they are listed.
    files: Option<Vec<(PathBuf, String)>>,
    /// Interfaces read so far, and where each stands.
    read: Vec<(Span, Interface)>,
    /// Names of traits in files with mistakes.
    broken: Vec<String>,
}

impl Shelf<'_> {
    /// Reads the files that declare a trait of this name.
    fn look_for(&mut self, name: &str, sources: &mut SourceMap, found: &mut Diagnostics) {
        if self.read.iter().any(|(_, interface)| interface.name == name)
            || self.broken.iter().any(|it| it == name)
        {
            return;
        }
        let word = format!("trait {name}");
        let files = self.files.get_or_insert_with(|| list(self.checkout.interface_folders()));
        let matching: Vec<(PathBuf, String)> =
            files.extract_if(.., |(_, text)| declares(text, &word)).collect();
        for (path, text) in matching {
            let module = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            match interface_syntax::interfaces_in(&text) {
                Ok(interfaces) => {
                    let file = sources.add(self.checkout.display(&path), text);
                    for one in interfaces {
                        let start = offset(sources, file, one.position.line, one.position.column);
                        let span = Span::new(file, start, start + one.name.len());
                        self.read.push((span, interface(one, &module)));
                    }
                }
                Err(mistakes) => {
                    let file = sources.add(self.checkout.display(&path), text);
                    self.broken.push(name.to_owned());
                    for mistake in mistakes {
                        let start = offset(sources, file, mistake.line, mistake.column);
                        let message = "the interface cannot be used as it is written";
                        found.push(
                            Diagnostic::error(Code::InterfaceMistake, message)
                                .primary(Span::new(file, start, start), mistake.message),
                        );
                    }
                }
            }
        }
    }

    /// Why a manifest's interface was not found; `None` if its file's mistakes say so.
    fn problem(&self, named: &InterfaceReference, sources: &SourceMap) -> Option<Diagnostic> {
        let InterfaceReference { name, version, .. } = named;
        if self.broken.contains(name) {
            return None;
        }
        if let Some((span, other)) = self.read.iter().find(|(_, interface)| interface.name == *name) {
            let message = format!("`{name}` has version {}, not {version}", other.version);
            return Some(
                Diagnostic::error(Code::InterfaceVersion, message)
                    .primary(named.span, format!("version {version} is named here"))
                    .secondary(*span, format!("version {} is declared here", other.version))
                    .help("bring the component up to the interface's version, then its manifest"),
            );
        }
        let texts = sources.files().map(|(_, file)| file.text());
        let unread = self.files.iter().flatten().map(|(_, text)| text.as_str());
        let mut known: Vec<&str> = texts.chain(unread).flat_map(traits).collect();
        known.sort_unstable();
        let shown = Spanned::new(name.as_str(), named.span);
        let mut diagnostic = unknown_name(Code::UnknownInterface, "interface", shown, true, known);
        // The name is a part of the string that the span covers.
        if let Some(fix) = diagnostic.fix.take() {
            let right = format!("\"{}@{version}\"", fix.edits[0].replacement.trim_matches('"'));
            diagnostic = diagnostic.fix(fix.message, named.span, right);
        }
        Some(diagnostic)
    }
}

/// All Rust files of the folders, in a fixed order. What cannot be read is not there.
fn list(folders: &[PathBuf]) -> Vec<(PathBuf, String)> {
    let mut files = vec![];
    for folder in folders {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| is_rust(path)).collect();
        paths.sort();
        files.extend(paths.into_iter().filter_map(|path| {
            let text = std::fs::read_to_string(&path).ok()?;
            Some((path, text))
        }));
    }
    files
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// Whether the words stand in the text as words.
fn declares(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let after = text[at + words.len()..].chars().next();
        after.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_')
    })
}

/// Names of the public traits in a text, for the nearest one. A guess is good enough.
fn traits(text: &str) -> impl Iterator<Item = &str> {
    text.split("pub trait ").skip(1).filter_map(|after| {
        let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
        (end > 0).then(|| &after[..end])
    })
}

fn interface(read: interface_syntax::Interface, module: &str) -> Interface {
    Interface {
        buffer: read.buffer_bytes(),
        request: read.request_bytes(),
        answer: read.answer_bytes(),
        name: read.name,
        module: module.to_owned(),
        version: u32::from(read.version),
        events: read.events.into_iter().map(|event| event.name).collect(),
    }
}

/// The byte at a line and a column, both from 1; the end of the text if there is no such place.
fn offset(sources: &SourceMap, file: FileId, line: usize, column: usize) -> usize {
    let text = sources.file(file).text();
    let mut start = 0;
    for one in text.split_inclusive('\n').take(line.saturating_sub(1)) {
        start += one.len();
    }
    let rest = &text[start..];
    rest.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| start + at)
}
