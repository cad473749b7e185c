//! What calls through pointers can reach, where their source says more than their instructions.
//!
//! Each rule is a claim about the source of the functions that it names, and holds for calls that stand in
//! that source itself: calls that were inlined there from elsewhere have their own names. A change of the
//! compiler's version is the time to read the few functions again. What no rule names may reach every
//! function whose address the program holds.

use crate::vtables::Method;

/// How a function's address is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// In a table of virtual methods.
    Method(Method),
    /// In an instruction or in other data.
    Pointer,
}

/// Positions of the methods of `core::fmt::Write`.
const WRITE_STR: u32 = 0;
const WRITE_CHAR: u32 = 1;

/// Whether a call in the source of `caller` can reach a function that is held so.
pub(crate) fn reaches(caller: Option<&str>, holder: &Holder) -> bool {
    let method = |of: &str, slots: &[u32]| match holder {
        Holder::Method(method) => method.of == of && method.slot.is_some_and(|slot| slots.contains(&slot)),
        Holder::Pointer => false,
    };
    match caller {
        // An argument of `format_args!` is a pointer to the function that formats it.
        Some("<core::fmt::rt::Argument>::fmt") => *holder == Holder::Pointer,
        // Literal pieces go to the writer; arguments are the case above, if nothing was merged.
        Some("core::fmt::write") => *holder == Holder::Pointer || method("core::fmt::Write", &[WRITE_STR]),
        // A formatter hands its writer strings and characters.
        Some(
            "<core::fmt::Formatter>::pad"
            | "<core::fmt::Formatter>::pad_integral"
            | "<core::fmt::Formatter>::pad_integral::write_prefix"
            | "<core::fmt::Formatter>::padding"
            | "<core::fmt::Formatter>::write_str"
            | "<core::fmt::Formatter>::write_fmt"
            | "<core::fmt::Formatter as core::fmt::Write>::write_str"
            | "<core::fmt::Formatter as core::fmt::Write>::write_char"
            | "<core::fmt::PostPadding>::write",
        ) => method("core::fmt::Write", &[WRITE_STR, WRITE_CHAR]),
        // The closures that a generated main hands to `Inbox`.
        Some(inbox) if inbox.starts_with("<runtime::inbox::Inbox>::") => {
            matches!(holder, Holder::Method(method) if method.of.starts_with("core::ops::function::Fn<"))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(of: &str, slot: Option<u32>) -> Holder {
        Holder::Method(Method { of: of.to_owned(), slot })
    }

    #[test]
    fn rules_narrow_and_what_has_none_reaches_all() {
        let write = |slot| method("core::fmt::Write", Some(slot));
        let pad = Some("<core::fmt::Formatter>::pad");
        assert!(reaches(pad, &write(0)) && reaches(pad, &write(1)));
        assert!(!reaches(pad, &write(2)) && !reaches(pad, &Holder::Pointer));
        assert!(!reaches(pad, &method("core::fmt::Debug", Some(0))));
        assert!(!reaches(pad, &method("core::fmt::Write", None)));
        let argument = Some("<core::fmt::rt::Argument>::fmt");
        assert!(reaches(argument, &Holder::Pointer) && !reaches(argument, &write(0)));
        for holder in [write(2), method("x", None), Holder::Pointer] {
            assert!(reaches(None, &holder) && reaches(Some("a::b"), &holder));
        }
    }
}
