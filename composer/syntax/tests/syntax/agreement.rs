//! The parser reads what the `ron` crate reads.
//!
//! Every text that `ron` accepts is accepted and means the same; what `ron` refuses is refused. There are
//! three differences: integers of up to 128 bits are read (`ron` makes floats of the decimal ones and
//! refuses the others), a byte order mark is passed over, and `Some 5`, which `ron` takes for `Some(5)`
//! under the extension `implicit_some`, is refused.

use composer_syntax::{Value, ValueKind};
use proptest::prelude::*;
use ron::value::{Map, Number};

/// What `ron` makes of our value, whose text is `source`.
fn reading(value: &Value, source: &str) -> ron::Value {
    let written = &source[value.span.start..value.span.end];
    let seq = |items: &[Value]| ron::Value::Seq(items.iter().map(|item| reading(item, source)).collect());
    match &value.kind {
        ValueKind::Bool(flag) => ron::Value::Bool(*flag),
        ValueKind::Integer(_) | ValueKind::Float(_) => ron::Value::Number(number(value, written)),
        ValueKind::Char(letter) => ron::Value::Char(*letter),
        ValueKind::Text(text) => ron::Value::String(text.clone()),
        ValueKind::Bytes(bytes) => ron::Value::Bytes(bytes.clone()),
        ValueKind::Option(inner) => {
            ron::Value::Option(inner.as_ref().map(|inner| Box::new(reading_in_some(inner, source))))
        }
        ValueKind::List(items) => seq(items),
        ValueKind::Map(pairs) => {
            let pairs = pairs.iter();
            ron::Value::Map(
                pairs.map(|pair| (reading(&pair.key, source), reading(&pair.value, source))).collect(),
            )
        }
        ValueKind::Name(_) => ron::Value::Unit,
        ValueKind::Tuple { items, .. } if items.is_empty() && written == "()" => ron::Value::Unit,
        ValueKind::Tuple { items, .. } => seq(items),
        ValueKind::Struct { fields, .. } => {
            let mut map = Map::new();
            for field in fields {
                map.insert(ron::Value::String(field.name.value.clone()), reading(&field.value, source));
            }
            ron::Value::Map(map)
        }
        ValueKind::Range { start: None, end: None, .. } => ron::Value::Unit,
        ValueKind::Range { start, end, .. } => {
            let mut map = Map::new();
            for (name, side) in [("start", start), ("end", end)] {
                if let Some(side) = side {
                    map.insert(ron::Value::String(name.to_owned()), reading(side, source));
                }
            }
            ron::Value::Map(map)
        }
        ValueKind::Broken => panic!("a broken value in a document without mistakes"),
    }
}

/// With `unwrap_variant_newtypes`, nothing in `Some(…)` is the unit.
fn reading_in_some(value: &Value, source: &str) -> ron::Value {
    match &value.kind {
        ValueKind::Tuple { items, name: None } if items.is_empty() => match reading(value, source) {
            // `Some()` and `Some( )`: the brackets are those of `Some`.
            _ if source[..value.span.start].trim_end().ends_with("Some") => ron::Value::Unit,
            other => other,
        },
        _ => reading(value, source),
    }
}

/// The smallest type that holds the number, or the one that its suffix names.
fn number(value: &Value, written: &str) -> Number {
    match &value.kind {
        ValueKind::Float(float) => {
            let single = *float as f32;
            let named_double = written.ends_with("f64");
            let named_single = written.ends_with("f32");
            let fits = float.is_nan() || float.total_cmp(&f64::from(single)).is_eq();
            if named_single || (fits && !named_double) { Number::from(single) } else { Number::from(*float) }
        }
        ValueKind::Integer(integer) => {
            let Some(number) = integer
                .signed()
                .filter(|number| (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(number))
            else {
                let float: f64 = written.replace('_', "").parse().expect("a decimal number");
                let single = float as f32;
                return if f64::from(single) == float { Number::from(single) } else { Number::from(float) };
            };
            let suffix = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"]
                .into_iter()
                .find(|suffix| written.ends_with(suffix));
            sized(number, integer.negative, suffix)
        }
        _ => panic!("no number"),
    }
}

fn sized(number: i128, negative: bool, suffix: Option<&str>) -> Number {
    macro_rules! first_fit {
        ($($name:literal $integer:ty, $sign:expr;)*) => {
            $(
                if suffix.map_or($sign == negative, |suffix| suffix == $name)
                    && let Ok(number) = <$integer>::try_from(number)
                {
                    return Number::from(number);
                }
            )*
        };
    }
    first_fit! {
        "i8" i8, true; "i16" i16, true; "i32" i32, true; "i64" i64, true;
        "u8" u8, false; "u16" u16, false; "u32" u32, false; "u64" u64, false;
    }
    panic!("{number} fits no type")
}

/// Holds our reading of `text` to `theirs`.
fn agrees(text: &str, theirs: &ron::Value) {
    let (sources, parsed) = crate::parse_text(text);
    let mistakes: Vec<String> = parsed.diagnostics.iter().map(|mistake| mistake.one_line(&sources)).collect();
    assert!(mistakes.is_empty(), "{text:?}: {mistakes:?}");
    let ours = reading(&parsed.value.expect("a value"), text);
    assert_eq!(&ours, theirs, "{text:?}");
}

proptest! {
    #![proptest_config(crate::cases(2000))]

    #[test]
    fn documents_mean_the_same(text in crate::documents::document()) {
        let theirs: ron::Value = text.parse().map_err(|error| TestCaseError::fail(format!("{text:?}: {error}")))?;
        agrees(&text, &theirs);
    }

    #[test]
    fn what_ron_accepts_is_accepted(text in crate::documents::mutated()) {
        let text = text.trim_start_matches('\u{FEFF}');
        match text.parse::<ron::Value>() {
            Ok(theirs) => agrees(text, &theirs),
            Err(error) if error.code == ron::Error::IntegerOutOfBounds => {}
            Err(error) => prop_assert!(!crate::parse_text(text).1.diagnostics.is_empty(), "{text:?}: {error}"),
        }
    }
}

#[test]
fn chosen_documents_mean_the_same() {
    for text in [
        "System(name: \"hello\", instances: {\"a\": (priority: 0x10)})",
        "#![enable(unwrap_variant_newtypes)] [Some(a: 1, b: 2), Some(1, 2), Some(), Some(()), Some(1,)]",
        "// nothing but\n/* comments */ () // and an end without a line end",
        "{1: 2, 1: 3}",
        "[true, false, None, Some(Some(1)), (), ( ), Foo, Foo(), Foo(1), Foo(a: 1)]",
    ] {
        let theirs = text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"));
        agrees(text, &theirs);
    }
}
