//! Documents for the property tests.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// White space and comments, or nothing.
fn gap() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "",
        "",
        " ",
        "\n",
        "\r\n",
        "\t",
        "// line ) \"\n",
        "/* block ( /* inner */ */",
        "\u{2028}",
    ])
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u32>().prop_map(|number| format!("0x{number:x}")),
        any::<u16>().prop_map(|number| format!("-0b{number:b}")),
        any::<u16>().prop_map(|number| format!("+0o{number:o}_")),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        any::<f32>().prop_map(|number| format!("{number:?}f32")),
        any::<String>().prop_map(|text| composer_syntax::quoted(&text)),
        any::<String>().prop_map(|text| format!("r##\"{}\"##", text.replace('"', "'"))),
        any::<char>().prop_map(|letter| format!("'{}'", if letter == '\\' { 'a' } else { letter })),
        vec(any::<u8>(), 0..4).prop_map(|bytes| format!("b\"{}\"", bytes.escape_ascii())),
        select(vec![
            "true",
            "false",
            "None",
            "()",
            "( )",
            "inf",
            "-inf",
            "NaN",
            "Halt",
            "r#type",
            "r#a-b.c",
            "b'a'",
            "b'\\xff'",
            "r\"raw\"",
            "br\"raw\"",
            "br#\"a\"b\"#",
            "1_000",
            "0xEF60_0300",
            "1.",
            ".5",
            "1e3",
            "255u8",
            "-1i64",
            "1.5f64",
            "2f32",
            "3.4028236e38",
            "99999999999999999999999",
            "1..2",
            "1..=2.5",
            "..",
            "..3",
            "4..",
            "..=5",
            "inf..1",
            "'\\u{e9}'",
            "'\\''",
            "'''",
            "\"\\xE2\\x82\\xAC\"",
            "\"a\\\n   b\"",
            "_x",
            "ünlü",
            "r",
            "b",
            "br",
            "Some(1)",
            "Some ( () , )",
            "é_1",
            "b\"\\u{e9}\"",
            "bé",
            "a1",
            "-0",
            "+7",
            "0b1u8",
            "0xfi32",
            "1f32",
        ])
        .prop_map(str::to_owned),
    ]
}

fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["System", "name", "a", "r#type", "Some", "true", "inf", "_", "b", "r", "None"])
}

/// Brackets around items with commas between and, perhaps, after them.
fn bracketed(
    open: &'static str,
    close: &'static str,
    item: impl Strategy<Value = String>,
    least: usize,
) -> impl Strategy<Value = String> {
    let items = vec((gap(), item, gap()), least..4);
    (items, any::<bool>(), gap()).prop_map(move |(items, trailing, space)| {
        let comma = if trailing && !items.is_empty() { "," } else { "" };
        let items: Vec<String> =
            items.into_iter().map(|(before, item, after)| format!("{before}{item}{after}")).collect();
        format!("{open}{}{comma}{space}{close}", items.join(","))
    })
}

fn value() -> impl Strategy<Value = String> {
    literal().prop_recursive(5, 40, 4, |inner| {
        let pair = (inner.clone(), gap(), gap(), inner.clone())
            .prop_map(|(key, before, after, value)| format!("{key}{before}:{after}{value}"));
        let field = (name(), gap(), gap(), inner.clone())
            .prop_map(|(name, before, after, value)| format!("{name}{before}:{after}{value}"));
        let named = |inside| {
            (select(vec!["", "Call", "U32", "r#in", "x"]), gap(), inside)
                .prop_map(|(name, space, inside): (&str, &str, String)| format!("{name}{space}{inside}"))
        };
        prop_oneof![
            bracketed("[", "]", inner.clone(), 0),
            bracketed("{", "}", pair, 0),
            named(bracketed("(", ")", inner.clone(), 0).boxed()),
            named(bracketed("(", ")", field, 1).boxed()),
            (gap(), inner, gap()).prop_map(|(before, value, after)| format!("Some({before}{value}{after})")),
        ]
    })
}

/// Documents that are RON.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let header = select(vec![
        "",
        "",
        "#![enable(unwrap_newtypes)]",
        "#![enable(unwrap_variant_newtypes, explicit_struct_names)]",
        "#![type = \"a::B\"]",
        "# ! [ schema = r\"c\" ]",
        "#![enable(unwrap_newtypes,)]\n#![type = \"x\"]",
    ]);
    (gap(), header, gap(), value(), gap())
        .prop_map(|(a, header, b, value, c)| format!("{a}{header}{b}{value}{c}"))
}

/// Pieces that are RON's, in no order.
pub(crate) fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(vec!["(", ")", "[", "]", "{", "}", ",", ":", "=", "#![", "\"", "'", "\\", "..", "..=", "Some", "r#", "r#\"", "b\"", "br", "/*", "*/", "//", "\n", " ", "-", "+", "1", "x", ";", "@", "\u{FEFF}", "é", "\u{2010}"]).prop_map(str::to_owned),
        1 => literal(),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A document with some of its pieces removed, doubled, swapped or replaced.
pub(crate) fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<Index>(), any::<Index>(), 0..5u8, soup());
    (document(), vec(change, 1..4)).prop_map(|(text, changes)| {
        let (_, parsed) = crate::parse_text(&text);
        let mut pieces: Vec<String> =
            parsed.tokens.iter().map(|token| text[token.start..token.end].to_owned()).collect();
        for (one, other, kind, soup) in changes {
            if pieces.is_empty() {
                break;
            }
            let (one, other) = (one.index(pieces.len()), other.index(pieces.len()));
            match kind {
                0 => drop(pieces.remove(one)),
                1 => pieces.insert(one, pieces[other].clone()),
                2 => pieces.swap(one, other),
                3 => drop(pieces[one].pop()),
                _ => pieces[one] = soup.chars().take(3).collect(),
            }
        }
        pieces.concat()
    })
}
