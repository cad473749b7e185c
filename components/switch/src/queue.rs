//! Frames that wait for a port, in its share of the memory.

use interfaces::ethernet::LONGEST_FRAME;
use runtime::{Memory, WireError};

/// Bytes of the length before each frame.
const LENGTH_BYTES: usize = size_of::<u32>();

/// Bytes that a frame takes up: its length, and room for the longest, up to a multiple of four.
pub(crate) const SLOT_BYTES: usize = (LENGTH_BYTES + LONGEST_FRAME).next_multiple_of(4);

/// A queue.
#[derive(Debug)]
pub(crate) struct Queue {
    /// The first slot of the memory that is its own.
    start: usize,
    /// How many slots it has.
    slots: usize,
    /// The slot of the oldest frame, counted from `start`.
    first: usize,
    /// How many frames wait.
    count: usize,
}

impl Queue {
    /// The queue of so many slots from one of them on.
    pub(crate) const fn new(start: usize, slots: usize) -> Self {
        Self { start, slots, first: 0, count: 0 }
    }

    /// Whether no frame waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Where the nth frame from the oldest lies, or will.
    fn place(&self, nth: usize) -> usize {
        let slot = self.first + nth;
        let slot = if slot < self.slots { slot } else { slot - self.slots };
        (self.start + slot) * SLOT_BYTES
    }

    /// Appends a frame. False: there is no room.
    pub(crate) fn push(&mut self, memory: &mut impl Memory, frame: &[u8]) -> bool {
        if self.count == self.slots {
            return false;
        }
        let place = self.place(self.count);
        let length = (frame.len() as u32).to_ne_bytes();
        let written = memory.write(place, &length).and_then(|()| memory.write(place + LENGTH_BYTES, frame));
        self.count += usize::from(written.is_ok());
        written.is_ok()
    }

    /// Takes the oldest frame, and says how long it is; 0 if there is none.
    ///
    /// # Errors
    ///
    /// [`WireError::TooLong`] if it does not fit; then it stays.
    pub(crate) fn pop(&mut self, memory: &impl Memory, into: &mut [u8]) -> Result<u32, WireError> {
        if self.is_empty() {
            return Ok(0);
        }
        let place = self.place(0);
        let mut length = [0; LENGTH_BYTES];
        memory.read(place, &mut length)?;
        // A spec may share the memory with others, who can write what they like.
        let length = (u32::from_ne_bytes(length) as usize).min(LONGEST_FRAME);
        memory.read(place + LENGTH_BYTES, into.get_mut(..length).ok_or(WireError::TooLong)?)?;
        self.first = if self.first + 1 < self.slots { self.first + 1 } else { 0 };
        self.count -= 1;
        Ok(length as u32)
    }
}
