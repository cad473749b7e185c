//! Where components, interfaces and boards are found.

use std::path::{Path, PathBuf};

/// A checkout of Fugue, or a folder of the same shape.
///
/// Nothing is read when one is made; [`load`](crate::load()) opens only what a spec names.
#[derive(Clone, Debug)]
pub struct Checkout {
    root: PathBuf,
    component_folders: Vec<PathBuf>,
    interface_folders: Vec<PathBuf>,
    board_roots: Vec<PathBuf>,
    /// Specs that are read otherwise than they stand in their files.
    texts: Vec<(PathBuf, String)>,
}

impl Checkout {
    /// The checkout at `root`, which should be absolute: paths in generated manifests start with it.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            component_folders: ["components", "apps", "tests/components"]
                .map(|name| root.join(name))
                .to_vec(),
            interface_folders: vec![root.join("components/interfaces/src")],
            board_roots: vec![root.clone()],
            texts: vec![],
            root,
        }
    }

    /// Also looks for components in the folders of `folder`, before all others.
    #[must_use]
    pub fn with_components(mut self, folder: impl Into<PathBuf>) -> Self {
        self.component_folders.insert(0, folder.into());
        self
    }

    /// Also looks for interfaces in the Rust files of `folder`, before all others.
    #[must_use]
    pub fn with_interfaces(mut self, folder: impl Into<PathBuf>) -> Self {
        self.interface_folders.insert(0, folder.into());
        self
    }

    /// Also looks for boards in the folders `platform-*` of `folder`, before all others.
    #[must_use]
    pub fn with_boards(mut self, folder: impl Into<PathBuf>) -> Self {
        self.board_roots.insert(0, folder.into());
        self
    }

    /// Takes the spec at `path` to be this text, whatever stands in its file.
    #[must_use]
    pub fn with_text(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.texts.push((path.into(), text.into()));
        self
    }

    /// The text that stands for the file of a spec, if there is one.
    pub(crate) fn text(&self, path: &Path) -> Option<&str> {
        self.texts.iter().find(|(of, _)| of == path).map(|(_, text)| text.as_str())
    }

    /// The checkout's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Folders that hold component crates, each a folder with a `component.ron`, first match first.
    pub fn component_folders(&self) -> &[PathBuf] {
        &self.component_folders
    }

    /// Folders whose Rust files hold interfaces, first match first.
    pub fn interface_folders(&self) -> &[PathBuf] {
        &self.interface_folders
    }

    /// Folders that hold `platform-<name>` folders, first match first.
    pub fn board_roots(&self) -> &[PathBuf] {
        &self.board_roots
    }

    /// How people name a file: its path from the root if it lies inside, else the path as it is.
    pub fn display(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}
