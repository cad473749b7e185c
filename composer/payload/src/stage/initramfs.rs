//! The initial file system of a variant.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{Bench, Plan, busybox, read, read_text};
use crate::cache::{Kind as Stage, write};
use crate::cpio::{Archive, Node};
use crate::error::{Error, cannot_read, failed};
use crate::recipe::{Kind, What};

/// The archive's name.
pub(crate) const FILE: &str = "initrd.cpio";

pub(super) fn make(bench: &mut Bench<'_>, plan: &Plan) -> Result<PathBuf, Error> {
    let variant = bench.recipe.variant(&plan.variant)?;
    let mut archive = Archive::default();
    let mut linked = Vec::new();
    for entry in &variant.contents {
        let (path, content) = (entry.key.value.as_str(), &entry.value);
        let mode = |usual| content.mode.unwrap_or(usual);
        match &content.what {
            What::Directory => archive.add(path, mode(0o755), Node::Directory),
            What::Device { major, minor } => {
                archive.add(path, mode(0o600), Node::Device { major: *major, minor: *minor });
            }
            What::Link(target) => archive.add(path, 0o777, Node::Link(target.clone())),
            What::File(from) => archive.add(path, mode(0o644), Node::File(read(&bench.own(from))?)),
            What::Program { name, links } => {
                let folder = place(bench, plan, &name.value)?;
                archive.add(path, mode(0o755), Node::File(read(&folder.join(&name.value))?));
                if *links {
                    linked.push((path, read_text(&folder.join(busybox::LINKS))?));
                }
            }
            What::Left { program, path: from } => {
                add_tree(&mut archive, path, &place(bench, plan, &program.value)?.join(from))?;
            }
        }
    }
    // Last, so that a name that the recipe gives to something else stays its own.
    for (target, names) in linked {
        for name in names.lines().filter(|name| !name.is_empty()) {
            if !archive.has(name) {
                archive.add(name, 0o777, Node::Link(format!("/{target}")));
            }
        }
    }
    bench.cache.keep(Stage::Initramfs, &plan.initramfs, |new| write(&new.join(FILE), &archive.write()))
}

/// Where a program of the recipe lies.
fn place(bench: &Bench<'_>, plan: &Plan, name: &str) -> Result<PathBuf, Error> {
    let programs = bench.recipe.programs.iter().zip(&plan.programs);
    let found =
        programs.into_iter().find(|(entry, _)| entry.key.value == name).and_then(|(entry, inputs)| {
            let stage = match entry.value.kind {
                Kind::Busybox { .. } => Stage::Busybox,
                Kind::C { .. } => Stage::Program,
            };
            bench.cache.find(stage, inputs)
        });
    found.ok_or_else(|| Error::new(failed(format!("the program `{name}` was made and is gone"))))
}

/// Adds a file, or a folder with all that it holds.
fn add_tree(archive: &mut Archive, path: &str, from: &Path) -> Result<(), Error> {
    let data = fs::symlink_metadata(from).map_err(|error| cannot_read(from, &error))?;
    if data.is_symlink() {
        let target = fs::read_link(from).map_err(|error| cannot_read(from, &error))?;
        archive.add(path, 0o777, Node::Link(target.to_string_lossy().into_owned()));
    } else if data.is_dir() {
        archive.add(path, 0o755, Node::Directory);
        for entry in from.read_dir().map_err(|error| cannot_read(from, &error))? {
            let entry = entry.map_err(|error| cannot_read(from, &error))?;
            let inside = format!("{path}/{}", entry.file_name().to_string_lossy());
            add_tree(archive, &inside, &entry.path())?;
        }
    } else {
        // Only whether it can be run counts; the rest is this machine's umask.
        let mode = if data.permissions().mode() & 0o100 == 0 { 0o644 } else { 0o755 };
        archive.add(path, mode, Node::File(read(from)?));
    }
    Ok(())
}
