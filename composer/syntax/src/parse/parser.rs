//! The parser's place in the tokens, and documents.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::header::Extensions;
use crate::parse::token::{Token, TokenKind as Kind};
use crate::source::FileId;
use crate::span::Span;
use crate::value::Value;

/// How many mistakes of syntax one file shows. Who has more has named a file of another kind.
const MAXIMUM_MISTAKES: usize = 100;

/// Reads the significant tokens of one file from front to back.
pub(super) struct Parser<'s, 'd> {
    pub(super) source: &'s str,
    pub(super) extensions: Extensions,
    /// The opening brackets that the parser is inside of, the outermost first.
    pub(super) open: Vec<Token>,
    /// The token before which a comma was found missing: what else is odd about it follows from that.
    pub(super) reported_at: usize,
    file: FileId,
    /// Without trivia, and with [`Kind::End`] at the end.
    tokens: Vec<Token>,
    next: usize,
    found: &'d mut Diagnostics,
}

impl<'s, 'd> Parser<'s, 'd> {
    pub(super) fn new(source: &'s str, file: FileId, tokens: &[Token], found: &'d mut Diagnostics) -> Self {
        let mut tokens: Vec<Token> = tokens.iter().copied().filter(|token| !token.kind.is_trivia()).collect();
        tokens.push(Token { kind: Kind::End, start: source.len(), end: source.len() });
        Self {
            source,
            extensions: Extensions::default(),
            open: vec![],
            reported_at: 0,
            file,
            tokens,
            next: 0,
            found,
        }
    }

    /// Reads the whole file.
    pub(super) fn document(mut self) -> (Option<Value>, Extensions) {
        self.headers();
        while self.peek().kind.is_closer() {
            self.unmatched();
        }
        if self.at(Kind::End) {
            let place = Span::new(self.file, self.source.len(), self.source.len());
            // Only comments, or nothing at all; brackets alone have been reported.
            if self.next == 0 || self.found.found().is_empty() {
                self.push(
                    Diagnostic::error(Code::EmptyDocument, "the file holds no value")
                        .primary(place, "expected a value before the end of the file"),
                );
            }
            return (None, self.extensions);
        }
        let value = self.value();
        self.end_of_document();
        (Some(value), self.extensions)
    }

    fn end_of_document(&mut self) {
        while self.peek().kind.is_closer() {
            self.unmatched();
        }
        // Where a bracket is at fault, so is the document's end.
        let brackets = |one: &Diagnostic| matches!(one.code, Code::UnclosedBracket | Code::UnmatchedBracket);
        if !self.at(Kind::End) && !self.found.found().iter().any(brackets) {
            let span = self.here();
            self.push(
                Diagnostic::error(Code::TrailingText, "text follows the end of the document")
                    .primary(span, "the document's value ended before this")
                    .help("a file holds one value"),
            );
        }
    }

    /// Reports and passes over a closing bracket that nothing opened.
    pub(super) fn unmatched(&mut self) {
        let (kind, span) = (self.peek().kind, self.here());
        let written = kind.written();
        self.push(
            Diagnostic::error(Code::UnmatchedBracket, format!("`{written}` closes nothing"))
                .primary(span, "no bracket is open that it could close")
                .fix(format!("remove `{written}`"), span, ""),
        );
        self.bump();
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        match self.found.found().len() {
            count if count < MAXIMUM_MISTAKES => self.found.push(diagnostic),
            MAXIMUM_MISTAKES => self.found.push(diagnostic.note("further mistakes of syntax are not shown")),
            _ => {}
        }
    }

    pub(super) fn peek(&self) -> Token {
        self.tokens[self.next]
    }

    /// The token after the next one.
    pub(super) fn peek_second(&self) -> Token {
        self.tokens[(self.next + 1).min(self.tokens.len() - 1)]
    }

    pub(super) fn at(&self, kind: Kind) -> bool {
        self.peek().kind == kind
    }

    /// Passes over the next token; the end stays.
    pub(super) fn bump(&mut self) -> Token {
        let token = self.peek();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    /// Passes over the next token if it is a `kind`.
    pub(super) fn take(&mut self, kind: Kind) -> Option<()> {
        self.at(kind).then(|| {
            self.bump();
        })
    }

    /// How many tokens have been passed.
    pub(super) fn progress(&self) -> usize {
        self.next
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    /// The span of the next token.
    pub(super) fn here(&self) -> Span {
        self.span_of(self.peek())
    }

    /// The token passed last.
    pub(super) fn last(&self) -> Option<Token> {
        self.next.checked_sub(1).map(|last| self.tokens[last])
    }

    /// The span of the token passed last; the start of the file before the first.
    pub(super) fn before(&self) -> Span {
        self.last().map_or(Span::new(self.file, 0, 0), |last| self.span_of(last))
    }

    pub(super) fn text_of(&self, token: Token) -> &'s str {
        &self.source[token.start..token.end]
    }

    /// The text of the next token.
    pub(super) fn text(&self) -> &'s str {
        self.text_of(self.peek())
    }

    /// What the next token is, for "found …".
    pub(super) fn describe(&self) -> String {
        match self.peek().kind {
            Kind::End => "the end of the file".to_owned(),
            _ => {
                // Long literals are recognised by their beginning.
                let text = self.text();
                let short: String =
                    text.chars().take_while(|character| *character != '\n').take(20).collect();
                let dots = if short.len() < text.len() { "…" } else { "" };
                format!("`{short}{dots}`")
            }
        }
    }
}
