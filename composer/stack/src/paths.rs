//! Names of functions and traits as their authors write them: without type arguments.

/// The path of an item by its demangled name: `<a::B<C> as d::E>::f::<G>` is `a::B::f`.
pub(crate) fn plain(name: &str) -> String {
    let Some(rest) = name.strip_prefix('<') else { return without_arguments(name) };
    let Some(end) = closing(rest) else { return name.to_owned() };
    let (inside, after) = (&rest[..end], &rest[end + 1..]);
    let of = top_level(inside, " as ").map_or(inside, |at| &inside[..at]);
    plain(of) + &without_arguments(after)
}

/// Whether a path is another's, or that of something inside it, such as a closure.
pub(crate) fn is_within(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Whether a path is another's, which may lack its first parts.
pub(crate) fn ends_with(path: &str, other: &str) -> bool {
    path.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}

/// The place of a text outside all brackets.
pub(crate) fn top_level(name: &str, text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in name.char_indices() {
        match character {
            '<' | '(' | '[' | '{' => depth += 1,
            // The arrow of a function's type closes nothing.
            '>' if name[..at].ends_with('-') => {}
            '>' | ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ if depth == 0 && name[at..].starts_with(text) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The place of the bracket that closes one which has been opened before.
fn closing(rest: &str) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, character) in rest.char_indices() {
        match character {
            '<' => depth += 1,
            '>' if rest[..at].ends_with('-') => {}
            '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn without_arguments(name: &str) -> String {
    let mut path = String::new();
    let mut rest = name;
    while let Some(start) = rest.find('<') {
        let Some(end) = closing(&rest[start + 1..]) else { break };
        path += rest[..start].trim_end_matches("::");
        rest = &rest[start + 1 + end + 1..];
    }
    path + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_traits_are_left_out() {
        for (name, path) in [
            ("core::fmt::write", "core::fmt::write"),
            ("<a::B<c::D> as e::F<g::H>>::run", "a::B::run"),
            ("<a::B<fn(u8) -> u8>>::run::<c::D>::{closure#0}", "a::B::run::{closure#0}"),
            ("a::b::<c::D, <e::F as g::H>::I>::j", "a::b::j"),
            ("core::ops::function::Fn<(u32,)>", "core::ops::function::Fn"),
            ("<<a::B as c::D>::E as f::G>::h", "a::B::E::h"),
        ] {
            assert_eq!(plain(name), path, "{name}");
        }
    }

    #[test]
    fn parts_of_paths_are_whole_words() {
        assert!(is_within("a::b", "a::b") && is_within("a::b::{closure#0}", "a::b"));
        assert!(!is_within("a::bc", "a::b") && !is_within("a", "a::b"));
        assert!(ends_with("a::b::C", "C") && ends_with("a::b::C", "a::b::C") && !ends_with("a::b::C", "::C"));
        assert!(!ends_with("a::bC", "C"));
    }
}
