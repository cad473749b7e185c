//! Names for what generated code declares.
//!
//! A name of the spec may meet a name that the generated file has already: an instance called `signals`
//! is nobody's mistake. So each declaration asks for its name, and gets another if that is taken.

use std::collections::BTreeSet;

/// The names of one scope.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A scope in which these are taken.
    pub(crate) fn without(taken: &[&str]) -> Self {
        Self { taken: taken.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// `wanted`, or `wanted` with the lowest number from 2 that makes it new.
    pub(crate) fn declare(&mut self, wanted: &str) -> String {
        self.declare_with(wanted, "_")
    }

    /// The same for a type, whose name has no underscores.
    pub(crate) fn declare_type(&mut self, wanted: &str) -> String {
        self.declare_with(wanted, "")
    }

    fn declare_with(&mut self, wanted: &str, joint: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}{joint}{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let name = names.find(|name| !self.taken.contains(name)).expect("numbers do not end");
        self.taken.insert(name.clone());
        name
    }
}

/// A name of the spec, which may hold `-`, as Rust writes it.
pub(crate) fn snake(name: &str) -> String {
    name.replace('-', "_")
}

/// `UpperCamel` from `snake_case` or `kebab-case`.
pub(crate) fn upper_camel(name: &str) -> String {
    let words = name.split(['_', '-']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut names = Names::without(&["signals"]);
        assert_eq!(names.declare("signals"), "signals_2");
        assert_eq!(names.declare("alice"), "alice");
        assert_eq!(names.declare("alice"), "alice_2");
        assert_eq!(Names::without(&["Bits"]).declare_type("Bits"), "Bits2");
    }

    #[test]
    fn camels_have_no_underscores() {
        assert_eq!(upper_camel("uart_16550"), "Uart16550");
        assert_eq!(upper_camel("node-0"), "Node0");
        assert_eq!(snake("node-0"), "node_0");
    }
}
