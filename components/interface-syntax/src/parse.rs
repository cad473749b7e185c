//! From a trait to the model: the trait itself, its items and its doc comments.

use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Ident, ItemTrait, LitInt, Result, Token, TraitItem, TraitItemConst};

use crate::{Event, Interface, Position, rules, signature};

/// What stands in the parentheses of `#[interface(…)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The interface's version.
    pub version: u16,
}

impl Parse for Header {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let help = "an interface states its version: `#[interface(version = 1)]`";
        let key: Ident = input.parse().map_err(|error| syn::Error::new(error.span(), help))?;
        if key != "version" {
            return Err(syn::Error::new(key.span(), help));
        }
        input.parse::<Token![=]>()?;
        let number: LitInt = input.parse()?;
        let version = number.base10_parse().ok().filter(|version| *version > 0);
        let version = version.ok_or_else(|| syn::Error::new(number.span(), "a version is 1 to 65535"))?;
        if input.is_empty() { Ok(Self { version }) } else { Err(input.error(help)) }
    }
}

/// Reads an interface from its trait, as the author wrote it.
///
/// # Errors
///
/// Everything that breaks the rules of interfaces, each at its place, combined into one.
pub fn parse(header: Header, item: &ItemTrait) -> Result<Interface> {
    let mut errors = Errors::default();
    errors.keep(rules::trait_is_plain(item));
    let mut methods = Vec::new();
    let mut events = Vec::new();
    for member in &item.items {
        match member {
            TraitItem::Fn(function) => {
                let number = methods.len() as u16;
                methods.extend(errors.keep(signature::method(function, number)));
            }
            TraitItem::Const(constant) => {
                let bit = events.len() as u32;
                events.extend(errors.keep(event(constant, bit)));
            }
            other => errors.add(other.span(), "an interface has methods and events only"),
        }
    }
    errors.keep(rules::names_are_distinct(item));
    errors.keep(rules::counts_are_possible(item));
    let interface = Interface {
        name: item.ident.to_string(),
        version: header.version,
        methods,
        events,
        documentation: documentation(&item.attrs),
        position: position(item.ident.span()),
    };
    errors.finish(interface)
}

fn event(constant: &TraitItemConst, bit: u32) -> Result<Event> {
    let name = &constant.ident;
    let help = "an event is written `#[event] const NAME: Event;`";
    if !has(&constant.attrs, "event") {
        return Err(syn::Error::new(name.span(), help));
    }
    if let Some((_, value)) = &constant.default {
        return Err(syn::Error::new(value.span(), "events are numbered by their order; write no value"));
    }
    if !signature::is_named(&constant.ty, "Event") {
        return Err(syn::Error::new(constant.ty.span(), help));
    }
    rules::attributes_are_known(&constant.attrs, &["event"])?;
    Ok(Event { name: name.to_string(), bit, documentation: documentation(&constant.attrs) })
}

/// Whether an attribute of that name stands there.
pub(crate) fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

/// The lines of a doc comment.
pub(crate) fn documentation(attributes: &[Attribute]) -> Vec<String> {
    let line = |attribute: &Attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    attributes.iter().filter_map(line).collect()
}

/// Where a span starts.
pub(crate) fn position(span: proc_macro2::Span) -> Position {
    let start = span.start();
    Position { line: start.line, column: start.column + 1 }
}

/// Errors on their way into one.
#[derive(Default)]
pub(crate) struct Errors {
    all: Option<syn::Error>,
}

impl Errors {
    pub(crate) fn add(&mut self, span: proc_macro2::Span, message: &str) {
        self.keep::<()>(Err(syn::Error::new(span, message)));
    }

    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                match &mut self.all {
                    Some(all) => all.combine(error),
                    None => self.all = Some(error),
                }
                None
            }
        }
    }

    pub(crate) fn finish<T>(self, value: T) -> Result<T> {
        self.all.map_or(Ok(value), Err)
    }
}
