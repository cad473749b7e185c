//! Where arguments travel: words of a message, and bytes of the wire's buffer.
//!
//! A wire carries one call at a time, so all methods use the same buffer from its start. Within a method
//! the slices stand one after the other, each at a multiple of a word. Over a ring, a request's slot holds the
//! buffer as far as its `&[u8]` reach, and an answer's slot as far as its `&mut [u8]` do.

use crate::{Interface, Kind, Method, Value};

/// Words that a message carries at most, in each direction.
pub const MESSAGE_WORDS: u32 = 8;

/// Bytes in a word.
const WORD: u32 = 4;

/// A slice argument's place in the wire's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The argument's index in [`Method::arguments`].
    pub argument: usize,
    /// Its first byte in the buffer, a multiple of four.
    pub offset: u32,
    /// The most bytes that it has.
    pub max: u32,
}

impl Value {
    /// Words that the value takes.
    pub const fn words(self) -> u32 {
        match self {
            Self::U8 | Self::U16 | Self::U32 | Self::I32 | Self::Bool => 1,
            Self::U64 => 2,
            Self::Bytes(count) => count.div_ceil(WORD),
        }
    }
}

impl Kind {
    /// Words that the argument takes in a call; a slice's length takes one.
    pub const fn words(self) -> u32 {
        match self {
            Self::Value(value) => value.words(),
            Self::In { .. } | Self::Out { .. } => 1,
        }
    }

    /// The most bytes of a slice; `None` for a value.
    pub const fn max(self) -> Option<u32> {
        match self {
            Self::Value(_) => None,
            Self::In { max } | Self::Out { max } => Some(max),
        }
    }
}

impl Method {
    /// Words of a call.
    pub fn words_in(&self) -> u32 {
        self.arguments.iter().map(|argument| argument.kind.words()).sum()
    }

    /// Words of a reply.
    pub fn words_out(&self) -> u32 {
        self.result.map_or(0, Value::words)
    }

    /// The number of the first word of each argument.
    pub fn first_words(&self) -> Vec<u32> {
        let mut next = 0;
        let mut first = |words| {
            let this = next;
            next += words;
            this
        };
        self.arguments.iter().map(|argument| first(argument.kind.words())).collect()
    }

    /// The slice arguments and their places in the buffer.
    pub fn slices(&self) -> Vec<Slice> {
        let mut offset = 0;
        let mut slices = Vec::new();
        for (argument, max) in self.arguments.iter().enumerate().filter_map(|(n, a)| Some((n, a.kind.max()?)))
        {
            slices.push(Slice { argument, offset, max });
            offset += max.next_multiple_of(WORD);
        }
        slices
    }

    /// Bytes of the buffer that the method uses.
    pub fn buffer_bytes(&self) -> u32 {
        self.reach(|_| true)
    }

    /// Bytes of the buffer up to the end of the last slice of this kind.
    fn reach(&self, counts: impl Fn(Kind) -> bool) -> u32 {
        let slices = self.slices();
        let last = slices.iter().rfind(|slice| counts(self.arguments[slice.argument].kind));
        last.map_or(0, |slice| slice.offset + slice.max.next_multiple_of(WORD))
    }
}

impl Interface {
    /// Bytes of buffer that each wire of the interface needs, a multiple of four; 0 if it has no slices.
    pub fn buffer_bytes(&self) -> u32 {
        self.methods.iter().map(Method::buffer_bytes).max().unwrap_or(0)
    }

    /// Bytes of slices in a request over a ring, a multiple of four.
    pub fn request_bytes(&self) -> u32 {
        let sent = |method: &Method| method.reach(|kind| matches!(kind, Kind::In { .. }));
        self.methods.iter().map(sent).max().unwrap_or(0)
    }

    /// Bytes of slices in an answer over a ring, a multiple of four.
    pub fn answer_bytes(&self) -> u32 {
        let answered = |method: &Method| method.reach(|kind| matches!(kind, Kind::Out { .. }));
        self.methods.iter().map(answered).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interfaces_in;

    fn method(text: &str) -> Method {
        let source = format!("#[interface(version = 1)] pub trait T {{ {text} }}");
        interfaces_in(&source).unwrap().remove(0).methods.remove(0)
    }

    #[test]
    fn arguments_follow_each_other_in_the_words() {
        let method = method("fn f(&mut self, a: bool, b: u64, c: [u8; 5], d: u8) -> Result<u64, WireError>;");
        assert_eq!(method.first_words(), [0, 1, 3, 5]);
        assert_eq!((method.words_in(), method.words_out()), (6, 2));
        assert_eq!(method.buffer_bytes(), 0);
    }

    #[test]
    fn slices_follow_each_other_in_the_buffer_word_by_word() {
        let method = method(
            "fn f(&mut self, #[max(5)] a: &[u8], n: u32, #[max(64)] b: &mut [u8]) -> Result<(), WireError>;",
        );
        let first = Slice { argument: 0, offset: 0, max: 5 };
        let second = Slice { argument: 2, offset: 8, max: 64 };
        assert_eq!(method.slices(), [first, second]);
        assert_eq!((method.buffer_bytes(), method.words_in()), (72, 3));
    }

    #[test]
    fn methods_share_the_buffer() {
        let source = "#[interface(version = 1)] pub trait T {
            fn f(&mut self, #[max(6)] a: &[u8]) -> Result<(), WireError>;
            fn g(&mut self, #[max(2)] a: &[u8]) -> Result<(), WireError>;
        }";
        assert_eq!(interfaces_in(source).unwrap()[0].buffer_bytes(), 8);
    }

    #[test]
    fn a_ring_s_slots_hold_their_own_direction() {
        let source = "#[interface(version = 1)] pub trait T {
            fn f(&mut self, #[max(6)] a: &[u8], #[max(3)] b: &mut [u8]) -> Result<(), WireError>;
            fn g(&mut self, #[max(20)] a: &[u8]) -> Result<(), WireError>;
        }";
        let interface = &interfaces_in(source).unwrap()[0];
        assert_eq!((interface.request_bytes(), interface.answer_bytes()), (20, 12));
    }
}
