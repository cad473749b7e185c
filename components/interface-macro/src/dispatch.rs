//! The dispatcher: from a received message to the provider's method, and back to a reply.

use interface_syntax::{Interface, Kind, Method};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Visibility;

use crate::names;

/// The function that answers one message. Whatever the message says, it ends in a reply or an error.
pub(crate) fn dispatch(interface: &Interface, visibility: &Visibility) -> TokenStream {
    let twin = names::twin(&interface.name);
    let says = format!(" Answers a message of [`{}`] by the provider's method.", interface.name);
    let locals = Locals::new();
    let Locals { provider, from, operation, words, buffers } = &locals;
    let arms = interface.methods.iter().map(|method| arm(method, &locals));
    quote! {
        #[doc = #says]
        ///
        /// `buffers` say where the slices lie: in the buffers of the port's wires, by client, or in the slots
        /// of a ring. They are copied into private memory once, before the provider sees them.
        ///
        /// # Errors
        ///
        /// `Malformed` for an operation or a word that has no meaning, `TooLong` for a slice longer than
        /// its maximum, else what the provider answers.
        #[allow(unused_variables, reason = "not every interface has words, slices or methods")]
        #[inline]
        #visibility fn dispatch<S: #twin, B: ::runtime::Slices + ?::core::marker::Sized>(
            #provider: &mut S,
            #from: ::runtime::Client,
            #operation: u16,
            #words: &::runtime::Words,
            #buffers: &B,
        ) -> ::core::result::Result<::runtime::Message, ::runtime::WireError> {
            match #operation {
                #(#arms)*
                _ => ::core::result::Result::Err(::runtime::WireError::Malformed),
            }
        }
    }
}

/// Names of the dispatcher's arguments.
struct Locals {
    provider: Ident,
    from: Ident,
    operation: Ident,
    words: Ident,
    buffers: Ident,
}

impl Locals {
    fn new() -> Self {
        Self {
            provider: names::local("provider"),
            from: names::local("from"),
            operation: names::local("operation"),
            words: names::local("words"),
            buffers: names::local("buffers"),
        }
    }
}

fn arm(method: &Method, locals: &Locals) -> TokenStream {
    let Locals { provider, from, words, buffers, .. } = locals;
    let (sent, answered) = (names::local("sent"), names::local("answered"));
    let slices = method.slices();
    let has = |is: fn(&Kind) -> bool| method.arguments.iter().any(|argument| is(&argument.kind));
    let find_sent = has(|kind| matches!(kind, Kind::In { .. }))
        .then(|| quote! { let #sent = ::runtime::Slices::sent(#buffers, #from)?; });
    let find_answered = has(|kind| matches!(kind, Kind::Out { .. }))
        .then(|| quote! { let #answered = ::runtime::Slices::answered(#buffers, #from)?; });
    let mut offsets = slices.iter();
    let mut back = Vec::new();
    let mut taken = Vec::new();
    let mut passed = Vec::new();
    for (argument, first) in method.arguments.iter().zip(method.first_words()) {
        let name = names::name(&argument.name);
        let word = names::number(first);
        let (take, pass) = match argument.kind {
            Kind::Value(value) => {
                let value = names::unpack(value, words, first);
                (quote! { let #name = #value; }, quote! { #name })
            }
            Kind::In { max } => {
                let (max, offset) =
                    (names::number(max), offsets.next().map(|slice| names::number(slice.offset)));
                let copy = quote! { let #name = #sent.private::<#max>(#offset, #words[#word])?; };
                (copy, quote! { &#name })
            }
            Kind::Out { max } => {
                let (max, offset) =
                    (names::number(max), offsets.next().map(|slice| names::number(slice.offset)));
                back.push(quote! { #answered.write(#offset, &#name)?; });
                let room = quote! { let mut #name = ::runtime::Private::<#max>::zeroed(#words[#word])?; };
                (room, quote! { &mut #name })
            }
        };
        taken.push(take);
        passed.push(pass);
    }
    let (number, name) = (method.number, names::name(&method.name));
    let call = quote! { #provider.#name(#from #(, #passed)*)? };
    let (answer, reply) = match method.result {
        Some(value) => {
            let result = names::local("result");
            let reply = names::pack(value, &result);
            (quote! { let #result = #call; }, reply)
        }
        None => (quote! { #call; }, Vec::new()),
    };
    quote! {
        #number => {
            #find_sent
            #find_answered
            #(#taken)*
            #answer
            #(#back)*
            ::core::result::Result::Ok(::runtime::Message::reply([#(#reply),*]))
        }
    }
}
