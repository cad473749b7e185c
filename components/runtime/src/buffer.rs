//! A wire's shared buffer: where byte slices cross from one domain to another.
//!
//! Both domains map it, and the peer may write at any moment. So every access is volatile, bytes are copied
//! once into private memory before anybody looks at them, and a length is checked once, before the copy.
//!
//! ```text
//!   client's slice ──write──▶ buffer ──private──▶ server's copy      `&[u8]`
//!   client's slice ◀──read─── buffer ◀──write──── server's copy      `&mut [u8]`
//! ```

#![expect(unsafe_code, reason = "memory that another domain writes is reached by volatile accesses")]

use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::AtomicU32;

use crate::{Client, Private, WireError};

/// Bytes in the unit of copying. Offsets are multiples of it, and so is a buffer's size.
const WORD: usize = size_of::<u32>();

/// A buffer that this domain shares with one peer.
///
/// Holding one proves that its bytes are mapped, readable and writable, aligned to a word, for `'a`.
#[derive(Clone, Copy, Debug)]
pub struct Buffer<'a> {
    base: NonNull<u8>,
    bytes: usize,
    shared: PhantomData<&'a [AtomicU32]>,
}

impl<'a> Buffer<'a> {
    /// The buffer of a wire whose interface has no slices.
    pub const EMPTY: Self = Self { base: NonNull::<u32>::dangling().cast(), bytes: 0, shared: PhantomData };

