//! Each mistake that an interface's author can make, where it is found and what is said.

use interface_syntax::interfaces_in;

/// Finds the mistakes in an interface whose members stand on line 2, after four spaces.
fn mistakes(members: &str) -> Vec<String> {
    mistakes_in(&format!("#[interface(version = 1)] pub trait T {{\n    {members}\n}}\n"))
}

fn mistakes_in(source: &str) -> Vec<String> {
    let errors = interfaces_in(source).expect_err("the source has a mistake");
    errors.iter().map(|error| format!("{}:{}: {}", error.line, error.column, error.message)).collect()
}

#[test]
fn a_method_takes_mut_self() {
    let said = "every method of an interface takes `&mut self`";
    assert_eq!(mistakes("fn f(&self) -> Result<(), WireError>;"), [format!("2:10: {said}")]);
    assert_eq!(mistakes("fn f(self) -> Result<(), WireError>;"), [format!("2:10: {said}")]);
    assert_eq!(mistakes("fn f() -> Result<(), WireError>;"), [format!("2:8: {said}")]);
}

#[test]
fn a_method_returns_a_result() {
    let said = "every method of an interface returns `Result<_, WireError>`, since any peer can stop";
    assert_eq!(mistakes("fn f(&mut self);"), [format!("2:19: {said}")]);
    assert_eq!(mistakes("fn f(&mut self) -> u32;"), [format!("2:24: {said}")]);
    assert_eq!(mistakes("fn f(&mut self) -> Result<u32>;"), [format!("2:24: {said}")]);
    assert_eq!(mistakes("fn f(&mut self) -> Result<u32, Oops>;"), [format!("2:36: {said}")]);
}

#[test]
fn a_slice_states_its_maximum() {
    assert_eq!(
        mistakes("fn f(&mut self, a: &[u8]) -> Result<(), WireError>;"),
        ["2:24: a slice states its most bytes: `#[max(256)] name: &[u8]`"]
    );
    assert_eq!(
        mistakes("fn f(&mut self, #[max(0)] a: &[u8]) -> Result<(), WireError>;"),
        ["2:27: a slice has 1 to 65536 bytes"]
    );
    assert_eq!(
        mistakes("fn f(&mut self, #[max(MOST)] a: &[u8]) -> Result<(), WireError>;"),
        ["2:27: `#[max(N)]` takes a plain number, since composer reads it from the source"]
    );
    assert_eq!(
        mistakes("fn f(&mut self, #[max(4)] a: u32) -> Result<(), WireError>;"),
        ["2:21: `#[max]` goes with `&[u8]` and `&mut [u8]` only"]
    );
}

#[test]
fn an_argument_is_of_a_known_kind() {
    let said = "an argument is `u8`, `u16`, `u32`, `u64`, `i32`, `bool` or `[u8; N]`, or a slice `&[u8]` or `&mut [u8]` with `#[max(N)]`";
    for kind in ["String", "&str", "&[u32]", "&'a [u8]", "[u32; 2]", "Option<u32>", "usize"] {
        let source = format!("fn f(&mut self, a: {kind}) -> Result<(), WireError>;");
        assert_eq!(mistakes(&source), [format!("2:24: {said}")], "{kind}");
    }
    assert_eq!(
        mistakes("fn f(&mut self, (a, b): u32) -> Result<(), WireError>;"),
        ["2:21: an argument of an interface has a plain name"]
    );
    assert_eq!(
        mistakes("fn f(&mut self, from: u32) -> Result<(), WireError>;"),
        ["2:21: server methods have an argument `from` already, the client"]
    );
}

#[test]
fn a_result_is_of_a_known_kind() {
    assert_eq!(
        mistakes("fn f(&mut self) -> Result<String, WireError>;"),
        [
            "2:31: a result is `()`, `u8`, `u16`, `u32`, `u64`, `i32`, `bool` or `[u8; N]`; bytes come back through `#[max(N)] into: &mut [u8]`"
        ]
    );
}

#[test]
fn words_fit_in_the_registers() {
    assert_eq!(
        mistakes("fn f(&mut self, a: u64, b: u64, c: u64, d: u64, e: u8) -> Result<(), WireError>;"),
        ["2:8: the arguments of `f` need 9 words, and a message carries 8; pass bytes through a slice"]
    );
    assert_eq!(
        mistakes("fn f(&mut self, a: [u8; 33]) -> Result<(), WireError>;"),
        ["2:29: an array in a message has 1 to 32 bytes, as a plain number; use a slice for more"]
    );
}

