//! The client over calls, and over rings.

use interface_syntax::{Interface, Kind, Method};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Visibility;

use crate::names;

/// The client's type and its methods: each one call through the endpoint.
pub(crate) fn client(interface: &Interface, visibility: &Visibility) -> TokenStream {
    let of = names::name(&interface.name);
    let client = names::client(&interface.name);
    let says = format!(" The client's side of [`{of}`] over calls or rings to another domain.");
    let methods = interface.methods.iter().map(method);
    quote! {
        #[doc = #says]
        #[derive(Debug)]
        #visibility struct #client<E> {
            endpoint: E,
        }

        impl<E: ::runtime::Endpoint> #client<E> {
            /// The client that calls through the endpoint.
            #visibility const fn new(endpoint: E) -> Self {
                Self { endpoint }
            }
        }

        impl<E: ::runtime::Endpoint> ::runtime::Wire for #client<E> {
            fn wait(
                &mut self,
                wanted: ::runtime::Events,
            ) -> ::core::result::Result<::runtime::Events, ::runtime::WireError> {
                self.endpoint.wait(wanted)
            }

            fn pending(
                &mut self,
                wanted: ::runtime::Events,
            ) -> ::core::result::Result<::runtime::Events, ::runtime::WireError> {
                self.endpoint.pending(wanted)
            }
        }

        impl<E: ::runtime::Endpoint> #of for #client<E> {
            #(#methods)*
        }
    }
}

fn method(method: &Method) -> TokenStream {
    let (name, result) = (names::name(&method.name), names::result_type(method));
    let parameters = method.arguments.iter().map(names::parameter);
    let lengths = slices(method).map(|(slice, _, max, _)| {
        let length = length_of(&slice);
        quote! { let #length = ::runtime::codec::length_of(#slice, #max)?; }
    });
    let memory = names::local("memory");
    let sent = slices(method).filter(|(.., out)| !out).map(|(slice, offset, ..)| {
        quote! { #memory.write(#offset, #slice)?; }
    });
    let received = slices(method).filter(|(.., out)| *out).map(|(slice, offset, ..)| {
        quote! { #memory.read(#offset, #slice)?; }
    });
    let words = method.arguments.iter().flat_map(|argument| {
        let name = names::name(&argument.name);
        match argument.kind {
            Kind::Value(value) => names::pack(value, &name),
            Kind::In { .. } | Kind::Out { .. } => {
                let length = length_of(&name);
                vec![quote! { #length }]
            }
        }
    });
    let number = method.number;
    let words = quote! { [#(#words),*] };
    let (send, fetch) = (transfer(sent, &memory), transfer(received, &memory));
    let call = if method.post {
        quote! { self.endpoint.post(#number, #words, #send) }
    } else {
        quote! { self.endpoint.call(#number, #words, #send, #fetch) }
    };
    let reply = names::local("reply");
    let (call, value) = match method.result {
        Some(value) => {
            let result = names::local("result");
            let value = names::unpack(value, &reply, 0);
            let call = quote! {
                let #reply = &#call?;
                let #result = #value;
            };
            (call, quote! { #result })
        }
        None => (quote! { #call?; }, quote! { () }),
    };
    quote! {
        #[inline]
        fn #name(&mut self #(, #parameters)*) -> #result {
            #(#lengths)*
            #call
            ::core::result::Result::Ok(#value)
        }
    }
}

/// The closure that moves slices to or from the wire's memory.
fn transfer(slices: impl Iterator<Item = TokenStream>, memory: &Ident) -> TokenStream {
    let slices: Vec<_> = slices.collect();
    if slices.is_empty() {
        return quote! { |_| ::core::result::Result::Ok(()) };
    }
    quote! {
        |#memory| {
            #(#slices)*
            ::core::result::Result::Ok(())
        }
    }
}

/// Each slice's name, offset and maximum, and whether it comes back.
fn slices(method: &Method) -> impl Iterator<Item = (Ident, TokenStream, TokenStream, bool)> {
    method.slices().into_iter().map(|slice| {
        let argument = &method.arguments[slice.argument];
        let (offset, max) = (names::number(slice.offset), names::number(slice.max));
        let out = matches!(argument.kind, Kind::Out { .. });
        (names::name(&argument.name), quote! { #offset }, quote! { #max }, out)
    })
}

/// The variable that holds a slice's length.
fn length_of(slice: &Ident) -> Ident {
    names::local(&format!("length_of_{slice}"))
}
