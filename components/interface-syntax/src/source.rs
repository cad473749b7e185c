//! From source text to the model, without compiling anything.

use syn::{Attribute, File, Item, ItemTrait};

use crate::parse::{Header, parse, position};
use crate::{Interface, Position};

/// A mistake in a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
    /// What is wrong, and how it would be right.
    pub message: String,
}

/// The interfaces that a source file declares, in order.
///
/// A trait counts if it has the attribute `#[interface(…)]`, at the file's top level or in a module written
/// out there. A module of tests does not count.
///
/// # Errors
///
/// All mistakes in them, in order of their places; a file that is no Rust has one.
pub fn interfaces_in(source: &str) -> Result<Vec<Interface>, Vec<Error>> {
    let file: File = syn::parse_file(source).map_err(|error| errors_of(&error))?;
    let mut interfaces = Vec::new();
    let mut errors = Vec::new();
    for (attribute, item) in traits_in(&file.items) {
        match interface(attribute, item) {
            Ok(interface) => interfaces.push(interface),
            Err(error) => errors.extend(errors_of(&error)),
        }
    }
    errors.sort_by_key(|error| (error.line, error.column));
    if errors.is_empty() { Ok(interfaces) } else { Err(errors) }
}

fn interface(attribute: &Attribute, item: &ItemTrait) -> syn::Result<Interface> {
    let header: Header = attribute.parse_args()?;
    parse(header, item)
}

fn traits_in(items: &[Item]) -> Vec<(&Attribute, &ItemTrait)> {
    let mut found = Vec::new();
    for item in items {
        match item {
            Item::Trait(item) => found.extend(item.attrs.iter().find(|a| is_interface(a)).map(|a| (a, item))),
            Item::Mod(module) if !module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) => {
                found.extend(module.content.iter().flat_map(|(_, items)| traits_in(items)));
            }
            _ => {}
        }
    }
    found
}

fn is_interface(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "interface")
}

fn errors_of(error: &syn::Error) -> Vec<Error> {
    let place = |error: syn::Error| {
        let Position { line, column } = position(error.span());
        Error { line, column, message: error.to_string() }
    };
    error.clone().into_iter().map(place).collect()
}
