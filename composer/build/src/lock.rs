//! One build of a checkout at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use crate::progress::Progress;

/// Holding one means that no other composer builds in this folder. The system lets go of it when its
/// holder ends, however it does.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, and waits for another holder with a word about it.
    pub(crate) fn take(folder: &Path, progress: &mut dyn Progress) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = File::options().create(true).truncate(false).write(true).open(folder.join(".lock"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress.step("Waiting", "for another build of this checkout");
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;
    use crate::progress::Silent;

    /// Tells another thread that it is waiting.
    struct Tell(mpsc::Sender<String>);

    impl Progress for Tell {
        fn step(&mut self, word: &str, _: &str) {
            self.0.send(word.to_owned()).expect("the test listens");
        }

        fn confirm(&mut self, _: &str) -> bool {
            false
        }
    }

    #[test]
    fn the_second_waits_for_the_first_and_says_so() {
        let folder = tempfile::tempdir().expect("folder");
        let first = Lock::take(folder.path(), &mut Silent).expect("taken");
        let (sender, receiver) = mpsc::channel();
        let second = thread::scope(|scope| {
            let second = scope.spawn(|| Lock::take(folder.path(), &mut Tell(sender)).is_ok());
            assert_eq!(receiver.recv().as_deref(), Ok("Waiting"));
            drop(first);
            second.join().expect("no panic")
        });
        assert!(second);
    }
}
