//! A guest's RAM in the monitor's address space.

#![expect(unsafe_code, reason = "memory that a guest writes is reached by volatile accesses")]

use super::{GuestMemory, OutOfRange, offset};
use crate::arch::copy_blocks;

/// Bytes in the unit of copying.
const WORD: usize = size_of::<u32>();
/// Words that are copied at once where both sides are aligned: a line of the 440's caches.
pub(crate) const BLOCK: usize = 8;

/// The RAM of a guest, mapped.
///
/// Holding one proves that its bytes are mapped, readable and writable, and that this domain reaches them through it
/// alone.
#[derive(Debug)]
pub struct GuestRam {
    window: *mut u8,
    base: u64,
    bytes: u32,
}

impl GuestRam {
    /// The RAM behind a virtual address: `bytes` bytes, the first of which the guest knows as `base`.
    ///
    /// # Safety
    ///
    /// 1. The `bytes` bytes from `window` are mapped, readable and writable, for as long as the program runs.
    /// 2. `window` and `base` are multiples of four, and `window` is not zero.
    /// 3. Nothing in this domain makes a reference to these bytes, and there is one such value for them.
    pub const unsafe fn at(window: usize, base: u64, bytes: u32) -> Self {
        Self { window: core::ptr::with_exposed_provenance_mut(window), base, bytes }
    }

    /// The address of a unit; only what `offset` let through is used.
    const fn place<T>(&self, offset: usize) -> *mut T {
        self.window.wrapping_add(offset).cast()
    }

    /// Writes one byte, which must lie in the RAM.
    #[inline(always)]
    fn put(&mut self, offset: usize, byte: u8) {
        // SAFETY: callers have proved by `offset` that the byte lies in the RAM, which is mapped.
        unsafe { self.place::<u8>(offset).write_volatile(byte) };
    }

    /// Writes one word, which must lie in the RAM at a multiple of four.
    #[inline(always)]
    fn put_word(&mut self, offset: usize, word: u32) {
        // SAFETY: callers have proved by `offset` that the word lies in the RAM, which is mapped and aligned.
        unsafe { self.place::<u32>(offset).write_volatile(word) };
    }

    /// Reads one byte, which must lie in the RAM.
    #[inline(always)]
    fn get(&self, offset: usize) -> u8 {
        // SAFETY: callers have proved by `offset` that the byte lies in the RAM, which is mapped.
        unsafe { self.place::<u8>(offset).read_volatile() }
    }

    /// Reads one word, which must lie in the RAM at a multiple of four.
    #[inline(always)]
    fn get_word(&self, offset: usize) -> u32 {
        // SAFETY: callers have proved by `offset` that the word lies in the RAM, which is mapped and aligned.
        unsafe { self.place::<u32>(offset).read_volatile() }
    }
}

/// How many bytes there are before the first multiple of four.
const fn ahead(offset: usize, length: usize) -> usize {
    let ahead = offset.wrapping_neg() % WORD;
    if ahead < length { ahead } else { length }
}

/// How many of a domain's words can be copied in blocks, from the first on.
fn whole_blocks(words: &[[u8; WORD]]) -> usize {
    let aligned = words.as_ptr().addr().is_multiple_of(WORD);
    if aligned { words.len() / BLOCK * BLOCK } else { 0 }
}

impl GuestMemory for GuestRam {
    fn base(&self) -> u64 {
        self.base
    }

    fn bytes(&self) -> u32 {
        self.bytes
    }

    fn read(&self, physical: u64, into: &mut [u8]) -> Result<(), OutOfRange> {
        let mut place = offset(self.base, self.bytes, physical, into.len())?;
        let (first, rest) = into.split_at_mut(ahead(place, into.len()));
        for byte in first {
            *byte = self.get(place);
            place += 1;
        }
        let (words, last) = rest.as_chunks_mut::<WORD>();
        let (blocks, words) = words.split_at_mut(whole_blocks(words));
        // SAFETY: `offset` has let through as many bytes of the RAM as there are in `blocks`, which are mapped. Both sides are
        // aligned, by `ahead` and `whole_blocks`, and do not overlap: nobody has a reference into the RAM.
        unsafe { copy_blocks(blocks.as_mut_ptr().cast(), self.place(place), blocks.len() / BLOCK) };
        place += blocks.len() * WORD;
        for word in words {
            *word = self.get_word(place).to_ne_bytes();
            place += WORD;
        }
        for byte in last {
            *byte = self.get(place);
            place += 1;
        }
        Ok(())
    }

    fn write(&mut self, physical: u64, from: &[u8]) -> Result<(), OutOfRange> {
        let mut place = offset(self.base, self.bytes, physical, from.len())?;
        let (first, rest) = from.split_at(ahead(place, from.len()));
        for &byte in first {
            self.put(place, byte);
            place += 1;
        }
        let (words, last) = rest.as_chunks::<WORD>();
        let (blocks, words) = words.split_at(whole_blocks(words));
        // SAFETY: as in `read`, the other way round.
        unsafe { copy_blocks(self.place(place), blocks.as_ptr().cast(), blocks.len() / BLOCK) };
        place += blocks.len() * WORD;
        for word in words {
            self.put_word(place, u32::from_ne_bytes(*word));
            place += WORD;
        }
        for &byte in last {
            self.put(place, byte);
            place += 1;
        }
        Ok(())
    }

