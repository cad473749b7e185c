//! Derives client, adapter, server twin and dispatcher from an interface trait.
//!
//! `#[interface(version = N)]` keeps the trait (with the supertrait `runtime::Wire`) and puts beside it, in
//! the same module (so one module declares one interface):
//!
//! | item               | what it is                                                                    |
//! |--------------------|-------------------------------------------------------------------------------|
//! | `ServeX`           | the server twin: the same methods, with `from: Client` first                    |
//! | `XClient<E>`       | the client over calls or rings: through any `Endpoint`                         |
//! | `impl X for Direct`| the client over a provider in the same domain                                  |
//! | `dispatch`         | from a received message to the provider's method, and back to a reply          |
//! | `VERSION`, `EVENTS`, `BUFFER_BYTES`, `REQUEST_BYTES`, `ANSWER_BYTES` | what composer knows of it too |
//! | each event's name  | the event, for providers                                                       |
//!
//! The crate that declares interfaces depends on `runtime`; all paths start there.

#![forbid(unsafe_code)]

mod client;
mod declaration;
mod direct;
mod dispatch;
mod names;
mod twin;

use interface_syntax::{Header, Interface};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemTrait, parse_macro_input};

/// Declares an interface, which ports speak: see the crate's documentation for what it derives.
///
/// `#[max(N)]` before a slice argument states its most bytes, `#[post]` before a method says that it brings
/// nothing back, and `#[event] const NAME: Event;` declares an event.
#[proc_macro_attribute]
pub fn interface(header: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let header = parse_macro_input!(header as Header);
    let item = parse_macro_input!(item as ItemTrait);
    let derived = match interface_syntax::parse(header, &item) {
        Ok(interface) => derive(&interface, item),
        // The bare trait stays, so that the mistake is the only thing that rustc talks about.
        Err(error) => {
            let error = error.into_compile_error();
            let bare = declaration::bare(item);
            quote! { #error #bare }
        }
    };
    derived.into()
}

fn derive(interface: &Interface, item: ItemTrait) -> TokenStream {
    let constants = declaration::constants(interface, &item.vis);
    let twin = twin::twin(interface, &item.vis);
    let client = client::client(interface, &item.vis);
    let direct = direct::direct(interface);
    let dispatch = dispatch::dispatch(interface, &item.vis);
    let declaration = declaration::declaration(interface, item);
    quote! { #declaration #constants #twin #client #direct #dispatch }
}
