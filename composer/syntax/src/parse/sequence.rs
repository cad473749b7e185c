//! What lists, maps, tuples and structs share: items, commas, a closing bracket, and going on after a
//! mistake.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::parse::MAXIMUM_DEPTH;
use crate::parse::parser::Parser;
use crate::parse::token::{Token, TokenKind as Kind};

/// What an item was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Read, or broken and reported.
    Read,
    /// The closing bracket must be missing: what comes belongs to an outer collection.
    Outside,
}

impl Parser<'_, '_> {
    /// Reads items up to the bracket that closes the next token, an opening one. Answers whether it
    /// read at all, which it does not when the brackets nest too deeply.
    pub(super) fn sequence(&mut self, mut item: impl FnMut(&mut Self) -> Item) -> bool {
        if self.open.len() == MAXIMUM_DEPTH {
            self.too_deep();
            return false;
        }
        let open = self.bump();
        self.open.push(open);
        while self.another(open) {
            let progress = self.progress();
            if item(self) == Item::Outside {
                self.unclosed(open, ",");
                self.reported_at = self.progress();
                break;
            }
            self.separator(open, progress);
        }
        self.open.pop();
        true
    }

    /// Whether an item comes; otherwise the sequence is over, and its bracket passed or reported.
    fn another(&mut self, open: Token) -> bool {
        loop {
            let kind = self.peek().kind;
            if Some(kind) == open.kind.closer() {
                self.bump();
                return false;
            }
            let closes_outer = || self.open.iter().any(|outer| outer.kind.closer() == Some(kind));
            match kind {
                Kind::End => {
                    self.unclosed(open, "");
                    return false;
                }
                _ if kind.is_closer() && closes_outer() => {
                    self.unclosed(open, "");
                    return false;
                }
                _ if kind.is_closer() => self.mismatched(open),
                Kind::Comma => {
                    let span = self.here();
                    self.push(
                        Diagnostic::error(Code::ExpectedValue, "nothing stands before the comma")
                            .primary(span, "expected a value before this")
                            .fix("remove the comma", span, ""),
                    );
                    self.bump();
                }
                _ => return true,
            }
            // After a wrong bracket the sequence may be over.
            if self.last().is_some_and(|last| last.kind.is_closer()) {
                return false;
            }
        }
    }

    /// Passes over the comma after an item, or says what stands in its place.
    fn separator(&mut self, open: Token, progress: usize) {
        let kind = self.peek().kind;
        if kind == Kind::Comma {
            self.bump();
            return;
        }
        if kind.is_closer() || kind == Kind::End {
            return;
        }
        let stuck = self.progress() == progress;
        if kind.begins_value() && !stuck {
            // What follows from a mistake just reported is none of its own.
            if self.reported_at != self.progress() && !self.at_outer_key() {
                self.missing_comma();
            }
            return;
        }
        self.no_comma(open);
        self.recover();
    }

    /// An item follows another without a comma.
    fn missing_comma(&mut self) {
        let place = self.before().after();
        let mut diagnostic =
            Diagnostic::error(Code::ExpectedComma, format!("expected `,`, found {}", self.describe()))
                .primary(self.here(), "this needs a comma before it")
                .fix("insert a comma", place, ",");
        // A quote that is missing makes a string of what lies between two others.
        if let Some(last) = self.last()
            && matches!(last.kind, Kind::Text | Kind::Bytes)
            && self.text_of(last).contains('\n')
        {
            let start = self.span_of(last);
            let start = crate::Span { end: start.start + 1, ..start };
            diagnostic.fix = None;
            diagnostic = diagnostic
                .secondary(start, "this string goes on over the end of its line: is a quote missing?");
        }
        // Two words that belong together lack quotes: `64 KiB`.
        let both = self.before().to(self.here());
        if self.last().is_some_and(|last| last.kind == Kind::Number)
            && self.at(Kind::Identifier)
            && (self.peek_second().kind.is_closer() || self.peek_second().kind == Kind::Comma)
            && !self.source[both.start..both.end].contains('\n')
        {
            diagnostic.fix = None;
            diagnostic =
                diagnostic.fix("write a string", both, crate::quoted(&self.source[both.start..both.end]));
        }
        self.push(diagnostic);
        self.reported_at = self.progress();
    }

    /// Something stands after an item that no item can begin with.
    fn no_comma(&mut self, open: Token) {
        let closer = open.kind.closer().unwrap_or(Kind::End).written();
        let found = self.describe();
        let span = self.here();
        let mut diagnostic = if self.at(Kind::Unknown) {
            Diagnostic::error(Code::UnexpectedCharacter, format!("{found} has no meaning here"))
                .primary(span, format!("expected `,` or `{closer}`"))
        } else {
            Diagnostic::error(Code::ExpectedComma, format!("expected `,` or `{closer}`, found {found}"))
                .primary(span, "does not belong here")
        };
        if self.text() == ";" {
            diagnostic = diagnostic.fix("write a comma", span, ",");
        }
        self.push(diagnostic);
    }

    /// Passes over tokens up to and including the next comma of this sequence, or up to the next
    /// closing bracket.
    fn recover(&mut self) {
        if self.text() == ";" {
            self.bump();
            return;
        }
        loop {
            let kind = self.peek().kind;
            if kind == Kind::End || kind.is_closer() {
                return;
            }
            if kind.closer().is_some() {
                self.skip_brackets();
            } else {
                self.bump();
            }
            if kind == Kind::Comma {
                return;
            }
        }
    }

    /// Passes over a bracket and all that it holds, without recursion.
    pub(super) fn skip_brackets(&mut self) {
        let mut closers = Vec::new();
        loop {
            let kind = self.peek().kind;
            if let Some(closer) = kind.closer() {
                closers.push(closer);
            } else if kind.is_closer() {
                // A bracket that was forgotten inside must not make the rest of the file disappear.
                match closers.iter().rposition(|closer| *closer == kind) {
                    Some(at) => closers.truncate(at),
                    None => return,
                }
            }
            if kind == Kind::End {
                return;
            }
            self.bump();
            if closers.is_empty() {
                return;
            }
        }
    }

    fn too_deep(&mut self) {
        let span = self.here();
        self.push(
            Diagnostic::error(Code::NestedTooDeeply, "values are nested too deeply")
                .primary(span, format!("more than {MAXIMUM_DEPTH} brackets are open here")),
        );
        self.skip_brackets();
    }

    /// Reports that `open` lacks its end. `then` is what must follow the bracket.
    fn unclosed(&mut self, open: Token, then: &str) {
        let (written, closer) = (open.kind.written(), open.kind.closer().unwrap_or(Kind::End).written());
        let (span, place) = (self.span_of(open), self.before().after());
        let found = self.describe();
        self.push(
            Diagnostic::error(Code::UnclosedBracket, format!("`{written}` is not closed"))
                .primary(span, "opened here")
                .secondary(self.here(), format!("expected `{closer}` before {found}"))
                .fix(format!("insert `{closer}`"), place, format!("{closer}{then}")),
        );
    }

    /// A closing bracket of another kind than the open one, that also closes nothing further out.
    fn mismatched(&mut self, open: Token) {
        let (kind, span) = (self.peek().kind, self.here());
        let closer = open.kind.closer().unwrap_or(Kind::End).written();
        self.push(
            Diagnostic::error(
                Code::UnmatchedBracket,
                format!("`{}` does not close `{}`", kind.written(), open.kind.written()),
            )
            .primary(span, format!("expected `{closer}`"))
            .secondary(self.span_of(open), "opened here")
            .fix(format!("write `{closer}`"), span, closer),
        );
        self.bump();
    }
}
