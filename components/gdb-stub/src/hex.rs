//! Numbers as gdb writes them.

/// A hexadecimal digit's value.
pub(crate) const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The lower four bits as a digit.
pub(crate) const fn letter(value: u8) -> u8 {
    let value = value & 15;
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// A whole number of at most 16 digits; none for anything else, and for nothing.
pub(crate) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 16 {
        return None;
    }
    text.iter().try_fold(0, |value, byte| Some(value << 4 | u64::from(digit(*byte)?)))
}

/// The bytes of pairs of digits, as far as they are well-formed; a half pair ends them with `None`.
pub(crate) fn bytes(text: &[u8]) -> impl Iterator<Item = Option<u8>> {
    text.chunks(2).map(|pair| match pair {
        [upper, lower] => Some(digit(*upper)? << 4 | digit(*lower)?),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_to_sixteen_digits() {
        assert_eq!(number(b"c0DE"), Some(0xC0DE));
        assert_eq!(number(b"ffffffffffffffff"), Some(u64::MAX));
        for wrong in [&b""[..], b"x", b"-1", b"12 ", b"00000000000000000"] {
            assert_eq!(number(wrong), None);
        }
    }

    #[test]
    fn bytes_come_in_pairs() {
        assert!(bytes(b"00fF").eq([Some(0), Some(255)]));
        assert!(bytes(b"0g1").eq([None, None]));
    }
}
