//! The sources of a folder.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folders of a checkout that hold crates.
const PARTS: [&str; 7] =
    ["apps", "components", "composer", "platform-bgp", "platform-qemu", "tests/components", "tests/src"];

/// All sources of a checkout's crates, without those of their tests, by path.
pub(crate) fn of_workspace(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for part in PARTS.iter().map(|part| root.join(part)).filter(|part| part.is_dir()) {
        walk(&part, &mut found)?;
    }
    found.sort();
    Ok(found)
}

/// All sources below a folder, without those in folders `tests`, by path.
pub(crate) fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_test = path.file_name().is_some_and(|name| name == "tests" || name == "target");
        if path.is_dir() && !is_test {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}
