//! The connection to gdb.

use super::super::say;
use super::super::signals::Signals;
use gdbstub::conn::{Connection, ConnectionExt};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixListener, UnixStream};

/// Something that carries bytes both ways and can be waited for.
trait Stream: Read + Write + AsFd {}

impl Stream for TcpStream {}
impl Stream for UnixStream {}

/// The connection.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    signals: Signals,
    input: VecDeque<u8>,
    output: Vec<u8>,
}

impl Wire {
    /// Waits for gdb: at a port of this machine, or at a socket by its path. `None`: a signal came first.
    pub(super) fn accept(place: &str, signals: Signals) -> Result<Option<Self>, String> {
        let failed = |error: io::Error| format!("cannot wait for gdb at {place}: {error}");
        let stream = match place.parse::<u16>() {
            Ok(port) => {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
                let address = listener.local_addr().map_err(failed)?;
                announce(&address);
                match ready(listener.as_fd(), &signals, PollTimeout::NONE) {
                    Err(_) => return Ok(None),
                    Ok(_) => {
                        let (stream, _) = listener.accept().map_err(failed)?;
                        stream.set_nodelay(true).map_err(failed)?;
                        Box::new(stream) as Box<dyn Stream>
                    }
                }
            }
            Err(_) => {
                let listener = UnixListener::bind(place).map_err(failed)?;
                announce(&place);
                let came = ready(listener.as_fd(), &signals, PollTimeout::NONE);
                let accepted = came.map(|_| listener.accept());
                // Its work is done, whoever came.
                let _ = std::fs::remove_file(place);
                match accepted {
                    Err(_) => return Ok(None),
                    Ok(accepted) => Box::new(accepted.map_err(failed)?.0),
                }
            }
        };
        Ok(Some(Self { stream, signals, input: VecDeque::new(), output: Vec::new() }))
    }

    /// A second handle on the same connection.
    pub(super) fn second(&self) -> io::Result<File> {
        Ok(self.stream.as_fd().try_clone_to_owned()?.into())
    }

    /// Reads what is there, or waits for more.
    fn fill(&mut self, timeout: PollTimeout) -> io::Result<()> {
        if !self.input.is_empty() || !ready(self.stream.as_fd(), &self.signals, timeout)? {
            return Ok(());
        }
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            count => {
                self.input.extend(&buffer[..count]);
                Ok(())
            }
        }
    }
}

/// Says where gdb is waited for. Programs that start gdb read this line.
fn announce(place: &dyn std::fmt::Display) {
    say(format_args!("waits for gdb at {place}"));
}

/// Waits until there is something to read. An error of the kind `Interrupted`: a signal has come.
fn ready(stream: BorrowedFd<'_>, signals: &Signals, timeout: PollTimeout) -> io::Result<bool> {
    loop {
        let mut watched = vec![PollFd::new(stream, PollFlags::POLLIN)];
        watched.extend(signals.file().map(|file| PollFd::new(file, PollFlags::POLLIN)));
        match poll(&mut watched, timeout) {
            Err(Errno::EINTR) => continue,
            other => other?,
        };
        let any = |at: usize| watched.get(at).is_some_and(|one| one.any().unwrap_or(true));
        return if any(1) { Err(ErrorKind::Interrupted.into()) } else { Ok(any(0)) };
    }
}

impl Connection for Wire {
    type Error = io::Error;

    fn write(&mut self, byte: u8) -> io::Result<()> {
        self.output.push(byte);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let output = std::mem::take(&mut self.output);
        self.stream.write_all(&output)
    }
}

impl ConnectionExt for Wire {
    fn read(&mut self) -> io::Result<u8> {
        loop {
            if let Some(byte) = self.input.pop_front() {
                return Ok(byte);
            }
            self.fill(PollTimeout::NONE)?;
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        self.fill(PollTimeout::ZERO)?;
        Ok(self.input.front().copied())
    }
}
