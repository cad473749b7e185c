//! The pieces of a text.

/// A piece of the text: the bytes from `start` up to `end`. The tokens of a file follow each other
/// without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset after its last byte.
    pub end: usize,
}

/// What a token is. Literals may be malformed or lack their end; reading them says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// White space, the byte order mark at the start of a file included.
    WhiteSpace,
    /// `// …` up to the end of the line.
    LineComment,
    /// `/* … */`, which nests.
    BlockComment,
    /// `(`
    OpenParenthesis,
    /// `)`
    CloseParenthesis,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `=`
    Equals,
    /// `#`
    Hash,
    /// `!`
    Bang,
    /// `..`
    Dots,
    /// `..=`
    DotsEquals,
    /// A name.
    Identifier,
    /// `r#name`, which may be a keyword and may contain `.`, `+` and `-`.
    RawIdentifier,
    /// A number with its sign and suffix.
    Number,
    /// `"…"`
    Text,
    /// `r"…"`, `r#"…"#`, …
    RawText,
    /// `b"…"`
    Bytes,
    /// `br"…"`, `br#"…"#`, …
    RawBytes,
    /// `'…'`
    Char,
    /// `b'…'`
    Byte,
    /// Characters that mean nothing in RON.
    Unknown,
    /// The empty end of the file; only the parser sees it.
    End,
}

impl TokenKind {
    /// Whether it separates tokens and means nothing else.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::WhiteSpace | Self::LineComment | Self::BlockComment)
    }

    /// The closing bracket of an opening one.
    pub(crate) fn closer(self) -> Option<Self> {
        match self {
            Self::OpenParenthesis => Some(Self::CloseParenthesis),
            Self::OpenBracket => Some(Self::CloseBracket),
            Self::OpenBrace => Some(Self::CloseBrace),
            _ => None,
        }
    }

    pub(crate) fn is_closer(self) -> bool {
        matches!(self, Self::CloseParenthesis | Self::CloseBracket | Self::CloseBrace)
    }

    /// Whether a value can begin with it.
    pub(crate) fn begins_value(self) -> bool {
        !self.is_trivia()
            && !self.is_closer()
            && !matches!(
                self,
                Self::Comma
                    | Self::Colon
                    | Self::Equals
                    | Self::Hash
                    | Self::Bang
                    | Self::Unknown
                    | Self::End
            )
    }

    /// How a bracket or mark is written.
    pub(crate) fn written(self) -> &'static str {
        match self {
            Self::OpenParenthesis => "(",
            Self::CloseParenthesis => ")",
            Self::OpenBracket => "[",
            Self::CloseBracket => "]",
            Self::OpenBrace => "{",
            Self::CloseBrace => "}",
            Self::Comma => ",",
            Self::Colon => ":",
            Self::Equals => "=",
            _ => "",
        }
    }
}
