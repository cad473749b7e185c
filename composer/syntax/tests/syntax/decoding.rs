//! From values to types: every mistake is found in one run, with a fix where one is likely.

use composer_syntax::{
    Address, Decode, Diagnostic, Diagnostics, Fields, Keyed, Size, SourceMap, Spanned, Value, Variant, apply,
};

#[derive(Debug, PartialEq)]
enum Wire {
    Call(String),
    Direct(String),
    Open,
    Ring { slots: u16 },
}

impl Decode for Wire {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let variant = Variant::open(value, "wire", &["Call", "Direct", "Open", "Ring"], found)?;
        match variant.name() {
            "Call" => variant.single(found).map(Self::Call),
            "Direct" => variant.single(found).map(Self::Direct),
            "Open" => variant.unit(found).map(|()| Self::Open),
            _ => {
                let mut fields = variant.fields(found)?;
                let slots = fields.or("slots", 8);
                fields.close();
                Some(Self::Ring { slots })
            }
        }
    }
}

#[derive(Debug)]
struct Instance {
    component: Spanned<String>,
    priority: u8,
    stack: Option<Size>,
    at: Option<Address>,
    wires: Keyed<Wire>,
    flags: Vec<bool>,
    note: Option<Option<String>>,
}

impl Decode for Instance {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let mut fields = Fields::open(value, "Instance", found)?;
        let component = fields.required("component");
        let priority = fields.or("priority", 10);
        let stack = fields.optional("stack");
        let at = fields.optional("at");
        let wires = fields.map("wires");
        let flags = fields.or("flags", vec![]);
        let note = fields.optional("note");
        fields.close();
        Some(Self { component: component?, priority, stack, at, wires, flags, note })
    }
}

fn decode<T: Decode>(text: &str) -> (SourceMap, Option<T>, Vec<Diagnostic>) {
    let (sources, parsed) = crate::parse_text(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    let mut found = Diagnostics::new();
    let decoded = parsed.value.and_then(|value| T::decode(&value, &mut found));
    (sources, decoded, found.into_sorted())
}

/// The mistakes of `text` as an instance, one a line.
fn mistakes(text: &str) -> Vec<String> {
    let (sources, _, found) = decode::<Instance>(text);
    found.iter().map(|diagnostic| diagnostic.one_line(&sources)).collect()
}

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    assert_eq!(mistakes(text), expected);
}

/// `text` after all fixes, which must leave nothing to find.
#[track_caller]
fn is_fixed_to(text: &str, expected: &str) {
    let (sources, _, found) = decode::<Instance>(text);
    let (file, source) = sources.files().next().unwrap();
    let fixes: Vec<_> = found.iter().map(|diagnostic| diagnostic.fix.as_deref().expect("a fix")).collect();
    assert!(!fixes.is_empty());
    let fixed = apply(source.text(), file, fixes).unwrap();
    assert_eq!(fixed, expected);
    finds(&fixed, &[]);
}

#[test]
fn a_good_instance_is_read() {
    let text = r#"Instance(
        component: "greeter",
        priority: 0x1F,
        stack: "16 KiB",
        at: "0x0100_0000",
        wires: {"a": Call("x"), "b": Direct("y"), "c": Open, "d": Ring, "e": Ring(slots: 2), "f": Open()},
        flags: [true, false],
        note: Some("n"),
    )"#;
    let (sources, instance, found) = decode::<Instance>(text);
    assert_eq!(found, []);
    let instance = instance.unwrap();
    assert_eq!(sources.text(instance.component.span), "\"greeter\"");
    assert_eq!(
        (instance.priority, instance.stack, instance.at),
        (31, Some(Size(16384)), Some(Address(1 << 24)))
    );
    let wires: Vec<_> = instance.wires.iter().map(|wire| (wire.key.value.as_str(), &wire.value)).collect();
    assert_eq!(wires[0], ("a", &Wire::Call("x".to_owned())));
    assert_eq!(wires[1], ("b", &Wire::Direct("y".to_owned())));
    assert_eq!(wires[3], ("d", &Wire::Ring { slots: 8 }));
    assert_eq!(wires[4], ("e", &Wire::Ring { slots: 2 }));
    assert_eq!(wires[5], ("f", &Wire::Open));
    assert_eq!(instance.flags, [true, false]);
    assert_eq!(instance.note, Some(Some("n".to_owned())));
}

