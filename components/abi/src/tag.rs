//! The tag that describes a message, and the message's words.

/// How many words a message carries at most, in `r3` to `r10`.
pub const MESSAGE_WORDS: usize = 8;

/// The words of a message.
pub type Words = [u32; MESSAGE_WORDS];

/// What stands in `r12`: the operation in the upper half, the number of words in the low four bits.
///
/// | bits (IBM) | field                                                         |
/// |------------|---------------------------------------------------------------|
/// | 0–15       | operation: the method's number; in a reply, its [outcome](Tag::outcome) |
/// | 16–27      | zero                                                          |
/// | 28–31      | number of words, 0 to 8; a larger number counts as 8          |
///
/// The kernel looks at the number of words only, and hands on words that were not sent as zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct Tag(u32);

impl Tag {
    /// A tag for `operation` with `words` words (at most [`MESSAGE_WORDS`] count).
    pub const fn new(operation: u16, words: usize) -> Self {
        let words = if words > MESSAGE_WORDS { MESSAGE_WORDS } else { words };
        Self((operation as u32) << 16 | words as u32)
    }

    /// The tag that a register holds.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// What goes into the register.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The operation; in a reply, the outcome.
    pub const fn operation(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// The outcome that a reply carries: 0 for done, else a wire error's number.
    pub const fn outcome(self) -> u16 {
        self.operation()
    }

    /// How many words were sent.
    pub const fn words(self) -> usize {
        let words = (self.0 & 0xF) as usize;
        if words > MESSAGE_WORDS { MESSAGE_WORDS } else { words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_operation_and_length_apart() {
        let tag = Tag::new(0xBEEF, 5);
        assert_eq!((tag.operation(), tag.words()), (0xBEEF, 5));
        assert_eq!(tag.bits(), 0xBEEF_0005);
    }

    #[test]
    fn no_length_exceeds_the_registers() {
        for bits in 0..=0xFFFF {
            assert!(Tag::from_bits(bits).words() <= MESSAGE_WORDS);
        }
        assert_eq!(Tag::new(1, 99).words(), MESSAGE_WORDS);
    }
}