    fn clear(&mut self, physical: u64, bytes: u32) -> Result<(), OutOfRange> {
        let mut place = offset(self.base, self.bytes, physical, bytes as usize)?;
        let end = place + bytes as usize;
        while place < end {
            if place.is_multiple_of(WORD) && end - place >= WORD {
                self.put_word(place, 0);
                place += WORD;
            } else {
                self.put(place, 0);
                place += 1;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    const BASE: u64 = 0x1_0000_0000;

    /// A RAM of eight bytes, with a word of a neighbour on either side.
    fn with_ram(test: impl FnOnce(&mut GuestRam)) -> [u8; 16] {
        let bytes = with_larger_ram(8, test);
        bytes.try_into().unwrap()
    }

    /// The same of any number of whole words.
    fn with_larger_ram(size: usize, test: impl FnOnce(&mut GuestRam)) -> Vec<u8> {
        let mut words = std::vec![0xEEEE_EEEE_u32; size / WORD + 2];
        let window = words.as_mut_ptr().expose_provenance() + WORD;
        // SAFETY: `words` outlives the RAM, and nothing else touches it meanwhile.
        let mut ram = unsafe { GuestRam::at(window, BASE, size as u32) };
        test(&mut ram);
        words.into_iter().flat_map(u32::to_ne_bytes).collect()
    }

    #[test]
    fn every_place_and_length_crosses_and_touches_nothing_else() {
        let sent: Vec<u8> = (1..=8).collect();
        for start in 0..=8_usize {
            for length in 0..=8 - start {
                let bytes = with_ram(|ram| {
                    ram.write(BASE + start as u64, &sent[..length]).unwrap();
                    let mut copy = [0; 8];
                    ram.read(BASE + start as u64, &mut copy[..length]).unwrap();
                    assert_eq!(copy[..length], sent[..length]);
                });
                let mut expected = [0xEE; 16];
                expected[4 + start..4 + start + length].copy_from_slice(&sent[..length]);
                assert_eq!(bytes, expected, "{length} bytes at {start}");
            }
        }
    }

    #[test]
    fn blocks_are_copied_wherever_both_sides_lie() {
        let sent: Vec<u8> = (0..=255).collect();
        for start in [0, 1, 4, 7] {
            for from in [0, 1, 2, 4] {
                for length in [31, 32, 35, 36, 64, 71, 100] {
                    let bytes = with_larger_ram(128, |ram| {
                        ram.write(BASE + start as u64, &sent[from..][..length]).unwrap();
                        let mut copy = [0; 128];
                        ram.read(BASE + start as u64, &mut copy[from..][..length]).unwrap();
                        assert_eq!(copy[from..][..length], sent[from..][..length]);
                    });
                    let mut expected = [0xEE; 136];
                    expected[4 + start..4 + start + length].copy_from_slice(&sent[from..][..length]);
                    assert_eq!(bytes, expected, "{length} bytes from {from} to {start}");
                }
            }
        }
    }

    #[test]
    fn clearing_touches_nothing_else() {
        for start in 0..=8_usize {
            for length in 0..=8 - start {
                let bytes = with_ram(|ram| ram.clear(BASE + start as u64, length as u32).unwrap());
                let mut expected = [0xEE; 16];
                expected[4 + start..4 + start + length].fill(0);
                assert_eq!(bytes, expected, "{length} bytes at {start}");
            }
        }
    }

    #[test]
    fn nothing_outside_is_reached() {
        let bytes = with_ram(|ram| {
            assert_eq!(ram.write(BASE - 1, &[1]), Err(OutOfRange));
            assert_eq!(ram.write(0, &[1]), Err(OutOfRange));
            assert_eq!(ram.write(BASE + 7, &[1, 2]), Err(OutOfRange));
            assert_eq!(ram.write(u64::MAX, &[1, 2]), Err(OutOfRange));
            assert_eq!(ram.clear(BASE + 1, 8), Err(OutOfRange));
            assert_eq!(ram.clear(BASE, u32::MAX), Err(OutOfRange));
            assert_eq!(ram.read_u32(BASE + 5), Err(OutOfRange));
            assert_eq!(ram.load(BASE + 8, &[]), Ok(()));
        });
        assert_eq!(bytes, [0xEE; 16]);
    }

    #[test]
    fn numbers_are_big_endian_wherever_they_lie() {
        with_ram(|ram| {
            ram.write_u32(BASE + 1, 0x0102_0304).unwrap();
            ram.write_u16(BASE + 5, 0x0506).unwrap();
            ram.write_u8(BASE + 7, 7).unwrap();
            assert_eq!(ram.read_u32(BASE + 4), Ok(0x0405_0607));
            assert_eq!(ram.read_u16(BASE + 1), Ok(0x0102));
            assert_eq!(ram.read_u8(BASE + 3), Ok(3));
        });
    }
}
