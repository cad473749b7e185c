//! Files that appear whole or not at all: written beside their place under another name, then renamed.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::NamedTempFile;

/// A file under way. It is gone without a trace if it is not [finished](Output::finish).
#[derive(Clone, Debug)]
pub(super) struct Output {
    place: PathBuf,
    file: Arc<Mutex<BufWriter<NamedTempFile>>>,
}

impl Output {
    /// Begins a file. A second handle on it is a clone.
    pub(super) fn create(place: &Path) -> Result<Self, String> {
        let folder = match place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".bgp-sim-")
            .tempfile_in(folder)
            .map_err(|error| cannot(place, &error))?;
        Ok(Self { place: place.to_owned(), file: Arc::new(Mutex::new(BufWriter::new(file))) })
    }

    /// Puts it in its place. No other handle may be left.
    pub(super) fn finish(self) -> Result<(), String> {
        let place = self.place;
        let file = Arc::into_inner(self.file).ok_or("a trace is still being written")?;
        let file = file.into_inner().unwrap_or_else(PoisonError::into_inner);
        let file = file.into_inner().map_err(|error| cannot(&place, error.error()))?;
        file.persist(&place).map_err(|error| cannot(&place, &error.error))?;
        Ok(())
    }
}

fn cannot(place: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {error}", place.display())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

/// Writes a file whole.
pub(super) fn write(place: &Path, fill: impl FnOnce(&mut Output) -> io::Result<()>) -> Result<(), String> {
    let mut output = Output::create(place)?;
    fill(&mut output).map_err(|error| cannot(place, &error))?;
    output.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("trace");
        fs::write(&place, "before").expect("written");
        let mut output = Output::create(&place).expect("begun");
        output.write_all(b"half").expect("written");
        drop(output);
        assert_eq!(fs::read_to_string(&place).expect("there"), "before");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left behind");
        write(&place, |output| output.write_all(b"after")).expect("written");
        assert_eq!(fs::read_to_string(&place).expect("there"), "after");
        let error = write(&folder.path().join("no/such"), |_| Ok(())).expect_err("no folder");
        assert!(error.starts_with("cannot write "), "{error}");
    }
}
