//! Identifiers and types in derived code, and the words of values.

use interface_syntax::{Argument, Kind, Method, Value};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

/// A name that the author wrote.
pub(crate) fn name(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}

/// A local variable of derived code: it cannot be mistaken for an argument of the same name.
pub(crate) fn local(text: &str) -> Ident {
    Ident::new(text, Span::mixed_site())
}

/// The server twin's name.
pub(crate) fn twin(interface: &str) -> Ident {
    format_ident!("Serve{interface}")
}

/// The call client's name.
pub(crate) fn client(interface: &str) -> Ident {
    format_ident!("{interface}Client")
}

/// A number without a suffix.
pub(crate) fn number(value: u32) -> Literal {
    Literal::u32_unsuffixed(value)
}

/// Doc comments of those lines.
pub(crate) fn documentation(lines: &[String]) -> TokenStream {
    quote! { #(#[doc = #lines])* }
}

/// A value's type.
pub(crate) fn value_type(value: Value) -> TokenStream {
    match value {
        Value::U8 => quote! { u8 },
        Value::U16 => quote! { u16 },
        Value::U32 => quote! { u32 },
        Value::U64 => quote! { u64 },
        Value::I32 => quote! { i32 },
        Value::Bool => quote! { bool },
        Value::Bytes(count) => {
            let count = number(count);
            quote! { [u8; #count] }
        }
    }
}

/// What a method returns.
pub(crate) fn result_type(method: &Method) -> TokenStream {
    let value = method.result.map_or_else(|| quote! { () }, value_type);
    quote! { ::core::result::Result<#value, ::runtime::WireError> }
}

/// An argument with its type.
pub(crate) fn parameter(argument: &Argument) -> TokenStream {
    let name = name(&argument.name);
    match argument.kind {
        Kind::Value(value) => {
            let of = value_type(value);
            quote! { #name: #of }
        }
        Kind::In { .. } => quote! { #name: &[u8] },
        Kind::Out { .. } => quote! { #name: &mut [u8] },
    }
}

/// The words that carry a value.
pub(crate) fn pack(value: Value, of: &Ident) -> Vec<TokenStream> {
    match value {
        Value::U8 | Value::U16 | Value::Bool => vec![quote! { ::core::primitive::u32::from(#of) }],
        Value::U32 => vec![quote! { #of }],
        Value::I32 => vec![quote! { #of.cast_unsigned() }],
        Value::U64 => vec![quote! { ::runtime::codec::upper(#of) }, quote! { ::runtime::codec::lower(#of) }],
        Value::Bytes(_) => (0..value.words())
            .map(number)
            .map(|index| quote! { ::runtime::codec::word_of(&#of, #index) })
            .collect(),
    }
}

/// The value that stands in `words` from a number on. It may contain `?`.
pub(crate) fn unpack(value: Value, words: &Ident, first: u32) -> TokenStream {
    let index = number(first);
    match value {
        Value::U8 => quote! { ::runtime::codec::to_u8(#words[#index])? },
        Value::U16 => quote! { ::runtime::codec::to_u16(#words[#index])? },
        Value::Bool => quote! { ::runtime::codec::to_bool(#words[#index])? },
        Value::U32 => quote! { #words[#index] },
        Value::I32 => quote! { #words[#index].cast_signed() },
        Value::U64 => {
            let next = number(first + 1);
            quote! { ::runtime::codec::join(#words[#index], #words[#next]) }
        }
        Value::Bytes(count) => {
            let taken = (0..value.words()).map(|index| number(first + index));
            let count = number(count);
            quote! { ::runtime::codec::to_bytes::<#count, _>([#(#words[#taken]),*])? }
        }
    }
}
