//! From values to types.
//!
//! Decoding goes on after a mistake: each type reports what is wrong and answers `None`, and its owner
//! reads its other fields before it gives up. So one run reports all the mistakes of a file.
//!
//! ```
//! use composer_syntax::{Decode, Diagnostics, Fields, Size, Spanned, SourceMap, Value, parse};
//!
//! struct Disk { name: Spanned<String>, size: Size, spare: bool }
//!
//! impl Decode for Disk {
//!     fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
//!         let mut fields = Fields::open(value, "Disk", found)?;
//!         let name = fields.required("name");
//!         let size = fields.required("size");
//!         let spare = fields.or("spare", false);
//!         fields.close();
//!         Some(Disk { name: name?, size: size?, spare })
//!     }
//! }
//!
//! let mut sources = SourceMap::new();
//! let file = sources.add("disk.ron", r#"Disk(name: "root", size: "64 KiB")"#);
//! let parsed = parse(&sources, file);
//! let mut found = Diagnostics::new();
//! let disk = Disk::decode(&parsed.value.unwrap(), &mut found).unwrap();
//! assert_eq!((disk.name.value.as_str(), disk.size.0, disk.spare), ("root", 65536, false));
//! ```

mod duration;
mod fields;
mod keyed;
mod mistake;
mod scalar;
mod size;
mod variant;

pub use duration::Duration;
pub use fields::Fields;
pub use keyed::{Entry, Keyed};
pub use mistake::{check_unique, unknown_name, wrong_type};
pub use size::{Address, Size};
pub use variant::Variant;

use crate::diagnostic::Diagnostics;
use crate::span::Spanned;
use crate::value::{Value, ValueKind};

/// A type that can be read from a value.
pub trait Decode: Sized {
    /// Reads `value`. Answers `None` after reporting to `found` why it cannot be read; a
    /// [`ValueKind::Broken`] value, which the parser has reported, needs no second report.
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self>;
}

/// The value itself, for readers that decide later.
impl Decode for Value {
    fn decode(value: &Value, _: &mut Diagnostics) -> Option<Self> {
        (value.kind != ValueKind::Broken).then(|| value.clone())
    }
}

/// What `T` reads, with its place.
impl<T: Decode> Decode for Spanned<T> {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        T::decode(value, found).map(|decoded| Spanned::new(decoded, value.span))
    }
}

/// `Some(value)` or `None`. A field that may be absent is [`Fields::optional`] instead.
impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        match &value.kind {
            ValueKind::Option(None) => Some(None),
            ValueKind::Option(Some(inner)) => T::decode(inner, found).map(Some),
            _ => wrong_type(value, "`Some(…)` or `None`", found),
        }
    }
}

/// A list. Items that cannot be read are left out after they are reported.
impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        match &value.kind {
            ValueKind::List(items) => Some(items.iter().filter_map(|item| T::decode(item, found)).collect()),
            _ => wrong_type(value, "a list", found),
        }
    }
}
