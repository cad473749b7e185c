//! The table of arguments in `docs/reference/interfaces.md` says what the parser says.

use interface_syntax::interfaces_in;

const PAGE: &str = include_str!("../../../docs/reference/interfaces.md");

/// The cells of the table's rows, without the head.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, section) = PAGE.split_once("\n## Arguments and results\n").expect("the heading");
    let rows = section.lines().skip_while(|line| !line.starts_with('|')).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect()
}

/// The words of the arguments and of the result of a method.
fn words(arguments: &str, result: &str) -> Option<(u32, u32)> {
    let source = format!(
        "#[interface(version = 1)] pub trait T {{ fn f(&mut self, {arguments}) -> Result<{result}, WireError>; }}"
    );
    let method = interfaces_in(&source).ok()?.remove(0).methods.remove(0);
    Some((method.words_in(), method.words_out()))
}

#[test]
fn every_argument_takes_as_many_words_as_documented() {
    let rows = rows();
    assert_eq!(rows.len(), 9);
    for row in rows {
        let [kind, count, ..] = row[..] else { panic!("{row:?}") };
        let argument = match kind.split_once(' ').filter(|(attribute, _)| attribute.starts_with('#')) {
            Some((attribute, kind)) => format!("{attribute} a: {kind}"),
            None => format!("a: {kind}"),
        };
        assert_eq!(words(&argument, "()"), Some((count.parse().expect("a number"), 0)), "{kind}");
    }
}

#[test]
fn results_are_what_is_documented() {
    for row in rows() {
        let [kind, count, result, ..] = row[..] else { panic!("{row:?}") };
        let expected = (result == "yes").then(|| (0, count.parse().expect("a number")));
        assert_eq!(words("", kind), expected, "{kind}");
    }
}

#[test]
fn the_example_is_an_interface() {
    let (_, example) = PAGE.split_once("```rust\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    let lamp = &interfaces_in(example).expect("no mistakes")[0];
    assert_eq!((lamp.methods.len(), lamp.events.len(), lamp.buffer_bytes()), (3, 1, 64));
}
