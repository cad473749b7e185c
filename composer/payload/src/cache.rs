//! Where finished stages are kept, outside of any checkout.
//!
//! ```text
//! ~/.cache/fugue/payloads/
//!     kernel/<inputs>/      vmlinux  System.map  uImage  config
//!     busybox/<inputs>/     busybox  busybox.links  .config  testsuite/
//!     program/<inputs>/     the program, under its own name
//!     initramfs/<inputs>/   initrd.cpio
//!     tree/<inputs>/        bamboo.dtb
//!     sources/              archives that were fetched
//!     work/                 what is being made: sources, object files, logs
//! ```
//!
//! A folder named by its inputs is complete or absent: it is filled under another name and renamed. What
//! lies in `work` outlives an interruption, and the next run goes on with it.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use crate::error::{Error, cannot_write};
use crate::fingerprint::Fingerprint;
use crate::watch::Watch;

/// The stages of a payload, by the names of their folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Kernel,
    Busybox,
    Program,
    Initramfs,
    Tree,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Busybox => "busybox",
            Self::Program => "program",
            Self::Initramfs => "initramfs",
            Self::Tree => "tree",
        }
    }
}

/// The folder of all payloads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache in a folder of its own.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The user's: below `XDG_CACHE_HOME`, or `.cache` in the user's folder.
    pub fn of_user() -> Self {
        let absolute = |path: &PathBuf| path.is_absolute();
        let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(absolute);
        let base = named.unwrap_or_else(|| std::env::home_dir().unwrap_or_default().join(".cache"));
        Self::new(base.join("fugue/payloads"))
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Removes everything, once no other composer works with it.
    ///
    /// # Errors
    ///
    /// When the file system refuses.
    pub fn clean(&self, watch: &mut dyn Watch) -> Result<(), Error> {
        if !self.root.exists() {
            return Ok(());
        }
        let _lock = self.lock(watch)?;
        fs::remove_dir_all(&self.root).map_err(|error| cannot_write(&self.root, &error))
    }

    /// Where a stage lies when it is finished.
    pub(crate) fn place(&self, kind: Kind, inputs: &Fingerprint) -> PathBuf {
        self.root.join(kind.folder()).join(inputs.short())
    }

    /// A finished stage, if it is there.
    pub(crate) fn find(&self, kind: Kind, inputs: &Fingerprint) -> Option<PathBuf> {
        Some(self.place(kind, inputs)).filter(|place| place.is_dir())
    }

    /// Where fetched archives lie.
    pub(crate) fn sources(&self) -> PathBuf {
        self.root.join("sources")
    }

    /// Where something is made that these inputs name. It is there again after an interruption.
    pub(crate) fn work(&self, what: &str, inputs: &Fingerprint) -> PathBuf {
        self.root.join("work").join(format!("{what}-{}", inputs.short()))
    }

    /// Removes what was begun under `what` for other inputs: nobody will go on with it.
    pub(crate) fn forget_others(&self, what: &str, inputs: &Fingerprint) -> Result<(), Error> {
        let keep = self.work(what, inputs);
        let Ok(entries) = self.root.join("work").read_dir() else { return Ok(()) };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let named = |name: &str| name.strip_prefix(what).is_some_and(|rest| rest.starts_with('-'));
            if path != keep && path.file_name().and_then(|name| name.to_str()).is_some_and(named) {
                remove(&path)?;
            }
        }
        Ok(())
    }

    /// Keeps a finished stage: `fill` puts its files into a folder, which then gets its name.
    pub(crate) fn keep(
        &self,
        kind: Kind,
        inputs: &Fingerprint,
        fill: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        let place = self.place(kind, inputs);
        let new = self.work(&format!("new-{}", kind.folder()), inputs);
        remove(&new)?;
        make(&new)?;
        fill(&new)?;
        sync(&new).map_err(|error| cannot_write(&new, &error))?;
        make(&self.root.join(kind.folder()))?;
        fs::rename(&new, &place).map_err(|error| cannot_write(&place, &error))?;
        Ok(place)
    }

    /// Takes the cache over; waits for another composer that works with it.
    pub(crate) fn lock(&self, watch: &mut dyn Watch) -> Result<Lock, Error> {
        make(&self.root)?;
        let path = self.root.join(".lock");
        let take = || {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            // Compilers that an interrupted composer has left behind hold the lock until they have ended.
            fcntl(&file, FcntlArg::F_SETFD(FdFlag::empty()))?;
            Ok(file)
        };
        let file = take().map_err(|error| cannot_write(&path, &error))?;
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(cannot_write(&path, &error)),
        }
        watch.step("Waiting", "for another composer that prepares a payload");
        file.lock().map_err(|error| cannot_write(&path, &error))?;
        Ok(Lock { _file: file })
    }
}

