//! The components that a spec names.

use std::path::{Path, PathBuf};

use composer_syntax::{Diagnostics, SourceMap};
use manifest::Manifest;

use super::crates;
use crate::Checkout;
use crate::spec::SpecText;
use crate::system::StandIn;

/// The manifests of the components that a spec names, and their stand-ins on its board.
pub(crate) struct Library {
    read: Vec<Shelved>,
    /// All names there are, if a name was not found.
    names: Vec<String>,
}

/// A component that was found.
struct Shelved {
    name: String,
    /// The crate's folder.
    directory: PathBuf,
    /// `None` if the manifest has mistakes.
    manifest: Option<Manifest>,
}

impl Library {
    /// Reads the manifests of all components of `spec`, each once, and reports their mistakes.
    pub(crate) fn read(
        checkout: &Checkout,
        sources: &mut SourceMap,
        spec: &SpecText,
        stand_ins: &[StandIn],
        found: &mut Diagnostics,
    ) -> Self {
        let mut library = Self { read: vec![], names: vec![] };
        let named = spec.instances.entries().filter_map(|entry| entry.value.component.given());
        for name in named.map(|name| name.value.as_str()) {
            let stand_in = stand_ins.iter().find(|one| one.instead_of == name);
            for name in stand_in.map(|one| one.component.value.as_str()).into_iter().chain([name]) {
                library.add(checkout, sources, name, found);
            }
        }
        library
    }

    fn add(&mut self, checkout: &Checkout, sources: &mut SourceMap, name: &str, found: &mut Diagnostics) {
        if !self.is_unknown(name) {
            return;
        }
        let Some(directory) = directory(checkout, name) else {
            if self.names.is_empty() {
                self.names = names(checkout);
            }
            return;
        };
        let path = directory.join("component.ron");
        let manifest = match sources.load(checkout.display(&path), &path) {
            Ok(file) => {
                let read = Manifest::read(sources, file, name);
                found.extend(read.diagnostics);
                if let Some(manifest) = &read.manifest {
                    crates::agree(&directory, checkout.root(), manifest, found);
                }
                read.manifest
            }
            Err(problem) => {
                found.push(problem);
                None
            }
        };
        self.read.push(Shelved { name: name.to_owned(), directory, manifest });
    }

    /// The manifest of the component called `name`, if it can be used, and the crate's folder.
    pub(crate) fn get(&self, name: &str) -> Option<(&Manifest, &Path)> {
        let shelved = self.read.iter().find(|one| one.name == name)?;
        Some((shelved.manifest.as_ref()?, &shelved.directory))
    }

    /// Whether no folder holds a component called `name`.
    pub(crate) fn is_unknown(&self, name: &str) -> bool {
        self.read.iter().all(|one| one.name != name)
    }

    /// The names of all components that there are, if some name is unknown.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// All components whose manifests can be used.
    pub(crate) fn components(&self) -> impl Iterator<Item = &Manifest> {
        self.read.iter().filter_map(|one| one.manifest.as_ref())
    }
}

/// The first folder that holds the component.
fn directory(checkout: &Checkout, name: &str) -> Option<PathBuf> {
    // A name is one folder; `..` and `/` would leave the folders of components.
    let plain = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    if name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    let folders = checkout.component_folders().iter().map(|folder| folder.join(name));
    folders.into_iter().find(|folder| is_component(folder))
}

fn is_component(folder: &Path) -> bool {
    folder.join("component.ron").is_file()
}

fn names(checkout: &Checkout) -> Vec<String> {
    let mut names = vec![];
    for folder in checkout.component_folders() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if is_component(&entry.path())
                && let Ok(name) = entry.file_name().into_string()
            {
                names.push(name);
            }
        }
    }
    names.sort();
    names.dedup();
    names
}
