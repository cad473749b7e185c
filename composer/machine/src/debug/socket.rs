//! Where QEMU and gdb meet: a Unix socket in a folder of its own, which nobody else can enter.

use std::fs::{self, Permissions};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use tempfile::TempDir;

/// The folder, the socket in it, and gdb's script. All are removed when it is dropped.
#[derive(Debug)]
pub(super) struct Meeting {
    folder: TempDir,
    path: PathBuf,
    listener: UnixListener,
}

impl Meeting {
    /// A new one. Its path is short, since a socket's may have 107 bytes.
    pub(super) fn new() -> io::Result<Self> {
        let own = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().prefix("fugue-debug-").permissions(own).tempdir()?;
        let path = folder.path().join("gdb.sock");
        let listener = UnixListener::bind(&path)?;
        Ok(Self { folder, path, listener })
    }

    /// The socket's path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a simulator may listen in its place.
    pub(super) fn simulator(&self) -> PathBuf {
        self.folder.path().join("simulator.sock")
    }

    /// The listening socket.
    pub(super) fn descriptor(&self) -> RawFd {
        self.listener.as_raw_fd()
    }

    /// Runs something whose child processes inherit the listening socket.
    pub(super) fn inherited<T>(&self, start: impl FnOnce() -> T) -> io::Result<T> {
        fcntl(&self.listener, FcntlArg::F_SETFD(FdFlag::empty()))?;
        let started = start();
        fcntl(&self.listener, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        Ok(started)
    }

    /// Writes a file beside the socket.
    pub(super) fn write(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.folder.path().join(name);
        fs::write(&path, text)?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn it_listens_at_once_and_leaves_nothing_behind() {
        let (one, other) = (Meeting::new().expect("a folder"), Meeting::new().expect("another"));
        assert_ne!(one.path(), other.path());
        UnixStream::connect(one.path()).expect("somebody listens");
        let script = one.write("init.gdb", "quit\n").expect("written");
        assert_eq!(fs::read_to_string(&script).expect("a script"), "quit\n");
        let folder = one.folder.path().to_owned();
        assert_eq!(fs::metadata(&folder).expect("there").permissions().mode() & 0o777, 0o700);
        drop(one);
        assert!(!folder.exists());
    }

    #[test]
    fn the_socket_is_inherited_only_when_meant() {
        let meeting = Meeting::new().expect("a folder");
        let flags = || fcntl(&meeting.listener, FcntlArg::F_GETFD).expect("flags");
        assert_eq!(meeting.inherited(flags).expect("run"), 0);
        assert_eq!(flags(), FdFlag::FD_CLOEXEC.bits());
    }
}
