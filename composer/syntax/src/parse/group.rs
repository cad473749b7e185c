//! Lists, maps, and what stands in parentheses: tuples and structs.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::parse::lexer::is_name;
use crate::parse::parser::Parser;
use crate::parse::sequence::Item;
use crate::parse::token::TokenKind as Kind;
use crate::span::{Span, Spanned};
use crate::value::{Field, Pair, Value, ValueKind};

impl Parser<'_, '_> {
    pub(super) fn list(&mut self) -> Value {
        let start = self.here();
        let mut items = Vec::new();
        let read = self.sequence(|parser| {
            if parser.at_outer_key() {
                return Item::Outside;
            }
            items.push(parser.value());
            Item::Read
        });
        self.close(start, read, ValueKind::List(items))
    }

    pub(super) fn map(&mut self) -> Value {
        let start = self.here();
        let mut pairs = Vec::new();
        let read = self.sequence(|parser| {
            let key = parser.value();
            if key.kind == ValueKind::Broken && !parser.at(Kind::Colon) {
                return Item::Read;
            }
            let named = parser.source.get(key.span.start..key.span.end).unwrap_or("").to_owned();
            let value = parser.after_colon(&named);
            pairs.push(Pair { key, value });
            Item::Read
        });
        self.close(start, read, ValueKind::Map(pairs))
    }

    /// What stands in parentheses, after a name or without one. The first item decides whether it is a
    /// struct or a tuple.
    pub(super) fn group(&mut self, name: Option<Spanned<String>>) -> Value {
        let start = name.as_ref().map_or(self.here(), |name| name.span);
        let mut fields = Vec::new();
        let mut items = Vec::new();
        let mut first = None;
        let mut told = false;
        let read = self.sequence(|parser| {
            if parser.at(Kind::Colon) {
                parser.nameless_field();
                return Item::Read;
            }
            let is_field = parser.at_field() || (first != Some(false) && parser.at_name_and_value());
            // Only a map has quoted keys: one that comes here belongs to the map around these parentheses.
            if first.is_some() && parser.at_outer_key() {
                return Item::Outside;
            }
            let named = *first.get_or_insert(is_field);
            // The first of them stands for all: it is the first item that is wrong as likely as not.
            if named != is_field && !told && parser.reported_at != parser.progress() {
                parser.mixed(named);
                told = true;
            }
            if is_field {
                let field = parser.field();
                fields.extend(Some(field).filter(|_| named));
            } else {
                let item = parser.value();
                items.extend(Some(item).filter(|_| !named));
            }
            Item::Read
        });
        let kind = if fields.is_empty() {
            ValueKind::Tuple { name, items }
        } else {
            ValueKind::Struct { name, fields }
        };
        self.close(start, read, kind)
    }

    fn close(&mut self, start: Span, read: bool, kind: ValueKind) -> Value {
        Value { span: start.to(self.before()), kind: if read { kind } else { ValueKind::Broken } }
    }

    /// Whether a field comes, rightly written or nearly so.
    fn at_field(&self) -> bool {
        let (name, mark) = (self.peek().kind, self.peek_second().kind);
        let names = matches!(name, Kind::Identifier | Kind::RawIdentifier | Kind::Text);
        names && (mark == Kind::Colon || (mark == Kind::Equals && name != Kind::Text))
    }

    /// Whether a name and a value come without a colon between them.
    fn at_name_and_value(&self) -> bool {
        let second = self.peek_second().kind;
        self.at(Kind::Identifier)
            && second.begins_value()
            && !matches!(second, Kind::OpenParenthesis | Kind::Identifier | Kind::RawIdentifier)
            && !matches!(second, Kind::Dots | Kind::DotsEquals)
    }

    /// Whether a key of the map around this collection comes, which says that the collection lacks its
    /// end.
    pub(super) fn at_outer_key(&self) -> bool {
        let mut open = self.open.iter().rev().map(|open| open.kind);
        let in_map = open.next() != Some(Kind::OpenBrace) && open.next() == Some(Kind::OpenBrace);
        in_map && self.at(Kind::Text) && self.peek_second().kind == Kind::Colon
    }

    /// A colon and a value, with nothing before them.
    fn nameless_field(&mut self) {
        let span = self.here();
        self.push(
            Diagnostic::error(Code::ExpectedValue, "expected a name, found `:`")
                .primary(span, "the field's name is missing before this"),
        );
        self.bump();
        self.value();
    }

    fn field(&mut self) -> Field {
        let token = self.peek();
        let span = self.here();
        let mut name = self.text().to_owned();
        match token.kind {
            Kind::RawIdentifier => name = name.split_off(2),
            Kind::Text => {
                name = name.trim_matches('"').to_owned();
                let mut diagnostic = Diagnostic::error(
                    Code::QuotedField,
                    format!("the field name `{}` stands in quotes", name.escape_debug()),
                )
                .primary(span, "fields of a struct have plain names");
                if is_name(&name) {
                    diagnostic = diagnostic.fix("remove the quotes", span, name.clone());
                }
                self.push(diagnostic);
            }
            _ => {}
        }
        self.bump();
        let value = self.after_colon(&name);
        Field { name: Spanned::new(name, span), value }
    }

    /// The value after a colon. What stands in the colon's place is reported.
    fn after_colon(&mut self, name: &str) -> Value {
        if self.take(Kind::Colon).is_some() {
            return self.value();
        }
        let span = self.here();
        let short: String = name.chars().take_while(|character| *character != '\n').take(40).collect();
        let message = format!("expected `:` after `{short}`, found {}", self.describe());
        let diagnostic = Diagnostic::error(Code::ExpectedColon, message);
        let place = self.before().after();
        if self.at(Kind::Equals) {
            // The blank before the mark goes with it, unless it holds a comment.
            let gap = place.to(span.before());
            let blank = self.source[gap.start..gap.end].trim().is_empty();
            let replaced = if blank { place.to(span) } else { span };
            self.push(diagnostic.primary(span, "expected `:`").fix("write a colon", replaced, ":"));
            self.bump();
            return self.value();
        }
        if self.peek().kind.begins_value() {
            let colon = if place.end == span.start { ": " } else { ":" };
            self.push(diagnostic.primary(span, "expected `:` before this").fix(
                "insert a colon",
                place,
                colon,
            ));
            return self.value();
        }
        self.push(diagnostic.primary(place, "a colon and a value are missing here"));
        Value { span: place, kind: ValueKind::Broken }
    }

    fn mixed(&mut self, named: bool) {
        let label = if named {
            "this has no name, but the first field has one"
        } else {
            "this has a name, but the first value has none"
        };
        let span = self.here();
        self.push(
            Diagnostic::error(Code::MixedFields, "named and positional fields are mixed")
                .primary(span, label)
                .help("name all fields of a struct; name none of a tuple"),
        );
    }
}
