//! A node in a file, from which it goes on as if nothing had happened.
//!
//! The file is eight bytes that say what it is, and the node's whole state as `postcard` writes it, packed by gzip,
//! whose checksum finds damage. A file is for the build of the simulator that wrote it: the state is what the devices
//! keep, and that changes with them.

use crate::node::Node;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Read, Write};

/// The first bytes of a file; the last is the form's number.
const MAGIC: [u8; 8] = *b"bgp-sim\x01";

/// Why a file is no node.
#[derive(Debug)]
pub enum Error {
    /// Its first bytes are others.
    NoCheckpoint,
    /// It is cut off or damaged, or another build's.
    Damaged(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCheckpoint => formatter.write_str("not a checkpoint; `--checkpoint FILE` writes one"),
            Self::Damaged(why) => {
                write!(
                    formatter,
                    "the checkpoint is damaged, or another build of the simulator wrote it: {why}"
                )
            }
        }
    }
}

impl std::error::Error for Error {}

/// Writes a node.
///
/// # Errors
/// The writer's.
pub fn write(node: &Node, mut into: impl Write) -> io::Result<()> {
    into.write_all(&MAGIC)?;
    let packed = GzEncoder::new(into, Compression::fast());
    postcard::to_io(node, packed).map_err(io::Error::other)?.finish()?.flush()
}

/// Reads a node.
///
/// # Errors
/// The bytes are no node.
pub fn read(bytes: &[u8]) -> Result<Node, Error> {
    let packed = bytes.strip_prefix(&MAGIC).ok_or(Error::NoCheckpoint)?;
    let mut state = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut state).map_err(|error| Error::Damaged(error.to_string()))?;
    let mut node: Node = postcard::from_bytes(&state).map_err(|error| Error::Damaged(error.to_string()))?;
    node.refresh();
    Ok(node)
}

/// A hash of a node's whole state, in hexadecimal: two nodes with the same go on alike.
pub fn digest(node: &Node) -> String {
    let Ok(hash) = postcard::to_io(node, Hash(Sha256::new())) else {
        unreachable!("hashing does not fail, and a node is plain data");
    };
    hash.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hashes what is written.
struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Configuration;
    use crate::core::tlb::{self, Entry};

    /// Two cores that add to a word under a reservation, one of them with a running decrementer.
    fn node() -> Node {
        let program = [0x7CA0_1828_u32, 0x38A5_0001, 0x7CA0_192D, 0x4082_FFF4, 0x4BFF_FFF0];
        let mut node = Node::new(Configuration { quantum: 100, ..Configuration::default() });
        let bytes: Vec<u8> = program.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert!(node.bus.memory.copy_in(0x1000, &bytes));
        for number in 0..2 {
            let core = &mut node.cores[number];
            core.tlb.set(0, Entry::new(0, 0, 7, tlb::SX | tlb::SW | tlb::SR));
            core.registers.pc = 0x1000;
            core.registers.gpr[3] = 0x8000;
            node.start(number);
        }
        assert!(node.cores[0].write_special(0x016, 12_345));
        node
    }

    #[test]
    fn a_restored_node_goes_on_bit_for_bit() {
        let mut node = node();
        assert_eq!(node.run_until(5_000), []);
        let mut file = Vec::new();
        write(&node, &mut file).expect("written");
        let mut restored = read(&file).expect("what was written can be read");
        assert_eq!(digest(&restored), digest(&node));
        for time in [6_000, 40_000] {
            assert_eq!(node.run_until(time), restored.run_until(time));
            assert_eq!(digest(&restored), digest(&node));
        }
        restored.cores[1].registers.gpr[31] ^= 1;
        assert_ne!(digest(&restored), digest(&node));
    }

    #[test]
    fn damage_is_told() {
        let mut file = Vec::new();
        write(&node(), &mut file).expect("written");
        assert!(matches!(read(b"\x7FELF"), Err(Error::NoCheckpoint)));
        assert!(matches!(read(&file[..file.len() - 9]), Err(Error::Damaged(_))));
        let last = file.len() - 6;
        file[last] ^= 1;
        assert!(matches!(read(&file), Err(Error::Damaged(_))));
    }
}
