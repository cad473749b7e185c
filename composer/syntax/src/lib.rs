//! RON for people: the front end that composer, the manifests and the board descriptions share.
//!
//! The `ron` crate stops at the first error, gives values no place in the source and keeps the last of
//! two equal keys in silence. A person who edits a spec needs the opposite, so this crate
//!
//! * keeps every byte: the tokens of a file, joined, are the file ([`Parsed::tokens`]);
//! * recovers: one run finds all the errors of a file ([`Parsed::diagnostics`]);
//! * gives every value a [`Span`];
//! * bounds nesting ([`MAXIMUM_DEPTH`]), so that no input can exhaust the stack;
//! * describes what is wrong as data ([`Diagnostic`]), which others render.
//!
//! The path of a file: [`SourceMap::load`] → [`parse()`] → a [`Value`] → types of the caller's own, by
//! [`Decode`], [`Fields`] and [`Variant`]. A property test holds the parser to the `ron` crate's
//! reading.
//!
//! There are no dependencies: components' build scripts compile this crate before anything else.

#![forbid(unsafe_code)]

#[expect(clippy::zero_prefixed_literal, reason = "the table shows codes as people read them")]
mod code;
mod decode;
mod diagnostic;
mod fix;
mod literal;
mod nearest;
mod parse;
mod source;
mod span;
mod value;

pub use code::{Code, Group};
pub use decode::{
    Address, Decode, Duration, Entry, Fields, Keyed, Size, Variant, check_unique, unknown_name, wrong_type,
};
pub use diagnostic::{Diagnostic, Diagnostics, Edit, Fix, Label, Role, Severity};
pub use fix::{ApplyError, apply};
pub use literal::quoted;
pub use nearest::{distance, nearest};
pub use parse::{Extensions, MAXIMUM_DEPTH, Parsed, Token, TokenKind, parse};
pub use source::{FileId, MAXIMUM_FILE, Position, SourceFile, SourceMap};
pub use span::{Span, Spanned};
pub use value::{Field, Integer, Pair, Value, ValueKind};
