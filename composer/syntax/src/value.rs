//! The tree that a document is read into.

use crate::span::{Span, Spanned};

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it stands, from its name or opening bracket to its closing bracket.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
}

/// What RON can say.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, or a byte literal such as `b'a'`.
    Integer(Integer),
    /// A number with a fraction or an exponent, an infinity, or not a number.
    Float(f64),
    /// `'a'`.
    Char(char),
    /// `"text"` or `r"text"`, with its escapes resolved.
    Text(String),
    /// `b"bytes"` or `br"bytes"`, with its escapes resolved.
    Bytes(Vec<u8>),
    /// `Some(value)` or `None`.
    Option(Option<Box<Value>>),
    /// `[value, …]`.
    List(Vec<Value>),
    /// `{key: value, …}`. Equal keys are kept; decoding reports them.
    Map(Vec<Pair>),
    /// A name alone: a unit struct or a variant without contents, such as `Halt`.
    Name(String),
    /// `(value, …)` or `Name(value, …)`; `()` is the one without items.
    Tuple {
        /// The name before the bracket.
        name: Option<Spanned<String>>,
        /// The values.
        items: Vec<Value>,
    },
    /// `(field: value, …)` or `Name(field: value, …)`. Equal names are kept; decoding reports them.
    Struct {
        /// The name before the bracket.
        name: Option<Spanned<String>>,
        /// The fields, at least one.
        fields: Vec<Field>,
    },
    /// `start..end`, `start..=end`, and either without start or end. Both are numbers.
    Range {
        /// The number before the dots.
        start: Option<Box<Value>>,
        /// The number after the dots.
        end: Option<Box<Value>>,
        /// Whether the end belongs to the range.
        inclusive: bool,
    },
    /// What could not be read. A diagnostic says why; decoding passes over it in silence.
    Broken,
}

/// A whole number of either sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    /// Whether a minus precedes it.
    pub negative: bool,
    /// Its distance from zero. Numbers of more than 128 bits read as the largest; every range check
    /// refuses that one.
    pub magnitude: u128,
}

/// One entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The value before the colon.
    pub key: Value,
    /// The value after the colon.
    pub value: Value,
}

/// One field of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name before the colon.
    pub name: Spanned<String>,
    /// The value after the colon.
    pub value: Value,
}

impl Value {
    /// What the value is, for "expected …, found …".
    pub fn describe(&self) -> String {
        let fixed = match &self.kind {
            ValueKind::Bool(_) => "a boolean",
            ValueKind::Integer(_) => "an integer",
            ValueKind::Float(_) => "a float",
            ValueKind::Char(_) => "a character",
            ValueKind::Text(_) => "a string",
            ValueKind::Bytes(_) => "a byte string",
            ValueKind::Option(Some(_)) => "`Some(…)`",
            ValueKind::Option(None) => "`None`",
            ValueKind::List(_) => "a list",
            ValueKind::Map(_) => "a map",
            ValueKind::Name(name) => return format!("`{name}`"),
            ValueKind::Tuple { name: Some(name), .. } | ValueKind::Struct { name: Some(name), .. } => {
                return format!("`{}(…)`", name.value);
            }
            ValueKind::Tuple { items, .. } if items.is_empty() => "`()`",
            ValueKind::Tuple { .. } => "a tuple",
            ValueKind::Struct { .. } => "a struct",
            ValueKind::Range { .. } => "a range",
            ValueKind::Broken => "a value that cannot be read",
        };
        fixed.to_owned()
    }

    /// The name of a struct, tuple or unit, if it has one.
    pub fn name(&self) -> Option<Spanned<&str>> {
        match &self.kind {
            ValueKind::Name(name) => Some(Spanned::new(name, self.span)),
            ValueKind::Tuple { name, .. } | ValueKind::Struct { name, .. } => {
                name.as_ref().map(|name| Spanned::new(name.value.as_str(), name.span))
            }
            _ => None,
        }
    }

    /// A short span that stands for the whole: the name of what has one, else the opening bracket of
    /// what has brackets, else all of it. Labels on whole structs would fill the screen.
    pub fn head(&self) -> Span {
        match (self.name(), &self.kind) {
            (Some(name), _) => name.span,
            (
                None,
                ValueKind::List(_) | ValueKind::Map(_) | ValueKind::Tuple { .. } | ValueKind::Struct { .. },
            ) => Span { end: self.span.end.min(self.span.start + 1), ..self.span },
            _ => self.span,
        }
    }
}