/// The cache is its holder's. The system lets go of it when the holder and all that it started end.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Makes a folder and those above it.
pub(crate) fn make(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))
}

/// Removes a file or a folder, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot_write(path, &error)),
        _ => Ok(()),
    }
}

/// Writes a file under another name and renames it.
pub(crate) fn write(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let mut name = OsString::from(".new-");
    name.push(path.file_name().unwrap_or_default());
    let new = path.with_file_name(name);
    fs::write(&new, contents)
        .and_then(|()| fs::rename(&new, path))
        .map_err(|error| cannot_write(path, &error))
}

/// Sees to it that what lies in a folder is on the disk before the folder gets its name.
fn sync(folder: &Path) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync(&entry.path())?;
        } else if entry.file_type()?.is_file() {
            File::open(entry.path())?.sync_all()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;
    use crate::watch::Silent;

    fn key(text: &str) -> Fingerprint {
        Fingerprint::of(text.as_bytes())
    }

    #[test]
    fn a_stage_is_complete_or_absent() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache"));
        let one = key("one");
        let failed = cache.keep(Kind::Kernel, &one, |new| {
            write(&new.join("vmlinux"), b"half")?;
            Err(cannot_write(new, &io::Error::other("interrupted")))
        });
        assert!(failed.is_err());
        assert_eq!(cache.find(Kind::Kernel, &one), None);
        let kept = cache.keep(Kind::Kernel, &one, |new| {
            assert_eq!(new.read_dir().expect("a folder").count(), 0, "nothing of the first try is left");
            write(&new.join("vmlinux"), b"whole")
        });
        assert_eq!(cache.find(Kind::Kernel, &one), kept.ok());
        assert_eq!(cache.find(Kind::Busybox, &one), None);
        assert_eq!(cache.find(Kind::Kernel, &key("two")), None);
    }

    #[test]
    fn what_was_begun_for_other_inputs_is_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path());
        let places = [("kernel", "one"), ("kernel", "two"), ("kernels", "one"), ("busybox", "two")];
        let places = places.map(|(what, inputs)| cache.work(what, &key(inputs)));
        places.iter().for_each(|place| make(place).expect("made"));
        cache.forget_others("kernel", &key("one")).expect("removed");
        assert_eq!(places.map(|place| place.exists()), [true, false, true, true]);
    }

    /// Tells another thread what it hears.
    struct Tell(mpsc::Sender<String>);

    impl Watch for Tell {
        fn step(&mut self, word: &str, _: &str) {
            self.0.send(word.to_owned()).expect("the test listens");
        }
    }

    #[test]
    fn one_composer_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path());
        let first = cache.lock(&mut Silent).expect("taken");
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            let second = scope.spawn(|| cache.lock(&mut Tell(sender)).is_ok());
            assert_eq!(receiver.recv().as_deref(), Ok("Waiting"));
            drop(first);
            assert!(second.join().expect("no panic"));
        });
    }

    #[test]
    fn cleaning_removes_everything_and_nothing_is_no_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache"));
        cache.clean(&mut Silent).expect("nothing to do");
        cache.keep(Kind::Tree, &key("one"), |_| Ok(())).expect("kept");
        cache.clean(&mut Silent).expect("removed");
        assert!(!cache.root().exists());
    }
}
