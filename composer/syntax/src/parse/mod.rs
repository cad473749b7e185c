//! From text to a tree.
//!
//! The lexer cuts the text into tokens and never fails. The parser reads the tokens into a [`Value`],
//! reports what does not fit and goes on at the next place that makes sense: the comma or the closing
//! bracket of the collection that it is in.

mod atom;
mod group;
mod header;
mod lexer;
mod literals;
mod parser;
mod sequence;
mod token;

pub use header::Extensions;
pub use token::{Token, TokenKind};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, SourceMap};
use crate::value::Value;

/// How deeply brackets may nest.
pub const MAXIMUM_DEPTH: usize = 128;

/// What a text was read into.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// All of the text in pieces, white space and comments included.
    pub tokens: Vec<Token>,
    /// What the headers `#![enable(…)]` switch on.
    pub extensions: Extensions,
    /// The document's value; parts that cannot be read are [`ValueKind::Broken`](crate::ValueKind::Broken).
    /// `None` if there is none at all.
    pub value: Option<Value>,
    /// What is wrong, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file of `sources`. Never fails: what is wrong is in [`Parsed::diagnostics`].
pub fn parse(sources: &SourceMap, file: FileId) -> Parsed {
    let text = sources.file(file).text();
    let tokens = lexer::lex(text);
    let mut found = Diagnostics::new();
    lexer::report(text, file, &tokens, &mut found);
    let (value, extensions) = parser::Parser::new(text, file, &tokens, &mut found).document();
    Parsed { tokens, extensions, value, diagnostics: found.into_sorted() }
}