#[test]
fn all_mistakes_of_a_struct_in_one_run() {
    finds(
        r#"(priorty: 300, stack: "16 KB", at: "x", wires: {"a": Cal("x"), "b": Call("y", 2), "a": Open(1)}, flags: [1, true], note: 5)"#,
        &[
            "test.ron:1:1: error[F0106]: `Instance` lacks the field `component`",
            "test.ron:1:2: error[F0101]: `Instance` has no field `priorty` (write `priority`)",
            "test.ron:1:23: error[F0105]: unknown unit `KB` (write `16 KiB`)",
            "test.ron:1:36: error[F0104]: `x` holds no number",
            "test.ron:1:54: error[F0107]: unknown wire `Cal` (write `Call`)",
            "test.ron:1:69: error[F0103]: `Call` holds exactly one value",
            "test.ron:1:83: error[F0102]: key `a` is given twice",
            "test.ron:1:92: error[F0103]: `Open` holds nothing (write `Open` alone)",
            "test.ron:1:106: error[F0103]: expected `true` or `false`, found an integer",
            "test.ron:1:122: error[F0103]: expected `Some(…)` or `None`, found an integer",
        ],
    );
}

#[test]
fn a_misspelt_field_is_not_also_missing() {
    finds(
        r#"(componnent: "a")"#,
        &["test.ron:1:2: error[F0101]: `Instance` has no field `componnent` (write `component`)"],
    );
}

#[test]
fn fields_twice() {
    finds(
        r#"(component: "a", priority: 1, priority: 2)"#,
        &["test.ron:1:31: error[F0102]: field `priority` is given twice"],
    );
}

#[test]
fn another_shape() {
    finds("[1]", &["test.ron:1:1: error[F0103]: expected a struct `Instance`, found a list"]);
    finds(
        r#"System(component: "a")"#,
        &["test.ron:1:1: error[F0103]: expected a struct `Instance`, found `System` (write `Instance`)"],
    );
    finds(
        r#"(component: greeter, wires: [], priority: "5")"#,
        &[
            "test.ron:1:13: error[F0103]: expected a string, found `greeter` (quote it)",
            "test.ron:1:29: error[F0103]: expected a map, found a list",
            "test.ron:1:43: error[F0103]: expected an integer, found a string",
        ],
    );
}

#[test]
fn numbers_have_ranges() {
    finds(
        r#"(component: "a", priority: -1, stack: -1, at: "99999999999 GiB")"#,
        &[
            "test.ron:1:28: error[F0104]: the number must be from 0 to 255",
            "test.ron:1:39: error[F0104]: the number must be from 0 to 18446744073709551615",
            "test.ron:1:47: error[F0104]: the number must be from 0 to 18446744073709551615",
        ],
    );
}

#[test]
fn fixes_put_right() {
    is_fixed_to(r#"(component: "a", prioriyt: 5)"#, r#"(component: "a", priority: 5)"#);
    is_fixed_to(r#"(component: a, stack: "4 kb")"#, r#"(component: "a", stack: "4 KiB")"#);
    is_fixed_to(r#"(component: "a", wires: {x: call("y")})"#, r#"(component: "a", wires: {"x": Call("y")})"#);
    is_fixed_to(
        r#"Instanz(component: "a", wires: {"x": Open(1)})"#,
        r#"Instance(component: "a", wires: {"x": Open})"#,
    );
}

#[test]
fn names_of_unreadable_entries_are_known() {
    let (_, map, found) = decode::<Keyed<u8>>(r#"{"a": 1, "b": "x", "a": 2, c: 3}"#);
    let map = map.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!((map.len(), map.get("a").map(|entry| entry.value)), (1, Some(1)));
    assert!(map.mentions("b") && map.get("b").is_none() && !map.mentions("c"));
}

#[test]
fn broken_parts_are_not_reported_twice() {
    let (_, parsed) = crate::parse_text("(component: , priority: 12abc, wires: {\"a\": }, flags: [true, @])");
    assert_eq!(parsed.diagnostics.len(), 4);
    let mut found = Diagnostics::new();
    assert!(Instance::decode(&parsed.value.unwrap(), &mut found).is_none());
    assert_eq!(found.found(), []);
}

#[test]
fn braces_around_fields() {
    is_fixed_by_parsing_again(r#"{"component": 1}"#);
}

/// Braces for parentheses: the fix leaves fields in quotes, which is the next mistake.
#[track_caller]
fn is_fixed_by_parsing_again(text: &str) {
    let (sources, _, found) = decode::<Instance>(text);
    let (file, source) = sources.files().next().unwrap();
    let fixed = apply(source.text(), file, found[0].fix.as_deref()).unwrap();
    assert_eq!(fixed, r#"("component": 1)"#);
    assert_eq!(crate::parse_text(&fixed).1.diagnostics[0].code, composer_syntax::Code::QuotedField);
}
