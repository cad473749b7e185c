//! The region of a ring wire: lines and slots at the places that `abi::ring` gives them.

use core::sync::atomic::AtomicU32;

use abi::{MESSAGE_WORDS, Tag, Words, ring};

use super::side::Lines;
use super::word::Line;
use crate::{Buffer, Client, Slices, WireError};

/// The memory that the two ends of a ring wire share.
#[derive(Clone, Copy, Debug)]
pub struct RingMemory<'a> {
    region: Buffer<'a>,
    slots: u32,
    /// Bytes of slices in a request and in an answer.
    request: usize,
    answer: usize,
}

impl<'a> RingMemory<'a> {
    /// Two rings of `slots` slots in a region; an interface's `REQUEST_BYTES` and `ANSWER_BYTES` say how
    /// many bytes of slices its messages have.
    ///
    /// # Panics
    ///
    /// When the number of slots is no power of two, or the region is too small: composer sizes both.
    pub const fn new(region: Buffer<'a>, slots: u32, request: usize, answer: usize) -> Self {
        assert!(slots.is_power_of_two() && slots <= ring::MOST_SLOTS, "a ring has a power of two of slots");
        assert!(region.bytes() >= ring::region_bytes(slots, request, answer), "the region is too small");
        Self { region, slots, request, answer }
    }

    /// How many slots each ring has.
    pub(crate) const fn slots(&self) -> u32 {
        self.slots
    }

    /// The words beside the slots.
    pub(crate) fn lines(&self) -> Lines<'a, AtomicU32> {
        let word = |line: usize, offset: usize| {
            self.region.word(line * ring::LINE_BYTES + offset).expect("the constructor measured the region")
        };
        let line = |number| Line { index: word(number, ring::INDEX), bell: word(number, ring::BELL) };
        Lines {
            sent: line(0),
            taken: line(1),
            answered: line(2),
            fetched: line(3),
            opened: word(0, ring::SESSION),
            accepted: word(1, ring::SESSION),
        }
    }

    /// The request of an index.
    pub(crate) fn request(&self, index: u32) -> Result<Place<'a>, WireError> {
        self.place(ring::requests_at(), ring::slot_bytes(self.request), index)
    }

    /// The answer of an index.
    pub(crate) fn answer(&self, index: u32) -> Result<Place<'a>, WireError> {
        self.place(ring::answers_at(self.slots, self.request), ring::slot_bytes(self.answer), index)
    }

    fn place(&self, first: usize, bytes: usize, index: u32) -> Result<Place<'a>, WireError> {
        let slot = (index & (self.slots - 1)) as usize;
        let slot = self.region.part(first + slot * bytes, bytes)?;
        let slices = slot.part(ring::HEADER_BYTES, bytes - ring::HEADER_BYTES)?;
        Ok(Place { slot, slices })
    }
}

/// One slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    slot: Buffer<'a>,
    /// Where slices lie.
    pub(crate) slices: Buffer<'a>,
}

/// A slot's header, in private memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    /// The message's tag.
    pub(crate) tag: Tag,
    /// The index of the request.
    pub(crate) request: u32,
    /// Whether an answer is wanted.
    pub(crate) wanted: bool,
    /// The words; unsent ones are zero.
    pub(crate) words: Words,
}

/// Words of a header before the message's.
const FIELDS: usize = ring::HEADER_BYTES / size_of::<u32>() - MESSAGE_WORDS;

impl Place<'_> {
    /// Writes a header.
    pub(crate) fn write(&self, header: &Header) -> Result<(), WireError> {
        let fields: [u32; FIELDS] = [header.tag.bits(), header.request, header.wanted.into(), 0];
        let mut bytes = [0; ring::HEADER_BYTES];
        let (chunks, _) = bytes.as_chunks_mut();
        for (chunk, word) in chunks.iter_mut().zip(fields.iter().chain(&header.words)) {
            *chunk = word.to_be_bytes();
        }
        self.slot.write(0, &bytes)
    }

    /// Copies the header. Each of its bytes is read once.
    pub(crate) fn read(&self) -> Result<Header, WireError> {
        let mut bytes = [0; ring::HEADER_BYTES];
        self.slot.read(0, &mut bytes)?;
        let (chunks, _) = bytes.as_chunks();
        let word = |index: usize| chunks.get(index).map_or(0, |chunk| u32::from_be_bytes(*chunk));
        let tag = Tag::from_bits(word(0));
        // As the kernel does: a word that was not sent is zero, whatever stands there.
        let sent = |index| if index < tag.words() { word(FIELDS + index) } else { 0 };
        Ok(Header { tag, request: word(1), wanted: word(2) == 1, words: core::array::from_fn(sent) })
    }
}

/// Where the slices of one request over a ring lie: in its slot, and in that of its answer.
#[derive(Clone, Copy, Debug)]
pub struct RingSlices<'a> {
    pub(super) sent: Buffer<'a>,
    pub(super) answered: Buffer<'a>,
}

impl Slices for RingSlices<'_> {
    fn sent(&self, _: Client) -> Result<Buffer<'_>, WireError> {
        Ok(self.sent)
    }

    fn answered(&self, _: Client) -> Result<Buffer<'_>, WireError> {
        Ok(self.answered)
    }
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::*;

    #[test]
    fn headers_are_big_endian_and_words_that_were_not_sent_are_zero() {
        let region: [AtomicU32; 64] = [const { AtomicU32::new(0) }; 64];
        let memory = RingMemory::new(Buffer::over(&region), 1, 0, 0);
        let words = [1, 2, 3, 4, 5, 6, 7, 8];
        let sent = Header { tag: Tag::new(0xBEEF, 2), request: 7, wanted: true, words };
        memory.request(5).unwrap().write(&sent).unwrap();
        assert_eq!(u32::from_be(region[32].load(core::sync::atomic::Ordering::Relaxed)), 0xBEEF_0002);
        let read = memory.request(0).unwrap().read().unwrap();
        assert_eq!((read.tag, read.request, read.wanted), (sent.tag, 7, true));
        assert_eq!(read.words, [1, 2, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn slots_do_not_overlap() {
        let region: [AtomicU32; 200] = [const { AtomicU32::new(0) }; 200];
        let memory = RingMemory::new(Buffer::over(&region), 2, 8, 40);
        let places = [memory.request(0), memory.request(1), memory.answer(0), memory.answer(3)];
        for (number, place) in places.iter().enumerate() {
            let place = place.as_ref().unwrap();
            place.slot.write(0, &vec![number as u8 + 1; place.slot.bytes()]).unwrap();
        }
        for (number, place) in places.iter().enumerate() {
            let place = place.as_ref().unwrap();
            let mut bytes = vec![0; place.slot.bytes()];
            place.slot.read(0, &mut bytes).unwrap();
            assert!(
                bytes.iter().all(|byte| *byte == number as u8 + 1),
                "slot {number} was written through another"
            );
        }
        assert!(region[..32].iter().all(|word| word.load(core::sync::atomic::Ordering::Relaxed) == 0));
    }
}
