//! From a method's signature to the model: arguments, slices and results.

use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Expr, ExprLit, FnArg, GenericArgument, Lit, LitInt, Pat, PatType, PathArguments,
    Result, ReturnType, TraitItemFn, Type,
};

use crate::layout::MESSAGE_WORDS;
use crate::parse::{Errors, documentation, has};
use crate::{Argument, Kind, Method, Value, rules};

/// Bytes that one slice can have at most: a wire's buffer stays small against a node's memory.
const MAX_SLICE: u32 = 64 << 10;

const VALUES: &str = "`u8`, `u16`, `u32`, `u64`, `i32`, `bool` or `[u8; N]`";

/// Reads a method.
pub(crate) fn method(function: &TraitItemFn, number: u16) -> Result<Method> {
    let mut errors = Errors::default();
    errors.keep(rules::method_is_plain(function));
    errors.keep(rules::attributes_are_known(&function.attrs, &["post"]));
    errors.keep(receiver(function));
    let mut arguments = Vec::new();
    for input in function.sig.inputs.iter().skip(1) {
        if let FnArg::Typed(typed) = input {
            arguments.extend(errors.keep(argument(typed)));
        }
    }
    let result = errors.keep(result(&function.sig.output, function)).flatten();
    let method = Method {
        name: function.sig.ident.to_string(),
        number,
        arguments,
        result,
        post: has(&function.attrs, "post"),
        documentation: documentation(&function.attrs),
    };
    errors.keep(fits(&method, function));
    errors.keep(posts_nothing_back(&method, function));
    errors.finish(method)
}

fn receiver(function: &TraitItemFn) -> Result<()> {
    let help = "every method of an interface takes `&mut self`";
    match function.sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) => {
            let plain = receiver.reference.is_some()
                && receiver.mutability.is_some()
                && receiver.colon_token.is_none();
            if plain { Ok(()) } else { Err(Error::new(receiver.span(), help)) }
        }
        _ => Err(Error::new(function.sig.ident.span(), help)),
    }
}

fn argument(typed: &PatType) -> Result<Argument> {
    let name = match &*typed.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none() => {
            &name.ident
        }
        other => return Err(Error::new(other.span(), "an argument of an interface has a plain name")),
    };
    rules::argument_name_is_free(name)?;
    rules::attributes_are_known(&typed.attrs, &["max"])?;
    Ok(Argument { name: name.to_string(), kind: kind(typed)? })
}

fn kind(typed: &PatType) -> Result<Kind> {
    let max = typed.attrs.iter().find(|attribute| attribute.path().is_ident("max"));
    if let Type::Reference(reference) = &*typed.ty
        && let Type::Slice(slice) = &*reference.elem
        && is_named(&slice.elem, "u8")
        && reference.lifetime.is_none()
    {
        let help = "a slice states its most bytes: `#[max(256)] name: &[u8]`";
        let attribute = max.ok_or_else(|| Error::new(typed.ty.span(), help))?;
        let max = slice_max(attribute)?;
        return Ok(if reference.mutability.is_some() { Kind::Out { max } } else { Kind::In { max } });
    }
    if let Some(attribute) = max {
        return Err(Error::new(attribute.span(), "`#[max]` goes with `&[u8]` and `&mut [u8]` only"));
    }
    let help = format!("an argument is {VALUES}, or a slice `&[u8]` or `&mut [u8]` with `#[max(N)]`");
    value(&typed.ty)?.map(Kind::Value).ok_or_else(|| Error::new(typed.ty.span(), help))
}

fn slice_max(attribute: &Attribute) -> Result<u32> {
    let number: LitInt = attribute.parse_args().map_err(|error| {
        Error::new(error.span(), "`#[max(N)]` takes a plain number, since composer reads it from the source")
    })?;
    let max = number.base10_parse().ok().filter(|max| (1..=MAX_SLICE).contains(max));
    max.ok_or_else(|| Error::new(number.span(), format!("a slice has 1 to {MAX_SLICE} bytes")))
}

/// The value that a type stands for; `None` if the type is none.
fn value(of: &Type) -> Result<Option<Value>> {
    if let Type::Array(array) = of
        && is_named(&array.elem, "u8")
    {
        return bytes(&array.len).map(Some);
    }
    let named = [
        ("u8", Value::U8),
        ("u16", Value::U16),
        ("u32", Value::U32),
        ("u64", Value::U64),
        ("i32", Value::I32),
        ("bool", Value::Bool),
    ];
    Ok(named.into_iter().find(|(name, _)| is_named(of, name)).map(|(_, value)| value))
}

fn bytes(length: &Expr) -> Result<Value> {
    let most = MESSAGE_WORDS * 4;
    let help =
        format!("an array in a message has 1 to {most} bytes, as a plain number; use a slice for more");
    match length {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
            let count = number.base10_parse().ok().filter(|count| (1..=most).contains(count));
            count.map(Value::Bytes).ok_or_else(|| Error::new(number.span(), help))
        }
        other => Err(Error::new(other.span(), help)),
    }
}

/// The value in the `Ok` of `Result<_, WireError>`.
fn result(output: &ReturnType, function: &TraitItemFn) -> Result<Option<Value>> {
    let help = "every method of an interface returns `Result<_, WireError>`, since any peer can stop";
    let ReturnType::Type(_, returned) = output else {
        return Err(Error::new(function.sig.paren_token.span.close(), help));
    };
    let wrong = || Error::new(returned.span(), help);
    let Type::Path(path) = &**returned else { return Err(wrong()) };
    let last = path.path.segments.last().filter(|last| last.ident == "Result").ok_or_else(wrong)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return Err(wrong()) };
    let mut types = arguments.args.iter();
    let (Some(GenericArgument::Type(ok)), Some(GenericArgument::Type(error)), None) =
        (types.next(), types.next(), types.next())
    else {
        return Err(wrong());
    };
    if !is_named(error, "WireError") {
        return Err(Error::new(error.span(), help));
    }
    match ok {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(None),
        other => {
            let help =
                format!("a result is `()`, {VALUES}; bytes come back through `#[max(N)] into: &mut [u8]`");
            value(other)?.map(Some).ok_or_else(|| Error::new(other.span(), help))
        }
    }
}

fn fits(method: &Method, function: &TraitItemFn) -> Result<()> {
    for (words, what) in [(method.words_in(), "arguments"), (method.words_out(), "result")] {
        if words > MESSAGE_WORDS {
            let message = format!(
                "the {what} of `{}` need {words} words, and a message carries {MESSAGE_WORDS}; pass bytes through a slice",
                method.name
            );
            return Err(Error::new(function.sig.ident.span(), message));
        }
    }
    Ok(())
}

fn posts_nothing_back(method: &Method, function: &TraitItemFn) -> Result<()> {
    let back = method.arguments.iter().any(|argument| matches!(argument.kind, Kind::Out { .. }));
    if method.post && (back || method.result.is_some()) {
        let message = "a `#[post]` method brings nothing back: its result is `Result<(), WireError>`";
        return Err(Error::new(function.sig.ident.span(), message));
    }
    Ok(())
}

/// Whether a type is a path that ends in this name, without arguments.
pub(crate) fn is_named(of: &Type, name: &str) -> bool {
    match of {
        Type::Path(path) if path.qself.is_none() => {
            path.path.segments.last().is_some_and(|last| last.ident == name && last.arguments.is_none())
        }
        _ => false,
    }
}
