//! Literals: what they stand for, and what is wrong with them.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::literal::{BadEscape, Encoding, Number, parse_number, strip_raw, unescape};
use crate::parse::lexer;
use crate::parse::parser::Parser;
use crate::parse::token::{Token, TokenKind as Kind};
use crate::value::{Integer, Value, ValueKind};

impl Parser<'_, '_> {
    /// The literal that `token`, the next one, is.
    pub(super) fn literal(&mut self, token: Token) -> Value {
        let text = self.text_of(token);
        self.bump();
        Value { span: self.span_of(token), kind: self.literal_of(token, text) }
    }

    pub(super) fn literal_of(&mut self, token: Token, text: &str) -> ValueKind {
        match token.kind {
            Kind::Number | Kind::Identifier => self.number(token, text),
            Kind::Text => {
                let bytes = self.escaped(token, 1, body(text, 1), Encoding::Utf8);
                bytes
                    .and_then(|bytes| String::from_utf8(bytes).ok())
                    .map_or(ValueKind::Broken, ValueKind::Text)
            }
            Kind::Bytes => {
                let bytes = self.escaped(token, 2, body(text, 2), Encoding::Bytes);
                bytes.map_or(ValueKind::Broken, ValueKind::Bytes)
            }
            Kind::RawText => {
                self.raw(token, &text[1..]).map_or(ValueKind::Broken, |body| ValueKind::Text(body.to_owned()))
            }
            Kind::RawBytes => {
                self.raw(token, &text[2..]).map_or(ValueKind::Broken, |body| ValueKind::Bytes(body.into()))
            }
            Kind::Char => {
                let body = text[1..].strip_suffix('\'');
                self.character(token, 1, body, Encoding::Char).map_or(ValueKind::Broken, ValueKind::Char)
            }
            Kind::Byte => {
                let body = text[2..].strip_suffix('\'');
                let byte = self.character(token, 2, body, Encoding::Byte);
                byte.map_or(ValueKind::Broken, |byte| {
                    ValueKind::Integer(Integer { negative: false, magnitude: u128::from(u32::from(byte)) })
                })
            }
            _ => ValueKind::Broken,
        }
    }

    fn number(&mut self, token: Token, text: &str) -> ValueKind {
        match parse_number(text) {
            Ok(Number::Integer(integer)) => ValueKind::Integer(integer),
            Ok(Number::Float(float)) => ValueKind::Float(float),
            Err(reason) => {
                let span = self.span_of(token);
                let mut diagnostic = Diagnostic::error(Code::MalformedNumber, format!("`{text}` {reason}"))
                    .primary(span, "not a number");
                if text.ends_with(|character: char| character.is_alphabetic()) {
                    diagnostic = diagnostic.help("a size with a unit is a string: \"64 KiB\"");
                }
                self.push(diagnostic);
                ValueKind::Broken
            }
        }
    }

    /// The bytes of a string with escapes; `body` is `None` if it lacks its end.
    fn escaped(
        &mut self,
        token: Token,
        skip: usize,
        body: Option<&str>,
        encoding: Encoding,
    ) -> Option<Vec<u8>> {
        let Some(body) = body else {
            self.unterminated(token, "string");
            return None;
        };
        let (bytes, bad) = unescape(body, encoding);
        self.bad_escapes(token, skip, &bad);
        bad.is_empty().then_some(bytes)
    }

    fn bad_escapes(&mut self, token: Token, skip: usize, bad: &[BadEscape]) {
        let base = token.start + skip;
        for escape in bad {
            let span = self.span_of(Token {
                start: base + escape.range.start,
                end: base + escape.range.end,
                ..token
            });
            let written = &self.source[span.start..span.end];
            self.push(
                Diagnostic::error(Code::BadEscape, format!("`{written}` is no escape sequence"))
                    .primary(span, escape.reason)
                    .help("a backslash itself is written `\\\\`; raw strings, r\"…\", have no escapes"),
            );
        }
    }

    fn raw<'t>(&mut self, token: Token, literal: &'t str) -> Option<&'t str> {
        let body = strip_raw(literal);
        if body.is_none() {
            self.unterminated(token, "raw string");
        }
        body
    }

    fn character(
        &mut self,
        token: Token,
        skip: usize,
        body: Option<&str>,
        encoding: Encoding,
    ) -> Option<char> {
        let Some(body) = body else {
            self.unterminated(token, "character");
            return None;
        };
        let (bytes, bad) = unescape(body, encoding);
        if !bad.is_empty() {
            self.bad_escapes(token, skip, &bad);
            return None;
        }
        let character = if encoding == Encoding::Byte {
            // An escape may stand for any byte, a plain character only for an ASCII one.
            (bytes.len() == 1).then(|| char::from(bytes[0]))
        } else {
            let text = String::from_utf8(bytes).unwrap_or_default();
            let mut characters = text.chars();
            characters.next().filter(|_| characters.next().is_none())
        };
        if character.is_none() {
            let what = if encoding == Encoding::Byte { "one ASCII character" } else { "one character" };
            let span = self.span_of(token);
            let mut diagnostic = Diagnostic::error(Code::BadCharacter, format!("single quotes hold {what}"))
                .primary(span, format!("expected {what}"));
            if encoding == Encoding::Char {
                diagnostic = diagnostic.fix("write a string", span, crate::quoted(body));
            }
            self.push(diagnostic);
        }
        character
    }

    fn unterminated(&mut self, token: Token, what: &str) {
        let span = self.span_of(token);
        self.push(
            Diagnostic::error(Code::UnterminatedLiteral, format!("the {what} is not ended"))
                .primary(span, "the closing quote is missing"),
        );
        // The comma after it may have been taken for a part of it.
        self.reported_at = self.progress();
    }
}

/// What stands in the quotes of a string, if it is ended: no quote may come before its end.
fn body(literal: &str, skip: usize) -> Option<&str> {
    (lexer::closing_quote(literal, skip) == Some(literal.len())).then(|| &literal[skip..literal.len() - 1])
}
