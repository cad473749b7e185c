//! The trait as it stays, and the constants beside it.

use interface_syntax::Interface;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, FnArg, ItemTrait, TraitItem, Visibility, parse_quote};

use crate::names::{documentation, name, number};

/// The trait, with its supertrait and with the events' values.
pub(crate) fn declaration(interface: &Interface, item: ItemTrait) -> TokenStream {
    let mut item = bare(item);
    item.colon_token = Some(parse_quote!(:));
    item.supertraits = parse_quote!(::runtime::Wire);
    let mut events = interface.events.iter();
    for member in &mut item.items {
        if let TraitItem::Const(constant) = member
            && let Some(event) = events.next()
        {
            let bit = number(event.bit);
            constant.ty = parse_quote!(::runtime::Event);
            constant.default = Some((parse_quote!(=), parse_quote!(::runtime::Event(#bit))));
        }
    }
    quote! { #item }
}

/// The trait without the attributes that only this macro understands.
pub(crate) fn bare(mut item: ItemTrait) -> ItemTrait {
    for member in &mut item.items {
        match member {
            TraitItem::Fn(function) => {
                strip(&mut function.attrs);
                for input in &mut function.sig.inputs {
                    if let FnArg::Typed(typed) = input {
                        strip(&mut typed.attrs);
                    }
                }
            }
            TraitItem::Const(constant) => strip(&mut constant.attrs),
            _ => {}
        }
    }
    item
}

fn strip(attributes: &mut Vec<Attribute>) {
    let ours = ["max", "post", "event"];
    attributes.retain(|attribute| !ours.iter().any(|name| attribute.path().is_ident(name)));
}

/// What composer knows of the interface too, and its events for providers.
pub(crate) fn constants(interface: &Interface, visibility: &Visibility) -> TokenStream {
    let version = interface.version;
    let events = number(interface.events.len() as u32);
    let bytes = number(interface.buffer_bytes());
    let (request, answer) = (number(interface.request_bytes()), number(interface.answer_bytes()));
    let of = &interface.name;
    let version_says = format!(" The version of [`{of}`].");
    let events_say = format!(" How many events [`{of}`] has.");
    let bytes_say = format!(" Bytes of buffer that each call wire of [`{of}`] needs.");
    let request_says = format!(" Bytes of slices in a request of [`{of}`] over a ring.");
    let answer_says = format!(" Bytes of slices in an answer of [`{of}`] over a ring.");
    let each = interface.events.iter().map(|event| {
        let (name, bit, says) = (name(&event.name), number(event.bit), documentation(&event.documentation));
        quote! { #says #visibility const #name: ::runtime::Event = ::runtime::Event(#bit); }
    });
    quote! {
        #[doc = #version_says]
        #visibility const VERSION: u16 = #version;
        #[doc = #events_say]
        #visibility const EVENTS: u32 = #events;
        #[doc = #bytes_say]
        #visibility const BUFFER_BYTES: usize = #bytes;
        #[doc = #request_says]
        #visibility const REQUEST_BYTES: usize = #request;
        #[doc = #answer_says]
        #visibility const ANSWER_BYTES: usize = #answer;
        #(#each)*
    }
}
