//! Values: literals, names, ranges, and the way to those in brackets.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::literal::{BadEscape, Encoding, Number, parse_number, strip_raw, unescape};
use crate::parse::lexer;
use crate::parse::parser::Parser;
use crate::parse::token::{Token, TokenKind as Kind};
use crate::span::{Span, Spanned};
use crate::value::{Integer, Value, ValueKind};

impl Parser<'_, '_> {
    /// Reads one value. Where none comes, that is reported and nothing passed over, except characters
    /// that mean nothing.
    pub(super) fn value(&mut self) -> Value {
        if self.at(Kind::Unknown) {
            let (span, found) = (self.here(), self.describe());
            self.push(
                Diagnostic::error(Code::UnexpectedCharacter, format!("{found} has no meaning here"))
                    .primary(span, "expected a value"),
            );
            self.bump();
            if !self.peek().kind.begins_value() {
                return Value { span, kind: ValueKind::Broken };
            }
        }
        let token = self.peek();
        match token.kind {
            Kind::OpenParenthesis => self.group(None),
            Kind::OpenBracket => self.list(),
            Kind::OpenBrace => self.map(),
            Kind::Identifier | Kind::RawIdentifier => self.named(),
            Kind::Dots | Kind::DotsEquals => self.range(None),
            Kind::Number | Kind::Byte => {
                let number = self.literal(token);
                self.perhaps_range(number)
            }
            kind if kind.begins_value() => self.literal(token),
            _ => self.no_value(),
        }
    }

    fn no_value(&mut self) -> Value {
        // Where a line ends in a colon the value is missing there, not on the next line.
        let place = self.before().after();
        let message = format!("expected a value, found {}", self.describe());
        let mut diagnostic =
            Diagnostic::error(Code::ExpectedValue, message).primary(place, "a value is missing here");
        if self.source[place.start..self.here().start].trim().is_empty() {
            diagnostic.labels[0].span = self.here();
            diagnostic.labels[0].text = "expected a value".to_owned();
        }
        self.push(diagnostic);
        Value { span: place, kind: ValueKind::Broken }
    }

    /// A name: a keyword, or the name of what follows in parentheses, or a value of its own.
    fn named(&mut self) -> Value {
        let token = self.bump();
        let (span, text) = (self.span_of(token), self.text_of(token));
        let value = |kind| Value { span, kind };
        if token.kind == Kind::Identifier {
            match text {
                "true" => return value(ValueKind::Bool(true)),
                "false" => return value(ValueKind::Bool(false)),
                "None" => return value(ValueKind::Option(None)),
                "Some" => return self.some(span),
                "inf" | "inff32" | "inff64" | "NaN" | "NaNf32" | "NaNf64" => {
                    let number = self.literal_of(token, text);
                    return self.perhaps_range(value(number));
                }
                _ => {}
            }
        }
        let name = text.strip_prefix("r#").unwrap_or(text).to_owned();
        if self.at(Kind::OpenParenthesis) {
            return self.group(Some(Spanned::new(name, span)));
        }
        value(ValueKind::Name(name))
    }

    /// `Some(…)`, whose name has been passed.
    fn some(&mut self, start: Span) -> Value {
        if !self.at(Kind::OpenParenthesis) {
            self.push(
                Diagnostic::error(Code::ExpectedValue, "`Some` holds exactly one value")
                    .primary(start, "expected `Some(…)`"),
            );
            return Value { span: start, kind: ValueKind::Broken };
        }
        let inner = self.group(None);
        let span = start.to(inner.span);
        let unwrapped = self.extensions.unwrap_variant_newtypes;
        let kind = match inner.kind {
            ValueKind::Broken => ValueKind::Broken,
            ValueKind::Tuple { mut items, .. } if items.len() == 1 => {
                ValueKind::Option(items.pop().map(Box::new))
            }
            kind if unwrapped => ValueKind::Option(Some(Box::new(Value { span: inner.span, kind }))),
            _ => {
                self.push(
                    Diagnostic::error(Code::ExpectedValue, "`Some` holds exactly one value")
                        .primary(inner.span, "expected one value in parentheses")
                        .help("a struct or a tuple inside needs parentheses of its own"),
                );
                ValueKind::Broken
            }
        };
        Value { span, kind }
    }

    /// A number, or the range that it begins.
    fn perhaps_range(&mut self, start: Value) -> Value {
        if matches!(self.peek().kind, Kind::Dots | Kind::DotsEquals) && self.touches() {
            self.range(Some(start))
        } else {
            start
        }
    }

    /// Whether the next token follows the last without a gap; a range is written so.
    fn touches(&self) -> bool {
        self.before().end == self.here().start
    }

    fn range(&mut self, start: Option<Value>) -> Value {
        let dots = self.here();
        let inclusive = self.bump().kind == Kind::DotsEquals;
        let is_number = match self.peek().kind {
            Kind::Number | Kind::Byte => true,
            Kind::Identifier => {
                matches!(self.text(), "inf" | "inff32" | "inff64" | "NaN" | "NaNf32" | "NaNf64")
            }
            _ => false,
        };
        let end = if is_number && self.touches() {
            let token = self.peek();
            Some(self.literal(token))
        } else {
            if inclusive {
                self.no_value();
            }
            None
        };
        let first = start.as_ref().map_or(dots, |start| start.span);
        let span = first.to(self.before());
        Value {
            span,
            kind: ValueKind::Range { start: start.map(Box::new), end: end.map(Box::new), inclusive },
        }
    }

    /// The literal that `token`, the next one, is.
    fn literal(&mut self, token: Token) -> Value {
        let text = self.text_of(token);
        self.bump();
        Value { span: self.span_of(token), kind: self.literal_of(token, text) }
    }

    fn literal_of(&mut self, token: Token, text: &str) -> ValueKind {
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
