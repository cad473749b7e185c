//! Programs for tests: shell scripts that say something.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

static ALONE: Mutex<()> = Mutex::new(());

/// Keeps tests that write programs and run them apart. A process that one test starts holds, for a
/// moment, the file that another is writing, and a file that is being written cannot be run.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes a program that prints a text.
pub(crate) fn program(path: &Path, says: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
    fs::write(path, format!("#!/bin/sh\ncat <<'END'\n{says}\nEND\n")).expect("program");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}
