//! Reading structs.

use crate::code::Code;
use crate::decode::{Decode, Keyed, check_unique, unknown_name, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{Span, Spanned};
use crate::value::{Field, Value, ValueKind};

/// A struct being read. Each field is asked for by name; what nobody asked for is unknown, which
/// [`Fields::close`] reports.
#[must_use = "`close` reports the unknown fields"]
#[derive(Debug)]
pub struct Fields<'v, 'd> {
    what: &'static str,
    fields: &'v [Field],
    head: Span,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    found: &'d mut Diagnostics,
}

impl<'v, 'd> Fields<'v, 'd> {
    /// Opens a struct that is called `what` in messages. It may be written without a name; one that is
    /// written must be `what`. A struct without fields, `()`, opens too. Reports and answers `None` for
    /// what is no struct.
    pub fn open(value: &'v Value, what: &'static str, found: &'d mut Diagnostics) -> Option<Self> {
        let fields = fields_of(value, what, found)?;
        if let Some(name) = value.name().filter(|name| name.value != what) {
            let message = format!("expected a struct `{what}`, found `{}`", name.value);
            found.push(
                Diagnostic::error(Code::WrongType, message)
                    .primary(name.span, format!("expected `{what}`"))
                    .fix(format!("write `{what}`"), name.span, what),
            );
        }
        Some(Self::over(fields, value.head(), what, found))
    }

    pub(crate) fn over(
        fields: &'v [Field],
        head: Span,
        what: &'static str,
        found: &'d mut Diagnostics,
    ) -> Self {
        let names = fields.iter().map(|field| Spanned::new(field.name.value.as_str(), field.name.span));
        check_unique(names, "field", found);
        Self { what, fields, head, asked: vec![], missing: vec![], found }
    }

    /// The field `name`, or `None` if it is absent or, after a report, unreadable.
    pub fn optional<T: Decode>(&mut self, name: &'static str) -> Option<T> {
        let value = self.raw(name)?;
        T::decode(value, self.found)
    }

    /// The field `name`. Its absence is reported.
    pub fn required<T: Decode>(&mut self, name: &'static str) -> Option<T> {
        if self.raw(name).is_none() {
            self.missing.push(name);
        }
        self.optional(name)
    }

    /// The field `name`, or `default` if it is absent or, after a report, unreadable.
    pub fn or<T: Decode>(&mut self, name: &'static str, default: T) -> T {
        self.optional(name).unwrap_or(default)
    }

    /// The map in the field `name`; an absent field is a map without entries.
    pub fn map<T: Decode>(&mut self, name: &'static str) -> Keyed<T> {
        self.optional(name).unwrap_or_default()
    }

    /// The field `name` undecoded, if it is there.
    pub fn raw(&mut self, name: &'static str) -> Option<&'v Value> {
        if !self.asked.contains(&name) {
            self.asked.push(name);
        }
        // Of two the first counts, as the report about the second says.
        self.fields.iter().find(|field| field.name.value == name).map(|field| &field.value)
    }

    /// Whether the struct has a field whose name is nearly `name`. Its absence is then not worth a report
    /// beside the one that [`Fields::close`] makes.
    pub fn nearly_has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| crate::nearest(&field.name.value, [name]).is_some())
    }

    /// A short span that stands for the struct, for labels about it as a whole.
    pub fn head(&self) -> Span {
        self.head
    }

    /// Where the reader of this struct reports further mistakes.
    pub fn found(&mut self) -> &mut Diagnostics {
        self.found
    }

    /// Reports missing and unknown fields. A field that was likely meant as the missing one is not
    /// reported twice.
    pub fn close(self) {
        let mut missing = self.missing;
        for field in self.fields.iter().filter(|field| !self.asked.contains(&field.name.value.as_str())) {
            let name = Spanned::new(field.name.value.as_str(), field.name.span);
            // Fields that are there already cannot have been meant.
            let absent = self
                .asked
                .iter()
                .copied()
                .filter(|asked| self.fields.iter().all(|field| field.name.value != **asked));
            let free: Vec<&str> = absent.collect();
            let near = crate::nearest(name.value, free.iter().copied());
            missing.retain(|missing| Some(*missing) != near);
            let known = if near.is_some() { free } else { self.asked.clone() };
            let what = format!("field of `{}`:", self.what);
            let mut diagnostic = unknown_name(Code::UnknownField, &what, name, false, known);
            diagnostic.message = format!("`{}` has no field `{}`", self.what, name.value);
            self.found.push(diagnostic);
        }
        for name in missing {
            let message = format!("`{}` lacks the field `{name}`", self.what);
            self.found.push(
                Diagnostic::error(Code::MissingField, message)
                    .primary(self.head, format!("`{name}` is missing")),
            );
        }
    }
}

/// The fields of a struct, of `()` or of a name alone; reports anything else.
pub(crate) fn fields_of<'v>(value: &'v Value, what: &str, found: &mut Diagnostics) -> Option<&'v [Field]> {
    match &value.kind {
        ValueKind::Struct { fields, .. } => Some(fields),
        ValueKind::Tuple { items, .. } if items.is_empty() => Some(&[]),
        ValueKind::Name(_) => Some(&[]),
        ValueKind::Map(_) => {
            if let Some(diagnostic) = braces_for_parentheses(value, what, found) {
                found.push(diagnostic);
            }
            None
        }
        _ => wrong_type(value, &format!("a struct `{what}`"), found),
    }
}

/// Braces make maps; who comes from another language writes them around fields.
fn braces_for_parentheses(value: &Value, what: &str, found: &Diagnostics) -> Option<Diagnostic> {
    let (open, close) = (value.span.start, value.span.end.checked_sub(1)?);
    let at = |start| Span { start, end: start + 1, ..value.span };
    let mut diagnostic =
        Diagnostic::error(Code::WrongType, format!("expected a struct `{what}`, found a map"))
            .primary(at(open), "structs stand in parentheses, maps in braces");
    // An unclosed brace has no partner to replace; its report proposes one.
    let unclosed = |one: &Diagnostic| one.code == Code::UnclosedBracket && one.span() == Some(at(open));
    if open < close && !found.found().iter().any(unclosed) {
        let message = "put parentheses in place of the braces";
        diagnostic = diagnostic.fix(message, at(open), "(").fix(message, at(close), ")");
    }
    Some(diagnostic)
}
