//! The same input gives the same bytes.

use std::fs;
use std::path::Path;

use composer_model::Checkout;

use super::HELLO;
use crate::suite::Stage;

/// Builds one spec in this checkout and in a copy of it elsewhere.
pub(crate) fn deterministic(stage: &Stage<'_>) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    // Longer and deeper than here, so that a path which slips through moves something.
    let elsewhere = folder.path().join("another place/of another depth");
    copy(stage.checkout.root(), &elsewhere)?;
    let copied = Checkout::new(&elsewhere);
    let here = stage.build(HELLO, None)?;
    let there = stage.build_in(&copied, &elsewhere.join(HELLO), None)?;
    let [here, there] = [here, there].map(|finished| fs::read(finished.built.image));
    let (here, there) = (here.map_err(|error| error.to_string())?, there.map_err(|error| error.to_string())?);
    if here == there {
        return Ok(());
    }
    let first = here.iter().zip(&there).position(|(one, other)| one != other);
    Err(format!(
        "the images have {} and {} bytes and differ first at byte {:?}; the other lies in {}",
        here.len(),
        there.len(),
        first,
        folder.keep().display()
    ))
}

/// Copies a checkout without what was built in it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(to).map_err(|error| failed(to, error))?;
    for entry in fs::read_dir(from).map_err(|error| failed(from, error))? {
        let entry = entry.map_err(|error| failed(from, error))?;
        let (path, name) = (entry.path(), entry.file_name());
        let kind = entry.file_type().map_err(|error| failed(&path, error))?;
        if name == "target" || name == ".git" {
            continue;
        }
        if kind.is_dir() {
            copy(&path, &to.join(name))?;
        } else if kind.is_symlink() {
            let leads = fs::read_link(&path).map_err(|error| failed(&path, error))?;
            std::os::unix::fs::symlink(leads, to.join(name)).map_err(|error| failed(&path, error))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(|error| failed(&path, error))?;
        }
    }
    Ok(())
}
