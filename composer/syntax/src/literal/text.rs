//! Escapes in strings and characters.

use std::ops::Range;

/// What an escape may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Strings: text.
    Utf8,
    /// Byte strings: any byte.
    Bytes,
    /// Characters: one character, so several `\x` make none.
    Char,
    /// Byte literals: one byte, so no `\u`.
    Byte,
}

/// An escape that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadEscape {
    /// Where in the literal's body.
    pub(crate) range: Range<usize>,
    /// Why.
    pub(crate) reason: &'static str,
}

/// The bytes that `body` stands for. Bad escapes are left out and returned beside.
pub(crate) fn unescape(body: &str, encoding: Encoding) -> (Vec<u8>, Vec<BadEscape>) {
    let mut bytes = Vec::with_capacity(body.len());
    let mut bad = Vec::new();
    let mut at = 0;
    while let Some(found) = body[at..].find('\\') {
        bytes.extend_from_slice(&body.as_bytes()[at..at + found]);
        let start = at + found;
        let mut cursor = Cursor { body, at: start + 1 };
        let escape = if matches!(encoding, Encoding::Utf8 | Encoding::Bytes) && cursor.continuation() {
            Ok(())
        } else {
            cursor.escape(encoding, &mut bytes)
        };
        at = cursor.at;
        if let Err(reason) = escape {
            bad.push(BadEscape { range: start..at, reason });
        }
    }
    bytes.extend_from_slice(&body.as_bytes()[at..]);
    (bytes, bad)
}

/// The body of a raw string after its `r` or `br`, if it is ended.
pub(crate) fn strip_raw(literal: &str) -> Option<&str> {
    let hashes = literal.len() - literal.trim_start_matches('#').len();
    let body = literal[hashes..].strip_prefix('"')?;
    let body = body.strip_suffix(&literal[..hashes])?;
    body.strip_suffix('"')
}

struct Cursor<'a> {
    body: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.body[self.at..].chars().next()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.body[self.at..].starts_with(wanted);
        self.at += if found { wanted.len() } else { 0 };
        found
    }

    /// A backslash at the end of a line swallows the line's end and the white space after it.
    fn continuation(&mut self) -> bool {
        let found = self.take("\r\n") || self.take("\n");
        while found && (self.take(" ") || self.take("\t") || self.take("\n") || self.take("\r")) {}
        found
    }

    fn escape(&mut self, encoding: Encoding, bytes: &mut Vec<u8>) -> Result<(), &'static str> {
        let byte = match self.next() {
            Some(character @ ('\'' | '"' | '\\')) => character as u8,
            Some('n') => b'\n',
            Some('r') => b'\r',
            Some('t') => b'\t',
            Some('0') => 0,
            Some('x') => return self.hexadecimal(encoding, bytes),
            Some('u') if encoding == Encoding::Byte => {
                self.unicode()?;
                return Err("a byte literal holds no `\\u`");
            }
            Some('u') => {
                let mut buffer = [0; 4];
                bytes.extend_from_slice(self.unicode()?.encode_utf8(&mut buffer).as_bytes());
                return Ok(());
            }
            _ => return Err("known escapes are \\n \\r \\t \\0 \\\\ \\\" \\' \\xNN and \\u{N}"),
        };
        bytes.push(byte);
        Ok(())
    }

    /// `\xNN`: a byte. In text it must be ASCII, or begin a run of them that is one UTF-8 character.
    fn hexadecimal(&mut self, encoding: Encoding, bytes: &mut Vec<u8>) -> Result<(), &'static str> {
        let mut run = vec![self.two_digits()?];
        let text = matches!(encoding, Encoding::Utf8 | Encoding::Char);
        while text && std::str::from_utf8(&run).is_err() {
            if encoding == Encoding::Char || run.len() == 4 || !self.take("\\x") {
                return Err("these bytes are no UTF-8 character; write it as \\u{N}");
            }
            run.push(self.two_digits()?);
        }
        bytes.append(&mut run);
        Ok(())
    }

    fn two_digits(&mut self) -> Result<u8, &'static str> {
        let digits = self.body.get(self.at..self.at + 2);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        self.at += if value.is_some() { 2 } else { 0 };
        value.ok_or("`\\x` needs two hexadecimal digits")
    }

    fn unicode(&mut self) -> Result<char, &'static str> {
        const NEEDS: &str = "`\\u` needs one to six hexadecimal digits in braces";
        let rest = &self.body[self.at..];
        let digits = rest.strip_prefix('{').and_then(|rest| Some(&rest[..rest.find('}')?])).ok_or(NEEDS)?;
        let digits_fit =
            (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits_fit {
            return Err(NEEDS);
        }
        self.at += digits.len() + 2;
        let number = u32::from_str_radix(digits, 16).ok();
        number.and_then(char::from_u32).ok_or("no character has this number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(body: &str) -> String {
        let (bytes, bad) = unescape(body, Encoding::Utf8);
        assert_eq!(bad, []);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn escapes_mean_characters() {
        assert_eq!(good(r#"a\n\r\t\0\\\"\'z"#), "a\n\r\t\0\\\"'z");
        assert_eq!(good(r"\x41\u{e9}\u{1F600}"), "Aé😀");
        assert_eq!(good(r"\xE2\x82\xAC"), "€");
        assert_eq!(good("one \\\n   two"), "one two");
        assert_eq!(good("one \\\r\n\ttwo"), "one two");
    }

    #[test]
    fn bad_escapes_have_places() {
        let (bytes, bad) = unescape(r"a\qb\x4cc", Encoding::Utf8);
        assert_eq!(bytes, b"abLc");
        assert_eq!(bad.len(), 1);
        assert_eq!(bad[0].range, 1..3);
        for body in [r"\x8", r"\x80", r"\u{}", r"\u{1234567}", r"\u{d800}", r"\u12", "\\", r"\é"] {
            assert_eq!(unescape(body, Encoding::Utf8).1.len(), 1, "{body}");
        }
    }

    #[test]
    fn encodings_differ() {
        assert_eq!(unescape(r"\xFF", Encoding::Bytes), (vec![0xFF], vec![]));
        assert_eq!(unescape(r"\xE2\x82\xAC", Encoding::Char).1.len(), 3);
        assert_eq!(unescape(r"\u{41}", Encoding::Byte).1.len(), 1);
    }

    #[test]
    fn raw_bodies() {
        assert_eq!(strip_raw("\"a\\n\""), Some("a\\n"));
        assert_eq!(strip_raw("##\"a\"#b\"##"), Some("a\"#b"));
        assert_eq!(strip_raw("#\"a\""), None);
        assert_eq!(strip_raw("\""), None);
    }
}
