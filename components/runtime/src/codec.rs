//! How values stand in a message's words. Code that `#[interface]` derives uses it on both ends.
//!
//! | value                 | words                                                   |
//! |-----------------------|---------------------------------------------------------|
//! | `u8`, `u16`, `u32`    | one, the upper bits zero                                |
//! | `i32`                 | one, two's complement                                   |
//! | `bool`                | one, 0 or 1                                             |
//! | `u64`                 | two, the upper half first                               |
//! | `[u8; N]`             | as many as hold it, first byte uppermost, padded with zero bytes |
//! | `&[u8]`, `&mut [u8]`  | one, the length in bytes                                |
//!
//! Any other pattern is [`WireError::Malformed`], whoever sends it.

use crate::WireError;

/// Bytes in a word.
const WORD: usize = size_of::<u32>();

/// The upper half of a `u64`.
#[inline(always)]
pub const fn upper(value: u64) -> u32 {
    (value >> 32) as u32
}

/// The lower half of a `u64`.
#[inline(always)]
pub const fn lower(value: u64) -> u32 {
    value as u32
}

/// The `u64` of two halves.
#[inline(always)]
pub const fn join(upper: u32, lower: u32) -> u64 {
    (upper as u64) << 32 | lower as u64
}

/// The `u8` in a word.
///
/// # Errors
///
/// [`WireError::Malformed`] if an upper bit is set.
#[inline(always)]
pub fn to_u8(word: u32) -> Result<u8, WireError> {
    u8::try_from(word).map_err(|_| WireError::Malformed)
}

/// The `u16` in a word.
///
/// # Errors
///
/// [`WireError::Malformed`] if an upper bit is set.
#[inline(always)]
pub fn to_u16(word: u32) -> Result<u16, WireError> {
    u16::try_from(word).map_err(|_| WireError::Malformed)
}

/// The `bool` in a word.
///
/// # Errors
///
/// [`WireError::Malformed`] if it is neither 0 nor 1.
#[inline(always)]
pub const fn to_bool(word: u32) -> Result<bool, WireError> {
    match word {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(WireError::Malformed),
    }
}

/// The word of `bytes` with the number `index`.
#[inline(always)]
pub fn word_of<const N: usize>(bytes: &[u8; N], index: usize) -> u32 {
    let rest = bytes.get(index * WORD..).unwrap_or_default();
    match rest.first_chunk() {
        Some(whole) => u32::from_be_bytes(*whole),
        None => u32::from_be_bytes(core::array::from_fn(|place| rest.get(place).copied().unwrap_or(0))),
    }
}

/// The bytes in the words.
///
/// # Errors
///
/// [`WireError::Malformed`] if a padding byte is not zero.
#[inline(always)]
pub fn to_bytes<const N: usize, const WORDS: usize>(words: [u32; WORDS]) -> Result<[u8; N], WireError> {
    const { assert!(WORDS == N.div_ceil(WORD), "as many words as hold the bytes") };
    // The last word's bytes after the array's end, moved to the top.
    let last = words.last().copied().unwrap_or(0);
    if !N.is_multiple_of(WORD) && last << (8 * (N % WORD)) != 0 {
        return Err(WireError::Malformed);
    }
    // Word by word: byte by byte costs ten times as many instructions.
    let mut bytes = [0; N];
    for (place, word) in bytes.chunks_mut(WORD).zip(words) {
        place.copy_from_slice(&word.to_be_bytes()[..place.len()]);
    }
    Ok(bytes)
}

/// The word that carries a slice's length.
///
/// # Errors
///
/// [`WireError::TooLong`] if it is longer than the declared maximum.
#[inline(always)]
pub const fn length_of(slice: &[u8], max: usize) -> Result<u32, WireError> {
    if slice.len() > max { Err(WireError::TooLong) } else { Ok(slice.len() as u32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_join_to_the_value() {
        let value = 0x0123_4567_89AB_CDEF;
        assert_eq!((upper(value), lower(value)), (0x0123_4567, 0x89AB_CDEF));
        assert_eq!(join(upper(value), lower(value)), value);
    }

    #[test]
    fn narrow_values_refuse_upper_bits() {
        assert_eq!((to_u8(255), to_u8(256)), (Ok(255), Err(WireError::Malformed)));
        assert_eq!((to_u16(0xFFFF), to_u16(0x1_0000)), (Ok(0xFFFF), Err(WireError::Malformed)));
        assert_eq!((to_bool(1), to_bool(2)), (Ok(true), Err(WireError::Malformed)));
    }

    #[test]
    fn byte_arrays_fill_words_from_the_top() {
        let bytes = *b"fugue";
        let words = [word_of(&bytes, 0), word_of(&bytes, 1)];
        assert_eq!(words, [0x6675_6775, 0x6500_0000]);
        assert_eq!(to_bytes(words), Ok(bytes));
    }

    #[test]
    fn padding_that_is_not_zero_is_malformed() {
        assert_eq!(to_bytes::<5, 2>([0x6675_6775, 0x6500_0001]), Err(WireError::Malformed));
        assert_eq!(to_bytes([0x6675_6775, 0x6500_0001]), Ok(*b"fugue\0\0\x01"));
    }
}
