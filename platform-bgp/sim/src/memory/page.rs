//! Four KiB of memory, and the instructions decoded from them.

use bgp_isa::{Op, Word, decode};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes in a page: the smallest unit that is shared, allocated, or decoded.
pub const PAGE: usize = 4096;

/// The bytes of a page, as the machine has them (big-endian).
#[derive(Clone, PartialEq, Eq)]
pub struct Page(pub Box<[u8; PAGE]>);

impl Page {
    /// A page of zeros.
    pub fn zero() -> Self {
        Self(Box::new([0; PAGE]))
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Page")
    }
}

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0[..])
    }
}

/// Takes a page's bytes from any format.
struct PageVisitor;

impl<'de> Visitor<'de> for PageVisitor {
    type Value = Page;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PAGE} bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Page, E> {
        let bytes: [u8; PAGE] = bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))?;
        Ok(Page(Box::new(bytes)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Page, A::Error> {
        let mut page = Page::zero();
        for (number, byte) in page.0.iter_mut().enumerate() {
            *byte = sequence.next_element()?.ok_or_else(|| A::Error::invalid_length(number, &self))?;
        }
        Ok(page)
    }
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(PageVisitor)
    }
}

/// An instruction ready to be executed: its name, and its word for the operands.
///
/// Packed into 64 bits: the word in the lower half, the name's number plus one above it, so that 0 is
/// 'not decoded yet'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded(u64);

/// The number that stands for a word that is no instruction.
const ILLEGAL: u64 = 0x3FF;

/// Names by number, with the highest numbers empty, so that looking up needs no bounds check.
static NAMES: [Option<Op>; 0x400] = {
    let mut names = [None; 0x400];
    let mut number = 0;
    while number < Op::ALL.len() {
        names[number + 1] = Some(Op::ALL[number]);
        number += 1;
    }
    names
};

impl Decoded {
    /// Decodes a word.
    pub fn new(word: u32) -> Self {
        let number = decode(Word(word)).map_or(ILLEGAL, |op| op as u64 + 1);
        Self(number << 32 | u64::from(word))
    }

    /// The instruction's name, if it is one.
    #[inline(always)]
    pub fn op(self) -> Option<Op> {
        NAMES[(self.0 >> 32) as usize & 0x3FF]
    }

    /// The word.
    #[inline(always)]
    pub fn word(self) -> Word {
        Word(self.0 as u32)
    }
}

/// The decoded instructions of a page, filled as they are executed.
///
/// Nodes that share a page share this as well: whoever decodes a word writes what any other would, so the
/// words are relaxed atomics and need no lock.
pub struct CodePage([AtomicU64; PAGE / 4]);

impl CodePage {
    /// A page of which nothing is decoded.
    pub fn new() -> Self {
        Self([const { AtomicU64::new(0) }; PAGE / 4])
    }

    /// The instruction at an address, by the address's offset in the page, if it is decoded.
    #[inline(always)]
    pub fn get(&self, address: u32) -> Option<Decoded> {
        let decoded = self.0[(address as usize & (PAGE - 1)) / 4].load(Ordering::Relaxed);
        if decoded == 0 { None } else { Some(Decoded(decoded)) }
    }

    /// Keeps what was decoded.
    pub fn set(&self, address: u32, decoded: Decoded) {
        self.0[(address as usize & (PAGE - 1)) / 4].store(decoded.0, Ordering::Relaxed);
    }

    /// Forgets what was decoded from the bytes from an offset on.
    pub fn forget(&self, offset: usize, bytes: usize) {
        for word in offset / 4..=(offset + bytes - 1).min(PAGE - 1) / 4 {
            self.0[word].store(0, Ordering::Relaxed);
        }
    }
}

impl Default for CodePage {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CodePage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CodePage")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoded_words_keep_name_and_word() {
        assert_eq!(Decoded::new(0x3864_FFFB).op(), Some(Op::Addi));
        assert_eq!(Decoded::new(0x3864_FFFB).word(), Word(0x3864_FFFB));
        assert_eq!(Decoded::new(0).op(), None);
        let last = *Op::ALL.last().expect("some");
        assert_eq!(Decoded::new(last.row().encoding.value).op(), Some(last));
        assert!((Op::ALL.len() as u64) < ILLEGAL);
    }

    #[test]
    fn stores_forget_every_word_that_they_touch() {
        let page = CodePage::new();
        for address in [0, 4, 8, 0xFFC] {
            page.set(address, Decoded::new(0x6000_0000));
        }
        page.forget(3, 2);
        assert_eq!(page.get(0), None);
        assert_eq!(page.get(4), None);
        assert!(page.get(8).is_some());
        page.forget(0xFFE, 4);
        assert_eq!(page.get(0xFFC), None);
    }
}
