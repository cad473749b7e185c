//! Signals that ask the simulator to end: it does so between two slices, with its files written.

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use std::os::fd::{AsFd, BorrowedFd};

/// The signals, taken over.
#[derive(Debug)]
pub(super) struct Signals(Option<SignalFd>);

impl Signals {
    /// Takes them over for this thread; where that fails they end the process as ever.
    pub(super) fn take() -> Self {
        let set: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().collect();
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        Self(set.thread_block().and_then(|()| SignalFd::with_flags(&set, flags)).ok())
    }

    /// What can be waited for.
    pub(super) fn file(&self) -> Option<BorrowedFd<'_>> {
        self.0.as_ref().map(AsFd::as_fd)
    }

    /// The number of one that has come.
    pub(super) fn come(&mut self) -> Option<u8> {
        let info = self.0.as_mut()?.read_signal().ok()??;
        u8::try_from(info.ssi_signo).ok()
    }
}
