//! Values: names, ranges, and the way to literals and to what stands in brackets.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::parse::parser::Parser;
use crate::parse::token::TokenKind as Kind;
use crate::span::{Span, Spanned};
use crate::value::{Value, ValueKind};

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
}
