//! Files that are replaced whole or not at all.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Generated files: paths from the workspace's root, and texts.
pub(crate) type Files = BTreeMap<PathBuf, String>;

/// Writes a file, unless it has these contents already: cargo judges by times.
pub(crate) fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == contents) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = OsString::from(".new-");
    name.push(path.file_name().unwrap_or_default());
    let new = path.with_file_name(name);
    fs::write(&new, contents)?;
    fs::rename(&new, path)
}

/// Writes generated files below `root`; gives the path that failed.
pub(crate) fn write_all(root: &Path, files: &Files) -> Result<(), (PathBuf, io::Error)> {
    for (path, text) in files {
        let path = root.join(path);
        write(&path, text.as_bytes()).map_err(|error| (path, error))?;
    }
    Ok(())
}

/// Removes the crates below `root` that were generated once and are none of `files` any more.
pub(crate) fn remove_stale(root: &Path, files: &Files) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let manifest = Path::new(&entry.file_name()).join("Cargo.toml");
        if entry.file_type()?.is_dir() && root.join(&manifest).is_file() && !files.contains_key(&manifest) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Makes `link` lead to `target`.
pub(crate) fn link(link: &Path, target: &Path) -> io::Result<()> {
    if fs::read_link(link).is_ok_and(|there| there == target) {
        return Ok(());
    }
    match fs::remove_file(link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    symlink(target, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_contents_keep_their_time_and_others_are_replaced() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a/b.rs");
        write(&path, b"one").expect("written");
        let old = fs::metadata(&path).expect("there").modified().expect("a time");
        let past = old - std::time::Duration::from_secs(60);
        fs::File::options().write(true).open(&path).expect("open").set_modified(past).expect("set");
        write(&path, b"one").expect("written");
        assert_eq!(fs::metadata(&path).expect("there").modified().expect("a time"), past);
        write(&path, b"two").expect("written");
        assert!(fs::metadata(&path).expect("there").modified().expect("a time") > past);
        assert_eq!(fs::read(&path).expect("there"), b"two");
        assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("there").count(), 1);
    }

    #[test]
    fn crates_that_are_generated_no_more_go_away_and_nothing_else() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path();
        for path in ["alice/Cargo.toml", "bob/Cargo.toml", "elf/alice.elf"] {
            write(&root.join(path), b"").expect("written");
        }
        let files = Files::from([(PathBuf::from("alice/Cargo.toml"), String::new())]);
        remove_stale(root, &files).expect("removed");
        assert!(root.join("alice").exists() && !root.join("bob").exists() && root.join("elf").exists());
    }

    #[test]
    fn a_link_is_made_anew_where_it_leads_elsewhere() {
        let folder = tempfile::tempdir().expect("folder");
        let at = folder.path().join("checkout");
        link(&at, Path::new("../..")).expect("made");
        link(&at, Path::new("../../..")).expect("made");
        assert_eq!(fs::read_link(&at).expect("a link"), Path::new("../../.."));
    }
}
