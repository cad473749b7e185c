//! A guest's RAM in the monitor's address space.

#![expect(unsafe_code, reason = "memory that a guest writes is reached by volatile accesses")]

use super::{GuestMemory, OutOfRange, offset};

/// Bytes in the unit of copying.
const WORD: usize = size_of::<u32>();

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
        let mut words = [0xEEEE_EEEE_u32; 4];
        let window = words.as_mut_ptr().expose_provenance() + WORD;
        // SAFETY: `words` outlives the RAM, and nothing else touches it meanwhile.
        let mut ram = unsafe { GuestRam::at(window, BASE, 8) };
        test(&mut ram);
        let mut bytes = [0; 16];
        for (chunk, word) in bytes.as_chunks_mut::<WORD>().0.iter_mut().zip(words) {
            *chunk = word.to_ne_bytes();
        }
        bytes
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
