//! Writing a flattened device tree.
//!
//! *Devicetree Specification* 0.4, chapter 5: a header, an empty list of reserved memory, the nodes, then the names of
//! their properties. Names are kept once each. Everything is big-endian and begins at a multiple of four.

use heapless::Vec;

/// There is no more room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

const MAGIC: u32 = 0xD00D_FEED;
const VERSION: u32 = 17;
const COMPATIBLE_VERSION: u32 = 16;
const BEGIN_NODE: u32 = 1;
const END_NODE: u32 = 2;
const PROPERTY: u32 = 3;
const END: u32 = 9;

const HEADER_BYTES: usize = 40;
/// The list of reserved memory: its end alone, two zero numbers of 64 bits.
const RESERVATIONS_BYTES: usize = 16;
/// Bytes of names that fit.
const NAMES: usize = 768;

/// A device tree of at most `N` bytes on its way.
#[derive(Debug)]
pub struct Writer<const N: usize> {
    bytes: Vec<u8, N>,
    names: Vec<u8, NAMES>,
    /// Something did not fit; what follows is dropped.
    is_full: bool,
}

impl<const N: usize> Default for Writer<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Writer<N> {
    /// An empty tree.
    pub fn new() -> Self {
        let mut writer = Self { bytes: Vec::new(), names: Vec::new(), is_full: false };
        for _ in 0..HEADER_BYTES + RESERVATIONS_BYTES {
            writer.put(&[0]);
        }
        writer
    }

    /// Begins a node; the first one's name is empty.
    pub fn begin(&mut self, name: &str) {
        self.number(BEGIN_NODE);
        self.put(name.as_bytes());
        self.put(&[0]);
        self.align();
    }

    /// Ends the node that was begun last.
    pub fn end(&mut self) {
        self.number(END_NODE);
    }

    /// A property of bytes.
    pub fn property(&mut self, name: &str, value: &[u8]) {
        self.open(name, value.len());
        self.put(value);
        self.align();
    }

    /// A property without a value.
    pub fn flag(&mut self, name: &str) {
        self.property(name, &[]);
    }

    /// A property of numbers of 32 bits.
    pub fn cells(&mut self, name: &str, cells: &[u32]) {
        self.open(name, 4 * cells.len());
        for cell in cells {
            self.number(*cell);
        }
    }

    /// A property of texts.
    pub fn texts(&mut self, name: &str, texts: &[&str]) {
        self.open(name, texts.iter().map(|text| text.len() + 1).sum());
        for text in texts {
            self.put(text.as_bytes());
            self.put(&[0]);
        }
        self.align();
    }

    /// The whole tree.
    ///
    /// # Errors
    ///
    /// [`Full`] if something did not fit.
    pub fn finish(mut self) -> Result<Vec<u8, N>, Full> {
        self.number(END);
        let nodes = HEADER_BYTES + RESERVATIONS_BYTES;
        let names = self.bytes.len();
        let all = core::mem::take(&mut self.names);
        self.put(&all);
        let header = [
            MAGIC,
            self.bytes.len() as u32,
            nodes as u32,
            names as u32,
            HEADER_BYTES as u32,
            VERSION,
            COMPATIBLE_VERSION,
            // The processor that boots.
            0,
            all.len() as u32,
            (names - nodes) as u32,
        ];
        if self.is_full {
            return Err(Full);
        }
        for (place, word) in self.bytes.as_chunks_mut::<4>().0.iter_mut().zip(header) {
            *place = word.to_be_bytes();
        }
        Ok(self.bytes)
    }

    fn put(&mut self, bytes: &[u8]) {
        self.is_full |= self.bytes.extend_from_slice(bytes).is_err();
    }

    fn number(&mut self, number: u32) {
        self.put(&number.to_be_bytes());
    }

    fn align(&mut self) {
        while !self.is_full && !self.bytes.len().is_multiple_of(4) {
            self.put(&[0]);
        }
    }

    /// Begins a property; its value follows.
    fn open(&mut self, name: &str, bytes: usize) {
        let place = self.name(name);
        self.number(PROPERTY);
        self.number(bytes as u32);
        self.number(place);
    }

    /// Where the name stands among the names.
    fn name(&mut self, name: &str) -> u32 {
        let mut place = 0;
        for known in self.names.split(|byte| *byte == 0) {
            if known == name.as_bytes() {
                return place;
            }
            place += known.len() as u32 + 1;
        }
        let place = self.names.len() as u32;
        self.is_full |= self.names.extend_from_slice(name.as_bytes()).is_err() || self.names.push(0).is_err();
        place
    }
}
