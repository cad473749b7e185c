//! Reading enums.

use crate::code::Code;
use crate::decode::fields::fields_of;
use crate::decode::{Decode, Fields, unknown_name, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{Span, Spanned};
use crate::value::{Value, ValueKind};

/// A value of one of several named shapes: `Halt`, `Call("console")`, `U32(default: 3)`.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'v> {
    name: Spanned<&'static str>,
    value: &'v Value,
}

impl<'v> Variant<'v> {
    /// Opens a variant that is one of `known`, called `what` in messages ("wire", "grant"). Reports and
    /// answers `None` for an unknown one and for what is no variant.
    pub fn open(
        value: &'v Value,
        what: &str,
        known: &[&'static str],
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let Some(name) = value.name() else {
            let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            return wrong_type(value, &names.join(" or "), found);
        };
        match known.iter().find(|known| **known == name.value) {
            Some(known) => Some(Self { name: Spanned::new(known, name.span), value }),
            None => {
                let known = known.iter().copied();
                found.push(unknown_name(Code::UnknownVariant, what, name, false, known));
                None
            }
        }
    }

    /// Which of the known ones it is.
    pub fn name(&self) -> &'static str {
        self.name.value
    }

    /// The place of the name.
    pub fn name_span(&self) -> Span {
        self.name.span
    }

    /// That nothing, or `()`, follows the name. Reports anything else.
    pub fn unit(&self, found: &mut Diagnostics) -> Option<()> {
        match &self.value.kind {
            ValueKind::Name(_) => Some(()),
            ValueKind::Tuple { items, .. } if items.is_empty() => Some(()),
            _ => {
                let inside = self.name.span.after().to(self.value.span.after());
                let message = format!("`{}` holds nothing", self.name());
                let order = format!("write `{}` alone", self.name());
                found.push(
                    Diagnostic::error(Code::WrongType, message)
                        .primary(inside, "nothing is expected here")
                        .fix(order, inside, ""),
                );
                None
            }
        }
    }

    /// The one value in the brackets after the name. Reports none, several and named ones.
    pub fn single<T: Decode>(&self, found: &mut Diagnostics) -> Option<T> {
        match &self.value.kind {
            ValueKind::Tuple { items, .. } if items.len() == 1 => T::decode(&items[0], found),
            _ => {
                let message = format!("`{}` holds exactly one value", self.name());
                let label = format!("expected `{}(…)` with one value", self.name());
                found.push(Diagnostic::error(Code::WrongType, message).primary(self.value.head(), label));
                None
            }
        }
    }

    /// The named fields in the brackets after the name; none if nothing follows.
    pub fn fields<'d>(&self, found: &'d mut Diagnostics) -> Option<Fields<'v, 'd>> {
        let fields = fields_of(self.value, self.name(), found)?;
        Some(Fields::over(fields, self.value.head(), self.name(), found))
    }
}