    /// The buffer at a virtual address.
    ///
    /// # Safety
    ///
    /// 1. The `bytes` bytes from `address` are mapped, readable and writable, for as long as the program runs.
    /// 2. `address` is a multiple of four and not zero.
    /// 3. Nothing in this domain makes a reference to these bytes.
    pub const unsafe fn at(address: usize, bytes: usize) -> Buffer<'static> {
        let base = core::ptr::with_exposed_provenance_mut(address);
        // SAFETY: not null, by the caller's promise 2.
        let base = unsafe { NonNull::new_unchecked(base) };
        Buffer { base, bytes, shared: PhantomData }
    }

    /// The buffer over words that a test owns.
    pub const fn over(words: &'a [AtomicU32]) -> Self {
        // An atomic may be written through a shared reference, and `words` outlives `'a`.
        let base = NonNull::from_ref(words).cast();
        Self { base, bytes: size_of_val(words), shared: PhantomData }
    }

    /// The buffer that a server shares with a client.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the client has none.
    #[inline]
    pub fn of(buffers: &[Self], client: Client) -> Result<Self, WireError> {
        buffers.get(client.0 as usize).copied().ok_or(WireError::Malformed)
    }

    /// Its size in bytes.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// A part of it.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if the bytes do not lie there, or `offset` is no multiple of four.
    pub(crate) fn part(&self, offset: usize, bytes: usize) -> Result<Self, WireError> {
        self.check(offset, bytes)?;
        // SAFETY: `check` proved that the first byte lies in the buffer, or right behind it.
        let base = unsafe { self.base.add(offset) };
        Ok(Self { base, bytes, shared: PhantomData })
    }

    /// A word of it that one end writes while the other reads it; none if it does not lie there.
    pub(crate) fn word(&self, offset: usize) -> Option<&'a AtomicU32> {
        self.check(offset, WORD).ok()?;
        // SAFETY: `check` proved that the word lies in the buffer and is aligned. It stays mapped for `'a`,
        // and nobody reaches it but by atomic and volatile accesses.
        Some(unsafe { AtomicU32::from_ptr(self.place(offset)) })
    }

    /// Copies bytes into the buffer.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if they do not fit there.
    pub fn write(&self, offset: usize, from: &[u8]) -> Result<(), WireError> {
        self.check(offset, from.len())?;
        let (words, rest) = from.as_chunks::<WORD>();
        let mut place = offset;
        for word in words {
            // SAFETY: `check` proved that these bytes lie in the buffer and start at a word.
            unsafe { self.place::<u32>(place).write_volatile(u32::from_ne_bytes(*word)) };
            place += WORD;
        }
        for byte in rest {
            // SAFETY: `check` proved that this byte lies in the buffer.
            unsafe { self.place::<u8>(place).write_volatile(*byte) };
            place += 1;
        }
        Ok(())
    }

    /// Copies bytes out of the buffer.
    ///
    /// # Errors
    ///
    /// [`WireError::Malformed`] if they do not lie there.
    pub fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError> {
        self.check(offset, into.len())?;
        let (words, rest) = into.as_chunks_mut::<WORD>();
        let mut place = offset;
        for word in words {
            // SAFETY: `check` proved that these bytes lie in the buffer and start at a word.
            *word = unsafe { self.place::<u32>(place).read_volatile() }.to_ne_bytes();
            place += WORD;
        }
        for byte in rest {
            // SAFETY: `check` proved that this byte lies in the buffer.
            *byte = unsafe { self.place::<u8>(place).read_volatile() };
            place += 1;
        }
        Ok(())
    }

    /// Copies a slice argument into private memory, where its sender can no longer change it.
    ///
    /// # Errors
    ///
    /// [`WireError::TooLong`] if `length` (a word that the sender chose) is more than `MAX`,
    /// [`WireError::Malformed`] if the bytes do not lie in the buffer.
    pub fn private<const MAX: usize>(&self, offset: usize, length: u32) -> Result<Private<MAX>, WireError> {
        let mut copy = Private::zeroed(length)?;
        self.read(offset, &mut copy)?;
        Ok(copy)
    }

    /// The address of a unit; only what `check` let through is used.
    const fn place<T>(&self, offset: usize) -> *mut T {
        self.base.as_ptr().wrapping_add(offset).cast()
    }

    /// Proves that `length` bytes from `offset` lie in the buffer and start at a word.
    fn check(&self, offset: usize, length: usize) -> Result<(), WireError> {
        let fits =
            offset.is_multiple_of(WORD) && self.bytes.checked_sub(offset).is_some_and(|room| length <= room);
        if fits { Ok(()) } else { Err(WireError::Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::Ordering;

    use super::*;

    fn cells() -> [AtomicU32; 4] {
        core::array::from_fn(|_| AtomicU32::new(0))
    }

    #[test]
    fn every_length_crosses_unchanged_and_touches_nothing_else() {
        let sent: [u8; 16] = core::array::from_fn(|index| index as u8 + 1);
        for length in 0..=sent.len() {
            let cells = cells();
            let buffer = Buffer::over(&cells);
            buffer.write(0, &sent[..length]).unwrap();
            let mut all = [0; 16];
            buffer.read(0, &mut all).unwrap();
            assert_eq!(all[..length], sent[..length]);
            assert!(all[length..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn nothing_beyond_the_buffer_is_reached() {
        let cells = cells();
        let buffer = Buffer::over(&cells);
        assert_eq!(buffer.write(0, &[1; 17]), Err(WireError::Malformed));
        assert_eq!(buffer.write(12, &[1; 5]), Err(WireError::Malformed));
        assert_eq!(buffer.write(20, &[]), Err(WireError::Malformed));
        assert_eq!(buffer.write(usize::MAX - 3, &[1; 4]), Err(WireError::Malformed));
        assert_eq!(buffer.write(2, &[1]), Err(WireError::Malformed));
        assert_eq!(buffer.read(16, &mut [0; 1]), Err(WireError::Malformed));
        assert_eq!(Buffer::EMPTY.read(0, &mut [0; 1]), Err(WireError::Malformed));
        assert!(cells.iter().all(|cell| cell.load(Ordering::Relaxed) == 0));
    }

    #[test]
    fn a_private_copy_no_longer_changes() {
        let cells = cells();
        let buffer = Buffer::over(&cells);
        buffer.write(4, b"hello").unwrap();
        let copy = buffer.private::<8>(4, 5).unwrap();
        buffer.write(4, b"HELLO").unwrap();
        assert_eq!(&*copy, b"hello");
    }

    #[test]
    fn a_length_beyond_the_maximum_is_refused_before_the_copy() {
        let cells = cells();
        let buffer = Buffer::over(&cells);
        assert_eq!(buffer.private::<8>(0, 9).err(), Some(WireError::TooLong));
        assert_eq!(buffer.private::<64>(0, 17).err(), Some(WireError::Malformed));
        assert_eq!(buffer.private::<64>(0, u32::MAX).err(), Some(WireError::TooLong));
    }
}
