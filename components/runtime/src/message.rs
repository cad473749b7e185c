//! A message on its way into the kernel's registers.

use abi::{MESSAGE_WORDS, Tag};

use crate::WireError;
use crate::arch::{ABSENT, Register, register};

/// A call or a reply: a tag, and as many words as the tag says.
///
/// Words beyond them are absent, so that no instruction is spent on registers that the kernel clears
/// anyway. Holding a `Message` proves that the first `tag.words()` words are present.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    tag: Tag,
    words: [Register; MESSAGE_WORDS],
}

impl Message {
    /// A call of the operation with these words; more than eight do not compile.
    #[inline(always)]
    pub fn call<const N: usize>(operation: u16, words: [u32; N]) -> Self {
        const { assert!(N <= MESSAGE_WORDS, "a message has at most eight words") };
        let mut all = [ABSENT; MESSAGE_WORDS];
        for (place, word) in all.iter_mut().zip(words) {
            *place = register(word);
        }
        Self { tag: Tag::new(operation, N), words: all }
    }

    /// A reply that carries a result in these words.
    #[inline(always)]
    pub fn reply<const N: usize>(words: [u32; N]) -> Self {
        Self::call(0, words)
    }

    /// A reply that carries an error.
    #[inline(always)]
    pub fn refusal(error: WireError) -> Self {
        Self::call(error.number(), [])
    }

    /// The tag, whose upper half is the operation of a call or the outcome of a reply.
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// What goes into the registers; the first `tag().words()` are present.
    #[inline(always)]
    pub(crate) const fn registers(&self) -> &[Register; MESSAGE_WORDS] {
        &self.words
    }
}
