//! What an interface may not say: rules that look at the syntax, not at the model.

use std::collections::BTreeSet;

use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, ItemTrait, Result, TraitItem, TraitItemFn};

use crate::parse::Errors;

/// Events that one interface can have: a thread has 32 notification bits, and one says that the peer has
/// stopped.
const MAX_EVENTS: usize = 31;

/// Attributes that mean nothing to a wire.
const NEUTRAL: [&str; 6] = ["doc", "allow", "expect", "warn", "deny", "deprecated"];

/// Names that derived code and the trait `runtime::Wire` use themselves.
const METHODS_OF_WIRE: [&str; 2] = ["wait", "pending"];

/// The trait is a plain one.
pub(crate) fn trait_is_plain(item: &ItemTrait) -> Result<()> {
    let mut errors = Errors::default();
    if !item.generics.params.is_empty() {
        errors.add(item.generics.span(), "an interface has no parameters");
    }
    if let Some(clause) = &item.generics.where_clause {
        errors.add(clause.span(), "an interface has no conditions");
    }
    if !item.supertraits.is_empty() {
        errors.add(
            item.supertraits.span(),
            "an interface has no supertraits; `runtime::Wire` is added to each",
        );
    }
    if let Some(token) = &item.unsafety {
        errors.add(token.span(), "an interface is not unsafe");
    }
    errors.keep(attributes_are_known(&item.attrs, &["interface"]));
    errors.finish(())
}

/// The method is a plain one.
pub(crate) fn method_is_plain(function: &TraitItemFn) -> Result<()> {
    let mut errors = Errors::default();
    let signature = &function.sig;
    if !signature.generics.params.is_empty() {
        errors.add(signature.generics.span(), "a method of an interface has no parameters in angle brackets");
    }
    if let Some(body) = &function.default {
        errors.add(body.span(), "a method of an interface has no body; the provider writes it");
    }
    let qualifiers = [
        signature.asyncness.as_ref().map(Spanned::span),
        signature.unsafety.as_ref().map(Spanned::span),
        signature.constness.as_ref().map(Spanned::span),
        signature.abi.as_ref().map(Spanned::span),
    ];
    for span in qualifiers.into_iter().flatten() {
        errors.add(span, "a method of an interface is a plain `fn`");
    }
    let name = &signature.ident;
    if METHODS_OF_WIRE.iter().any(|taken| name == taken) {
        errors.add(name.span(), &format!("every wire has a method `{name}` already, for its events"));
    }
    errors.keep(name_is_plain(name));
    errors.finish(())
}

/// The argument's name does not hide one that derived code uses.
pub(crate) fn argument_name_is_free(name: &Ident) -> Result<()> {
    name_is_plain(name)?;
    if name == "from" {
        return Err(Error::new(name.span(), "server methods have an argument `from` already, the client"));
    }
    Ok(())
}

fn name_is_plain(name: &Ident) -> Result<()> {
    if name.to_string().starts_with("r#") {
        return Err(Error::new(name.span(), "choose a name that is no keyword"));
    }
    Ok(())
}

/// Only attributes that mean something here, or nothing to a wire.
pub(crate) fn attributes_are_known(attributes: &[Attribute], known: &[&str]) -> Result<()> {
    let mut errors = Errors::default();
    for attribute in attributes {
        let is = |name: &&&str| attribute.path().is_ident(**name);
        let last = attribute.path().segments.last();
        let macro_itself = known.contains(&"interface") && last.is_some_and(|last| last.ident == "interface");
        if !macro_itself && known.iter().chain(&NEUTRAL).find(is).is_none() {
            errors.add(
                attribute.span(),
                "this attribute has no meaning here: an interface is the same in every build",
            );
        }
    }
    errors.finish(())
}

/// No name stands for two things.
pub(crate) fn names_are_distinct(item: &ItemTrait) -> Result<()> {
    let mut errors = Errors::default();
    let mut seen = BTreeSet::new();
    for member in &item.items {
        let name = match member {
            TraitItem::Fn(function) => &function.sig.ident,
            TraitItem::Const(constant) => &constant.ident,
            _ => continue,
        };
        if !seen.insert(name.to_string()) {
            errors.add(name.span(), &format!("`{name}` is declared twice"));
        }
    }
    errors.finish(())
}

/// Methods and events can be numbered.
pub(crate) fn counts_are_possible(item: &ItemTrait) -> Result<()> {
    let events = item.items.iter().filter(|member| matches!(member, TraitItem::Const(_)));
    if let Some(event) = events.clone().nth(MAX_EVENTS) {
        return Err(Error::new(event.span(), format!("an interface has at most {MAX_EVENTS} events")));
    }
    let methods = item.items.iter().filter(|member| matches!(member, TraitItem::Fn(_)));
    if let Some(method) = methods.clone().nth(usize::from(u16::MAX)) {
        return Err(Error::new(method.span(), "an interface has at most 65535 methods"));
    }
    Ok(())
}
