//! What the author of a component says of its calls through pointers.

use crate::paths::{ends_with, is_within, plain};
use crate::rules::Holder;

/// What calls through pointers in the source of a function reach, as somebody who knows the source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The function's path without type arguments; closures inside it are part of it.
    pub function: String,
    /// Everything that its pointers can be.
    pub pointers: Vec<Pointer>,
}

/// A kind of pointer through which a call can go. Composer finds what such pointers can hold by where the program keeps
/// addresses, not by names: the compiler merges functions that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A `fn` pointer.
    Function,
    /// A `dyn` reference to the trait of a path, which may lack its first parts.
    Dyn(String),
}

impl Claim {
    /// Whether it speaks of calls in the source of a function.
    pub(crate) fn is_of(&self, caller: &str) -> bool {
        is_within(&plain(caller), &self.function)
    }

    /// Whether it says that they can reach a function that is held so.
    pub(crate) fn reaches(&self, holder: &Holder) -> bool {
        self.pointers.iter().any(|pointer| match (pointer, holder) {
            (Pointer::Function, Holder::Pointer) => true,
            (Pointer::Dyn(of), Holder::Method(method)) => ends_with(&plain(&method.of), of),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vtables::Method;

    #[test]
    fn a_claim_is_of_a_function_and_its_closures() {
        let claim = Claim { function: "a::B::run".into(), pointers: vec![] };
        assert!(claim.is_of("<a::B<x::Y> as runtime::Active>::run"));
        assert!(claim.is_of("<a::B<x::Y> as runtime::Active>::run::{closure#1}"));
        assert!(!claim.is_of("<a::B<x::Y>>::runs") && !claim.is_of("a::B"));
    }

    #[test]
    fn a_claim_reaches_what_its_pointers_hold() {
        let method = |of: &str| Holder::Method(Method { of: of.into(), slot: Some(0) });
        let claim = |pointer| Claim { function: "a".into(), pointers: vec![pointer] };
        assert!(claim(Pointer::Function).reaches(&Holder::Pointer));
        assert!(!claim(Pointer::Function).reaches(&method("a::Unit")));
        assert!(claim(Pointer::Dyn("Unit".into())).reaches(&method("a::Unit<u8>")));
        assert!(!claim(Pointer::Dyn("Unit".into())).reaches(&method("a::Units")));
        assert!(!claim(Pointer::Dyn("Unit".into())).reaches(&Holder::Pointer));
    }
}
