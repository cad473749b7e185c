//! Which names may become Rust crates, modules and variables.

/// The longest name: reports and the boot banner print it on a line with others.
pub(crate) const LONGEST: usize = 40;

/// Why a name cannot stand in generated Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is there.
    Empty,
    /// Longer than [`LONGEST`].
    Long,
    /// Does not begin with a lower-case letter.
    Start,
    /// This character is neither a lower-case letter, nor a digit, `_` or `-`.
    Character(char),
    /// A separator stands at the end, or two stand together.
    Separator,
    /// A word that Rust keeps for itself.
    Reserved,
}

/// Why `name` is not allowed, if it is not.
pub(crate) fn fault(name: &str) -> Option<Fault> {
    let allowed =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || is_separator(letter);
    let doubled =
        || name.as_bytes().windows(2).any(|pair| pair.iter().all(|&byte| is_separator(byte.into())));
    match name.chars().next() {
        None => Some(Fault::Empty),
        Some(_) if name.len() > LONGEST => Some(Fault::Long),
        Some(first) if !first.is_ascii_lowercase() && allowed(first.to_ascii_lowercase()) => {
            Some(Fault::Start)
        }
        Some(_) => match name.chars().find(|&letter| !allowed(letter)) {
            Some(letter) => Some(Fault::Character(letter)),
            None if name.ends_with(is_separator) || doubled() => Some(Fault::Separator),
            None => manifest::is_keyword(name).then_some(Fault::Reserved),
        },
    }
}

/// The nearest name that is allowed, if one is near: the same words in lower case, joined by `-`.
pub(crate) fn repaired(name: &str) -> Option<String> {
    let mut repaired = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            repaired.push(letter.to_ascii_lowercase());
        } else if !repaired.is_empty() && !repaired.ends_with('-') {
            repaired.push(if letter == '_' { '_' } else { '-' });
        }
    }
    let repaired = repaired.trim_end_matches(is_separator).replace("_-", "-");
    (fault(&repaired).is_none() && name.len() <= LONGEST).then_some(repaired)
}

/// The name as Rust writes it.
pub(crate) fn identifier(name: &str) -> String {
    name.replace('-', "_")
}

fn is_separator(letter: char) -> bool {
    letter == '-' || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_rust_takes_are_allowed() {
        for name in ["a", "alice", "node-0", "torus_net2", "vm0"] {
            assert_eq!(fault(name), None, "{name}");
        }
    }

    #[test]
    fn each_fault_is_told() {
        let cases = [
            ("", Fault::Empty),
            ("Alice", Fault::Start),
            ("0node", Fault::Start),
            ("-a", Fault::Start),
            ("al ice", Fault::Character(' ')),
            ("éa", Fault::Character('é')),
            ("alicE", Fault::Character('E')),
            ("a-", Fault::Separator),
            ("a-_b", Fault::Separator),
            ("loop", Fault::Reserved),
        ];
        for (name, expected) in cases {
            assert_eq!(fault(name), Some(expected), "{name}");
        }
        assert_eq!(fault(&"a".repeat(LONGEST + 1)), Some(Fault::Long));
    }

    #[test]
    fn repairs_are_allowed_names() {
        assert_eq!(repaired("Alice"), Some("alice".to_owned()));
        assert_eq!(repaired("Node 0 (left)"), Some("node-0-left".to_owned()));
        assert_eq!(repaired("a_-b"), Some("a-b".to_owned()));
        assert_eq!(repaired("loop"), None);
        assert_eq!(repaired("日本"), None);
    }
}
