//! Signals as bytes to read, so that the terminal is restored and QEMU is gone before composer is.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

/// Holds back the signals that ask composer to end, until it is dropped.
#[derive(Debug)]
pub(crate) struct Signals {
    file: SignalFd,
    before: SigSet,
}

impl Signals {
    /// Takes the signals over for this thread.
    pub(crate) fn take() -> io::Result<Self> {
        Self::take_with(None)
    }

    /// Takes one more over.
    pub(crate) fn take_with(other: Option<Signal>) -> io::Result<Self> {
        let ends = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];
        let set: SigSet = ends.into_iter().chain(other).collect();
        let before = SigSet::thread_get_mask()?;
        set.thread_block()?;
        let file = SignalFd::with_flags(&set, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        Ok(Self { file, before })
    }

    /// The number of a signal that has come.
    pub(crate) fn read(&mut self) -> Option<i32> {
        let info = self.file.read_signal().ok()??;
        i32::try_from(info.ssi_signo).ok()
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        // It was this thread's mask before, so it can be again.
        let _ = self.before.thread_set_mask();
    }
}
