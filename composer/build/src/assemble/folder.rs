//! Where a build's files lie.

use std::path::{Path, PathBuf};

use composer_model::System;

/// The folders of one system on one board.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    all: PathBuf,
    board: String,
    /// The generated workspace, which also holds what the build leaves behind.
    pub(super) workspace: PathBuf,
    stem: String,
}

impl Folder {
    /// The folders below a checkout's root.
    pub(super) fn new(root: &Path, system: &System) -> Self {
        let all = root.join("target/composer");
        let workspace = all.join(format!("{}-{}", system.name, system.board.name));
        Self { all, board: system.board.name.clone(), workspace, stem: system.name.clone() }
    }

    /// The folder of everything that composer builds.
    pub(super) fn all(&self) -> &Path {
        &self.all
    }

    /// Cargo's folder. Boards have one each: cargo tells packages apart by their path in the workspace and
    /// their name, and a system's domains have the same on every board.
    pub(super) fn target(&self) -> PathBuf {
        self.all.join("build").join(&self.board)
    }

    /// Cargo's folder for lints.
    pub(super) fn lint_target(&self) -> PathBuf {
        self.all.join("lint").join(&self.board)
    }

    /// The image.
    pub(super) fn image(&self) -> PathBuf {
        self.workspace.join(format!("{}.elf", self.stem))
    }

    /// The lowered system.
    pub(super) fn lowered(&self) -> PathBuf {
        self.workspace.join(format!("{}.json", self.stem))
    }

    /// What the build tells of itself.
    pub(super) fn built(&self) -> PathBuf {
        self.workspace.join("built.json")
    }

    /// A program with its symbols.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.workspace.join("programs").join(format!("{name}.elf"))
    }
}
