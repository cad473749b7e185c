//! A FIFO of the DMA: a ring in memory, of descriptors or of packets (sections 6.6 and 6.9).

use serde::{Deserialize, Serialize};

/// A FIFO that has less room than this many bytes is not *available*.
pub(super) const RESERVE: u64 = 512;

/// The four words of a FIFO's record: physical addresses without their lower four bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ring {
    /// Where it begins.
    pub(super) start: u32,
    /// Behind its end.
    pub(super) end: u32,
    /// What is taken next.
    pub(super) head: u32,
    /// Where the next is put. Where the head is: the FIFO is empty.
    pub(super) tail: u32,
}

impl Ring {
    /// One of the words, by its number in the record.
    pub(super) const fn word(&self, number: u32) -> u32 {
        match number & 3 {
            0 => self.start,
            1 => self.end,
            2 => self.head,
            _ => self.tail,
        }
    }

    /// Replaces a word.
    pub(super) const fn set_word(&mut self, number: u32, value: u32) {
        match number & 3 {
            0 => self.start = value,
            1 => self.end = value,
            2 => self.head = value,
            _ => self.tail = value,
        }
    }

    /// Whether head and tail lie in the ring, or at its end.
    pub(super) const fn is_sound(&self) -> bool {
        self.start < self.end
            && self.start <= self.head
            && self.head <= self.end
            && self.start <= self.tail
            && self.tail <= self.end
    }

    /// Whether something is in it.
    pub(super) const fn is_empty(&self) -> bool {
        self.head == self.tail
    }

    /// Bytes of the ring.
    pub(super) const fn size(&self) -> u64 {
        if self.is_sound() { ((self.end - self.start) as u64) << 4 } else { 0 }
    }

    /// Bytes in use.
    pub(super) const fn used(&self) -> u64 {
        if !self.is_sound() {
            return 0;
        }
        let used = if self.tail >= self.head {
            self.tail - self.head
        } else {
            self.end - self.head + (self.tail - self.start)
        };
        (used as u64) << 4
    }

    /// Bytes that are free.
    pub(super) const fn free(&self) -> u64 {
        self.size().saturating_sub(self.used())
    }

    /// Whether there is as much room as the DMA wants before it puts anything in.
    pub(super) const fn is_available(&self) -> bool {
        self.free() >= RESERVE
    }

    /// A pointer so many bytes further, around the end.
    const fn advanced(&self, pointer: u32, bytes: u64) -> u32 {
        let offset = ((pointer - self.start) as u64 + (bytes >> 4)) % (self.end - self.start) as u64;
        self.start + offset as u32
    }

    /// The parts of the ring that so many bytes from a pointer on take: physical addresses and lengths.
    fn parts(&self, pointer: u32, bytes: u64) -> [(u64, usize); 2] {
        let pointer = if pointer == self.end { self.start } else { pointer };
        let whole = u64::from(self.end - pointer) << 4;
        let first = bytes.min(whole);
        [(u64::from(pointer) << 4, first as usize), (u64::from(self.start) << 4, (bytes - first) as usize)]
    }

    /// Where what is taken next lies. The ring must be sound.
    pub(super) fn at_head(&self, bytes: u64) -> [(u64, usize); 2] {
        self.parts(self.head, bytes)
    }

    /// Where what is put next goes. The ring must be sound.
    pub(super) fn at_tail(&self, bytes: u64) -> [(u64, usize); 2] {
        self.parts(self.tail, bytes)
    }

    /// So many bytes have been taken. The ring must be sound.
    pub(super) const fn take(&mut self, bytes: u64) {
        self.head = self.advanced(self.head, bytes);
    }

    /// So many bytes have been put in. The ring must be sound.
    pub(super) const fn put(&mut self, bytes: u64) {
        self.tail = self.advanced(self.tail, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn invariant_09_pointers_read_back_and_wrap_at_the_end_to_the_start() {
        let mut ring = Ring::default();
        for (number, value) in (0..).zip([0x100, 0x140, 0x13E, 0x13E]) {
            ring.set_word(number, value);
            assert_eq!(ring.word(number), value);
        }
        assert_eq!((ring.size(), ring.free(), ring.is_available()), (1024, 1024, true));
        assert_eq!(ring.at_tail(64), [(0x13E0, 32), (0x1000, 32)]);
        ring.put(64);
        assert_eq!((ring.tail, ring.used()), (0x102, 64));
        ring.take(32);
        assert_eq!((ring.head, ring.used()), (0x100, 32));
        // A tail that software has left at the end is at the start.
        ring = Ring { head: 0x140, tail: 0x140, ..ring };
        assert_eq!(ring.at_head(32)[0], (0x1000, 32));
        ring.put(32);
        assert_eq!(ring.tail, 0x102);
    }

    proptest! {
        #[test]
        fn what_is_used_and_what_is_free_are_the_ring(start: u32, end: u32, head: u32, tail: u32, bytes in 0_u64..512) {
            let mut ring = Ring { start, end, head, tail };
            prop_assert_eq!(ring.used() + ring.free(), ring.size().max(ring.used()));
            if ring.is_sound() {
                let [(_, first), (_, second)] = ring.at_tail(bytes & !15);
                prop_assert_eq!((first + second) as u64, bytes & !15);
                ring.put(bytes & !15);
                ring.take(bytes & !15);
                prop_assert!(ring.is_sound());
            }
        }
    }
}
