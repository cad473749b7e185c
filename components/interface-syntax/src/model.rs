//! What an interface says, with no trace of the syntax that said it.

/// An interface: what ports speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// The trait's name, as manifests write it.
    pub name: String,
    /// Its version; a port names the version that it speaks.
    pub version: u16,
    /// Its methods, in order of their numbers.
    pub methods: Vec<Method>,
    /// Its events, in order of their bits.
    pub events: Vec<Event>,
    /// Its doc comment, line by line.
    pub documentation: Vec<String>,
    /// Where the name stands.
    pub position: Position,
}

/// A place in a source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
}

/// A method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// The operation that a message's tag carries.
    pub number: u16,
    /// Its arguments after `&mut self`, in order.
    pub arguments: Vec<Argument>,
    /// The value in the `Ok` of its result; `None` for `()`.
    pub result: Option<Value>,
    /// Whether it is a `#[post]`: no result, and it never waits.
    pub post: bool,
    /// Its doc comment, line by line.
    pub documentation: Vec<String>,
}

/// An argument of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value, in words of the message.
    Value(Value),
    /// `&[u8]`: bytes from client to server, through the wire's buffer.
    In {
        /// The most bytes there can be.
        max: u32,
    },
    /// `&mut [u8]`: bytes from server to client, through the wire's buffer.
    Out {
        /// The most bytes there can be.
        max: u32,
    },
}

/// A value that travels in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `i32`.
    I32,
    /// `bool`.
    Bool,
    /// `[u8; N]`.
    Bytes(u32),
}

/// An event: one notification bit from provider to client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its bit within the interface.
    pub bit: u32,
    /// Its doc comment, line by line.
    pub documentation: Vec<String>,
}
