//! All the mistakes of a text in one run, each where it is, and none that only follows from another.

/// The mistakes as `line:column CODE fix`.
fn mistakes(text: &str) -> Vec<String> {
    let (sources, parsed) = crate::parse_text(text);
    let one = |mistake: &composer_syntax::Diagnostic| {
        let span = mistake.span().expect("a place");
        let position = sources.position(span.file, span.start);
        let fix = mistake.fix.as_ref().map(|fix| format!(" {}", fix.message)).unwrap_or_default();
        format!("{}:{} {}{fix}", position.line, position.column, mistake.code)
    };
    parsed.diagnostics.iter().map(one).collect()
}

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    assert_eq!(mistakes(text), expected);
}

#[test]
fn a_forgotten_quote_is_one_mistake() {
    finds("System(\n  name: \"hello,\n  platform: \"qemu\",\n  other: \"x\",\n)", &["2:9 F0004"]);
    finds("{\"a: (b: \"c\", d: \"e\"),\n\"f\": 1}", &["1:2 F0004"]);
}

#[test]
fn a_forgotten_bracket_ends_where_the_next_entry_begins() {
    finds("{\n  \"a\": (x: 1,\n  \"b\": (x: 2),\n}", &["2:8 F0009 insert `)`"]);
    finds("{\n  \"a\": [1, 2\n  \"b\": Call(\"x\"\n}", &["2:8 F0009 insert `]`", "3:12 F0009 insert `)`"]);
    finds("(a: [1, 2), b: 3)", &["1:5 F0009 insert `]`"]);
    finds("(a: [1, (2", &["1:1 F0009 insert `)`", "1:5 F0009 insert `]`", "1:9 F0009 insert `)`"]);
}

#[test]
fn wrong_brackets_are_named() {
    finds("(a: [1, 2}, b: 3)", &["1:10 F0010 write `]`"]);
    finds("}(a: 1)]", &["1:1 F0010 remove `}`", "1:8 F0010 remove `]`"]);
}

#[test]
fn commas_and_colons() {
    finds("(a: 1 b: 2)", &["1:7 F0012 insert a comma"]);
    finds("(a: 1; b: 2)", &["1:6 F0003 write a comma"]);
    finds("(a: 1,, b: 2)", &["1:7 F0011 remove the comma"]);
    finds("(a = 1, b 2, c)", &["1:4 F0013 write a colon", "1:11 F0013 insert a colon", "1:14 F0014"]);
    finds("{\"a\" 1, \"b\"}", &["1:6 F0013 insert a colon", "1:12 F0013"]);
    finds("(size: 64 KiB)", &["1:11 F0012 write a string"]);
    finds("(name \"a\", b: 2)", &["1:7 F0013 insert a colon"]);
}

#[test]
fn fields_are_named_or_not() {
    finds("(a: 1, 2)", &["1:8 F0014"]);
    finds("(1, a: 2)", &["1:5 F0014"]);
    finds("(1, a: 2, b: 3)", &["1:5 F0014"]);
    finds("(: 1, b: 2)", &["1:2 F0011"]);
    finds("(a: 1, : 2)", &["1:8 F0011"]);
    finds("(\"a\": 1)", &["1:2 F0019 remove the quotes"]);
    finds("(\"a b\": 1)", &["1:2 F0019"]);
}

#[test]
fn missing_values() {
    finds("(a: , b: )", &["1:5 F0011", "1:10 F0011"]);
    finds("", &["1:1 F0018"]);
    finds("// nothing\n", &["2:1 F0018"]);
    finds("(a: 1) (b: 2)", &["1:8 F0015"]);
    finds("(a: @ 1, b: $)", &["1:5 F0003", "1:13 F0003"]);
    finds("Some", &["1:1 F0011"]);
    finds("Some(1, 2)", &["1:5 F0011"]);
}

#[test]
fn literals() {
    finds("['ab', '', 'a]", &["1:2 F0007 write a string", "1:8 F0007 write a string", "1:12 F0004"]);
    finds(r#"["\q", "\u{110000}", b"\u{12"]"#, &["1:3 F0006", "1:9 F0006", "1:24 F0006"]);
    finds("[12abc, 0x, 256u8, 1.2.3]", &["1:2 F0008", "1:9 F0008", "1:13 F0008", "1:20 F0008"]);
    finds("[1] /* never", &["1:5 F0005"]);
}

#[test]
fn headers() {
    finds("#![enable(implicit_sum)]\n1", &["1:11 F0017 write `implicit_some`"]);
    finds("#![enable]\n#![type]\n1", &["1:1 F0017", "2:1 F0017"]);
    finds("#![schema = \"a\"\n(a: 1)", &["1:1 F0017"]);
}

/// The text after all fixes.
fn fixed(text: &str) -> String {
    let (sources, parsed) = crate::parse_text(text);
    let (file, _) = sources.files().next().expect("one file");
    let fixes = parsed.diagnostics.iter().filter_map(|mistake| mistake.fix.as_deref());
    composer_syntax::apply(text, file, fixes).expect("fixes that fit")
}

#[test]
fn fixes_put_right() {
    for (wrong, right) in [
        ("([{1: 2", "([{1: 2}])"),
        ("(a = 1 b 2; c: [3)", "(a: 1, b: 2, c: [3])"),
        ("{\"a\": (x: 1\n\"b\": ()}", "{\"a\": (x: 1),\n\"b\": ()}"),
        ("(a: 1,, b: 'two')]", "(a: 1, b: \"two\")"),
        ("(\"a\": 64 KiB)", "(a: \"64 KiB\")"),
    ] {
        assert_eq!(fixed(wrong), right);
        assert_eq!(mistakes(right), [""; 0]);
    }
}

#[test]
fn a_file_of_another_kind_has_few_mistakes() {
    assert!(mistakes(&"@ ; ".repeat(10_000)).len() <= 101);
    assert!(mistakes(&"fn main() { }\n".repeat(10_000)).len() <= 101);
}
