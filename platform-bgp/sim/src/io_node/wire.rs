//! A socket of the host that carries Ethernet frames, one in each datagram.
//!
//! It is what QEMU's `-netdev dgram` speaks, so a simulated node and a virtual machine can be on one network.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::str::FromStr;

/// The longest frame that is taken.
const LONGEST: usize = 0x1_0000;

/// Where frames go to and come from.
pub trait Wire: Send {
    /// Sends a frame. One that cannot be sent is lost, as on any network.
    fn send(&mut self, frame: &[u8]);

    /// Takes a frame that has come; `None`: there is none.
    fn receive(&mut self) -> Option<Vec<u8>>;
}

/// A socket by its addresses: `unix:LOCAL,PEER` with paths, or `udp:LOCAL,PEER` with addresses and ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A datagram socket in the file system.
    Unix(PathBuf, PathBuf),
    /// UDP.
    Udp(SocketAddr, SocketAddr),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is neither unix:LOCAL,PEER nor udp:LOCAL,PEER");
        let (kind, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (local, peer) = rest.split_once(',').ok_or_else(wrong)?;
        let address = |text: &str| text.parse().map_err(|_| format!("'{text}' is no address with a port"));
        match kind {
            "unix" if !local.is_empty() && !peer.is_empty() => Ok(Self::Unix(local.into(), peer.into())),
            "udp" => Ok(Self::Udp(address(local)?, address(peer)?)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(local, peer) => write!(formatter, "unix:{},{}", local.display(), peer.display()),
            Self::Udp(local, peer) => write!(formatter, "udp:{local},{peer}"),
        }
    }
}

impl Place {
    /// Opens the socket. The peer need not be there yet.
    ///
    /// # Errors
    /// The host's: a file of the name exists, an address is in use or not the host's.
    pub fn open(&self) -> io::Result<Box<dyn Wire>> {
        Ok(match self {
            Self::Unix(local, peer) => {
                let socket = UnixDatagram::bind(local)?;
                let file = Unlinked(local.clone());
                socket.set_nonblocking(true)?;
                Box::new(Unix { socket, peer: peer.clone(), _file: file })
            }
            Self::Udp(local, peer) => {
                let socket = UdpSocket::bind(local)?;
                socket.set_nonblocking(true)?;
                Box::new(Udp { socket, peer: *peer })
            }
        })
    }
}

/// A file that goes when the socket does.
struct Unlinked(PathBuf);

impl Drop for Unlinked {
    fn drop(&mut self) {
        // Somebody else may have removed it.
        let _ = std::fs::remove_file(&self.0);
    }
}

struct Unix {
    socket: UnixDatagram,
    peer: PathBuf,
    _file: Unlinked,
}

struct Udp {
    socket: UdpSocket,
    peer: SocketAddr,
}

/// A frame, if one has come. A peer that refused an earlier one shows up here: that frame was lost.
fn received(receive: impl Fn(&mut [u8]) -> io::Result<usize>) -> Option<Vec<u8>> {
    let mut frame = vec![0; LONGEST];
    loop {
        match receive(&mut frame) {
            Ok(bytes) => {
                frame.truncate(bytes);
                return Some(frame);
            }
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionRefused) => {}
            Err(_) => return None,
        }
    }
}

impl Wire for Unix {
    fn send(&mut self, frame: &[u8]) {
        let _ = self.socket.send_to(frame, &self.peer);
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        received(|into| self.socket.recv(into))
    }
}

impl Wire for Udp {
    fn send(&mut self, frame: &[u8]) {
        let _ = self.socket.send_to(frame, self.peer);
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        received(|into| self.socket.recv(into))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        for text in ["unix:/tmp/a,/tmp/b", "udp:127.0.0.1:1000,127.0.0.1:2000"] {
            assert_eq!(text.parse::<Place>().map(|place| place.to_string()), Ok(text.to_owned()));
        }
        for wrong in ["", "unix:/tmp/a", "tcp:a,b", "udp:a,b", "unix:,b"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn frames_go_both_ways_and_a_missing_peer_loses_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        let mut one = Place::Unix(a.clone(), b.clone()).open().expect("it opens");
        one.send(b"lost");
        let mut other = Place::Unix(b.clone(), a).open().expect("it opens");
        assert_eq!(other.receive(), None);
        one.send(b"found");
        other.send(b"back");
        assert_eq!((other.receive(), other.receive()), (Some(b"found".to_vec()), None));
        assert_eq!(one.receive(), Some(b"back".to_vec()));
        drop(other);
        assert!(!b.exists());
    }
}
