//! What calls through pointers can reach: their source says it, not their instructions.
//!
//! Each rule is a claim about the source of the functions that it names, and holds for calls that stand in
//! that source itself: calls that were inlined there from elsewhere have their own names. A change of the
//! compiler's version is the time to read the few functions again. The rules here speak of the core library and of the
//! runtime; those of components stand in their manifests. Of what nobody says anything, nothing is known.

use crate::claim::Claim;
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

/// What is said of a call through a pointer.
#[derive(Clone, Debug)]
pub(crate) enum Said<'a> {
    /// What it can reach, by a rule.
    Rule(fn(&Holder) -> bool),
    /// The same, by claims.
    Claims(Vec<&'a Claim>),
}

impl Said<'_> {
    /// Whether the call can reach a function that is held so.
    pub(crate) fn reaches(&self, holder: &Holder) -> bool {
        match self {
            Self::Rule(reaches) => reaches(holder),
            Self::Claims(claims) => claims.iter().any(|claim| claim.reaches(holder)),
        }
    }
}

/// What is said of calls through pointers in the source of `caller`, if anybody says anything.
pub(crate) fn said<'a>(caller: &str, claims: &'a [Claim]) -> Option<Said<'a>> {
    let rule: fn(&Holder) -> bool = match caller {
        // An argument of `format_args!` is a pointer to the function that formats it.
        "<core::fmt::rt::Argument>::fmt" => |holder| *holder == Holder::Pointer,
        // Literal pieces go to the writer; arguments are the case above, if nothing was merged.
        "core::fmt::write" => |holder| *holder == Holder::Pointer || is_written(holder, WRITE_STR),
        // A formatter hands its writer strings and characters.
        "<core::fmt::Formatter>::pad"
        | "<core::fmt::Formatter>::pad_integral"
        | "<core::fmt::Formatter>::pad_integral::write_prefix"
        | "<core::fmt::Formatter>::padding"
        | "<core::fmt::Formatter>::write_str"
        | "<core::fmt::Formatter>::write_fmt"
        | "<core::fmt::Formatter as core::fmt::Write>::write_str"
        | "<core::fmt::Formatter as core::fmt::Write>::write_char"
        | "<core::fmt::PostPadding>::write" => |holder| is_written(holder, WRITE_CHAR),
        // The closures that a generated main hands to `Inbox`.
        inbox if inbox.starts_with("<runtime::inbox::Inbox>::") => {
            |holder| matches!(holder, Holder::Method(method) if method.of.starts_with("core::ops::function::Fn<"))
        }
        _ => {
            let claims: Vec<&Claim> = claims.iter().filter(|claim| claim.is_of(caller)).collect();
            return (!claims.is_empty()).then_some(Said::Claims(claims));
        }
    };
    Some(Said::Rule(rule))
}

/// Whether it is one of the first methods of `core::fmt::Write`.
fn is_written(holder: &Holder, last: u32) -> bool {
    match holder {
        Holder::Method(method) => {
            method.of == "core::fmt::Write" && method.slot.is_some_and(|slot| slot <= last)
        }
        Holder::Pointer => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Pointer;

    fn method(of: &str, slot: Option<u32>) -> Holder {
        Holder::Method(Method { of: of.to_owned(), slot })
    }

    #[test]
    fn rules_speak_of_the_core_library() {
        let write = |slot| method("core::fmt::Write", Some(slot));
        let pad = said("<core::fmt::Formatter>::pad", &[]).expect("a rule");
        assert!(pad.reaches(&write(0)) && pad.reaches(&write(1)));
        assert!(!pad.reaches(&write(2)) && !pad.reaches(&Holder::Pointer));
        assert!(!pad.reaches(&method("core::fmt::Debug", Some(0))));
        assert!(!pad.reaches(&method("core::fmt::Write", None)));
        let argument = said("<core::fmt::rt::Argument>::fmt", &[]).expect("a rule");
        assert!(argument.reaches(&Holder::Pointer) && !argument.reaches(&write(0)));
    }

    #[test]
    fn of_the_rest_its_author_speaks_or_nobody() {
        assert!(said("a::b", &[]).is_none());
        let claim = |pointer| Claim { function: "a::b".into(), pointers: vec![pointer] };
        let claims = [claim(Pointer::Function), claim(Pointer::Dyn("X".into()))];
        let both = said("a::b::<c::D>", &claims).expect("claims");
        assert!(both.reaches(&Holder::Pointer) && both.reaches(&method("e::X", None)));
        assert!(!both.reaches(&method("e::Y", Some(0))));
        assert!(said("a::c", &claims).is_none());
    }
}
