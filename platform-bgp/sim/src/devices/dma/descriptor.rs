//! An injection descriptor: what to send, from where, to whom (section 6.7).

use super::header::Header;
use serde::{Deserialize, Serialize};

/// Bytes of a descriptor.
pub(super) const BYTES: usize = 32;

/// A descriptor, as its eight words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Descriptor([u32; 8]);

impl Descriptor {
    /// The descriptor of 32 bytes of memory.
    pub(super) fn new(bytes: &[u8; BYTES]) -> Self {
        let mut words = [0; 8];
        for (word, four) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
        }
        Self(words)
    }

    /// It only reads.
    pub(super) const fn only_prefetches(&self) -> bool {
        self.0[0] & 2 != 0
    }

    /// Its data does not leave the node.
    pub(super) const fn is_local(&self) -> bool {
        self.0[0] & 1 != 0
    }

    /// The injection counter, 0 to 255: group times 64 plus counter.
    pub(super) const fn counter(&self) -> usize {
        (self.0[1] & 0xFF) as usize
    }

    /// Where the data is, from the counter's base, in bytes.
    pub(super) const fn offset(&self) -> u32 {
        self.0[2]
    }

    /// Bytes of data.
    pub(super) const fn length(&self) -> u32 {
        self.0[3]
    }

    /// The headers of its packets.
    pub(super) fn header(&self) -> Header {
        let mut bytes = [0; 16];
        for (four, word) in bytes.chunks_exact_mut(4).zip(&self.0[4..]) {
            four.copy_from_slice(&word.to_be_bytes());
        }
        Header(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_where_the_reference_has_them() {
        let mut bytes = [0; BYTES];
        bytes[3] = 3;
        bytes[4..8].copy_from_slice(&0xFFFF_FFC5_u32.to_be_bytes());
        bytes[8..12].copy_from_slice(&0x1234_5678_u32.to_be_bytes());
        bytes[12..16].copy_from_slice(&1000_u32.to_be_bytes());
        for (number, byte) in bytes[16..].iter_mut().enumerate() {
            *byte = number as u8;
        }
        let descriptor = Descriptor::new(&bytes);
        assert!(descriptor.is_local() && descriptor.only_prefetches());
        assert_eq!(
            (descriptor.counter(), descriptor.offset(), descriptor.length()),
            (0xC5, 0x1234_5678, 1000)
        );
        assert_eq!(descriptor.header(), Header([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
    }
}
