//! The client over a provider in the same domain.

use interface_syntax::{Interface, Kind, Method};
use proc_macro2::TokenStream;
use quote::quote;

use crate::names;

/// The interface for `runtime::Direct`, over any provider that has the server twin.
pub(crate) fn direct(interface: &Interface) -> TokenStream {
    let of = names::name(&interface.name);
    let twin = names::twin(&interface.name);
    let methods = interface.methods.iter().map(method);
    quote! {
        impl<S: #twin> #of for ::runtime::Direct<'_, S> {
            #(#methods)*
        }
    }
}

/// A static call. A slice's length is checked, and one that comes back is cleared, so that the wire
/// behaves as a call does.
fn method(method: &Method) -> TokenStream {
    let (name, result) = (names::name(&method.name), names::result_type(method));
    let parameters = method.arguments.iter().map(names::parameter);
    let arguments = method.arguments.iter().map(|argument| names::name(&argument.name));
    let checks = method.arguments.iter().filter_map(|argument| {
        let (name, max) = (names::name(&argument.name), names::number(argument.kind.max()?));
        let clear = matches!(argument.kind, Kind::Out { .. }).then(|| quote! { #name.fill(0); });
        Some(quote! {
            ::runtime::codec::length_of(#name, #max)?;
            #clear
        })
    });
    let (provider, client) = (names::local("provider"), names::local("client"));
    quote! {
        #[inline]
        fn #name(&mut self #(, #parameters)*) -> #result {
            #(#checks)*
            self.enter(|#provider, #client| #provider.#name(#client #(, #arguments)*))
        }
    }
}