#[test]
fn a_post_brings_nothing_back() {
    let said = "a `#[post]` method brings nothing back: its result is `Result<(), WireError>`";
    assert_eq!(mistakes("#[post] fn f(&mut self) -> Result<u32, WireError>;"), [format!("2:16: {said}")]);
    assert_eq!(
        mistakes("#[post] fn f(&mut self, #[max(4)] a: &mut [u8]) -> Result<(), WireError>;"),
        [format!("2:16: {said}")]
    );
}

#[test]
fn an_event_is_a_constant_without_value() {
    let said = "an event is written `#[event] const NAME: Event;`";
    assert_eq!(mistakes("const A: Event;"), [format!("2:11: {said}")]);
    assert_eq!(mistakes("#[event] const A: u32;"), [format!("2:23: {said}")]);
    assert_eq!(
        mistakes("#[event] const A: Event = Event(3);"),
        ["2:31: events are numbered by their order; write no value"]
    );
    let many: String = (0..32).map(|n| format!("#[event] const E{n}: Event; ")).collect();
    assert!(mistakes(&many)[0].ends_with("an interface has at most 31 events"));
}

#[test]
fn members_are_plain() {
    assert_eq!(mistakes("type A;"), ["2:5: an interface has methods and events only"]);
    assert_eq!(
        mistakes("async fn f(&mut self) -> Result<(), WireError>;"),
        ["2:5: a method of an interface is a plain `fn`"]
    );
    assert_eq!(
        mistakes("fn f(&mut self) -> Result<(), WireError> { Ok(()) }"),
        ["2:46: a method of an interface has no body; the provider writes it"]
    );
    assert_eq!(
        mistakes("fn wait(&mut self) -> Result<(), WireError>;"),
        ["2:8: every wire has a method `wait` already, for its events"]
    );
    assert_eq!(
        mistakes("#[cfg(test)] fn f(&mut self) -> Result<(), WireError>;"),
        ["2:5: this attribute has no meaning here: an interface is the same in every build"]
    );
    assert_eq!(
        mistakes("fn f(&mut self) -> Result<(), WireError>; fn f(&mut self) -> Result<(), WireError>;"),
        ["2:50: `f` is declared twice"]
    );
}

#[test]
fn the_trait_is_plain() {
    assert_eq!(
        mistakes_in("#[interface(version = 1)] pub trait T<A> {}"),
        ["1:38: an interface has no parameters"]
    );
    assert_eq!(
        mistakes_in("#[interface(version = 1)] pub trait T: Copy {}"),
        ["1:40: an interface has no supertraits; `runtime::Wire` is added to each"]
    );
}

#[test]
fn the_version_is_stated() {
    let said = "an interface states its version: `#[interface(version = 1)]`";
    assert_eq!(mistakes_in("#[interface(v = 1)] pub trait T {}"), [format!("1:13: {said}")]);
    assert_eq!(mistakes_in("#[interface(version = 0)] pub trait T {}"), ["1:23: a version is 1 to 65535"]);
    assert_eq!(mistakes_in("#[interface(version = 1, 2)] pub trait T {}"), [format!("1:24: {said}")]);
}

#[test]
fn all_mistakes_are_found_at_once() {
    let members =
        "fn f(&self) -> u32;\n    fn g(&mut self, a: String) -> Result<(), WireError>;\n    const A: u8;";
    let lines: Vec<String> =
        mistakes(members).iter().filter_map(|said| said.split(':').next()).map(String::from).collect();
    assert_eq!(lines, ["2", "2", "3", "4"]);
}

#[test]
fn what_is_no_rust_is_one_mistake() {
    assert_eq!(mistakes_in("pub trait {").len(), 1);
}

#[test]
fn only_interfaces_count() {
    let source = "pub trait Other { fn f(&self); }\n#[cfg(test)] mod tests { #[interface(version = 0)] trait T {} }\n\
                  mod inner { #[interface_macro::interface(version = 7)] pub trait U {} }";
    let found = interfaces_in(source).unwrap();
    assert_eq!(found.iter().map(|one| (one.name.as_str(), one.version)).collect::<Vec<_>>(), [("U", 7)]);
    assert_eq!((found[0].position.line, found[0].position.column), (3, 66));
}
