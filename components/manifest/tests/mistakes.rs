//! What can be wrong with a manifest, each with its place, and all in one run.

use composer_syntax::{SourceMap, apply};
use manifest::{Activity, ConfigKind, Manifest, Read};

fn read(text: &str) -> (SourceMap, Read) {
    let mut sources = SourceMap::new();
    let file = sources.add("component.ron", text);
    let read = Manifest::read(&sources, file, "greeter");
    (sources, read)
}

/// The mistakes in a manifest that is good but for `fields`.
fn mistakes(fields: &str) -> Vec<String> {
    let (sources, read) = read(&format!("(name: \"greeter\", type: \"Greeter\",\n{fields}\n)"));
    assert_eq!(read.manifest.is_none(), !read.diagnostics.is_empty());
    read.diagnostics.iter().map(|mistake| mistake.one_line(&sources)).collect()
}

const ACTIVE: &str = "threads: {\"main\": (stack: \"4 KiB\")}";

#[track_caller]
fn finds(fields: &str, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|mistake| format!("component.ron:{mistake}")).collect();
    assert_eq!(mistakes(fields), expected);
}

/// The same, in a manifest that states its thread on the line after.
#[track_caller]
fn active_finds(fields: &str, expected: &[&str]) {
    finds(&format!("{fields},\n{ACTIVE}"), expected);
}

#[test]
fn a_good_manifest_is_read_whole() {
    let (_, read) = read(
        r#"Component(
            name: "greeter",
            type: "Greeter",
            about: "Says hello.",
            requires: {"console": "Console@12"},
            config: {"rounds": U32(default: 3, max: 1000), "seed": U32, "name": Str(default: "x"), "on": Bool},
            memory: {"scratch": (size: 4096)},
            threads: {"main": (stack: "4 KiB")},
        )"#,
    );
    assert_eq!(read.diagnostics, []);
    let manifest = read.manifest.unwrap();
    assert_eq!((manifest.name.value.as_str(), manifest.type_name.value.as_str()), ("greeter", "Greeter"));
    assert_eq!(manifest.requires.get("console").unwrap().value.to_string(), "Console@12");
    assert_eq!(
        manifest.config.get("rounds").unwrap().value.kind,
        ConfigKind::U32 { default: Some(3), min: 0, max: 1000 }
    );
    assert!(!manifest.config.get("seed").unwrap().value.kind.has_default());
    assert_eq!(manifest.memory.get("scratch").unwrap().value.size.value.0, 4096);
    assert!(matches!(manifest.activity, Activity::Active { stack } if stack.value.0 == 4096));
    let ports: Vec<_> = manifest.ports().iter().map(|(name, _)| name.value.as_str()).collect();
    assert_eq!(ports, ["console", "scratch"]);
}

#[test]
fn the_same_ports_in_both_directions_are_no_clash() {
    finds("provides: {\"console\": \"Console@1\"}, requires: {\"console\": \"Console@1\"}, stack: 2048", &[]);
}

#[test]
fn only_required_ports_are_optional() {
    finds(
        "provides: {\"console\": Optional(\"Console@1\")}, requires: {\"log\": Optional(\"Log@1\")}, stack: 2048",
        &["2:32: error[F0502]: a provided port cannot be optional"],
    );
    active_finds(
        r#"requires: {"log": Optional("Log")}"#,
        &["2:28: error[F0502]: `Log` names no interface (write `Log@1`)"],
    );
}

#[test]
fn a_choice_becomes_a_type_like_a_port() {
    active_finds(
        r#"timers: {"meter": ()}, config: {"meter": Choice(default: false)}"#,
        &["2:33: error[F0503]: two ports become the type `Meter`"],
    );
}

#[test]
fn ports_that_become_one() {
    active_finds(
        r#"requires: {"uart": "Uart@1", "data_1": "Data@1"}, devices: {"uart": (compatible: "x")}, memory: {"data1": (size: 1)}"#,
        &[
            "2:61: error[F0503]: two ports become the type `Uart`",
            "2:98: error[F0503]: two ports become the type `Data1`",
        ],
    );
    finds(
        r#"provides: {"a": "A@1"}, timers: {"a_clients": ()}, stack: 1"#,
        &["2:34: error[F0503]: two ports become the type `AClients`"],
    );
}

#[test]
fn names_of_ports_and_fields() {
    active_finds(
        r#"requires: {"Console": "C@1", "type": "T@1", "a-b": "D@1"}, config: {"dataRate": U32, "1": Bool}"#,
        &[
            "2:12: error[F0109]: `Console` is no name of a port (write `console`)",
            "2:30: error[F0109]: `type` is a word of Rust and no name of a port",
            "2:45: error[F0109]: `a-b` is no name of a port (write `a_b`)",
            "2:69: error[F0109]: `dataRate` is no name of a config field (write `data_rate`)",
            "2:86: error[F0109]: `1` is no name of a config field",
        ],
    );
}

#[test]
fn names_of_components_and_types() {
    let mistakes = |text: &str| {
        let (sources, read) = read(text);
        read.diagnostics.iter().map(|mistake| mistake.one_line(&sources)).collect::<Vec<_>>()
    };
    assert_eq!(
        mistakes(r#"(name: "greater", type: "Wires", stack: 1)"#),
        [
            "component.ron:1:8: error[F0501]: the manifest names `greater`, but its directory is `greeter` (write `greeter`)",
            "component.ron:1:25: error[F0109]: the type cannot be called `Wires`",
        ]
    );
    assert_eq!(
        mistakes(r#"(name: "Greeter", type: "Greeter<P>", stack: 1)"#),
        [
            "component.ron:1:8: error[F0109]: `Greeter` is no name of a component",
            "component.ron:1:25: error[F0109]: `Greeter<P>` is no name of a type",
        ]
    );
}

#[test]
fn a_part_that_cannot_be_read_does_not_hide_the_rest() {
    let (sources, read) = read(r#"(name: "greter", about: "x", requires: {"A": "A@1"}, stack: "4 KB")"#);
    let mistakes: Vec<_> = read.diagnostics.iter().map(|mistake| mistake.one_line(&sources)).collect();
    assert_eq!(
        mistakes,
        [
            "component.ron:1:1: error[F0106]: `Component` lacks the field `type`",
            "component.ron:1:8: error[F0501]: the manifest names `greter`, but its directory is `greeter` (write `greeter`)",
            "component.ron:1:41: error[F0109]: `A` is no name of a port (write `a`)",
            "component.ron:1:61: error[F0105]: unknown unit `KB` (write `4 KiB`)",
        ]
    );
}

#[test]
fn interfaces() {
    active_finds(
        r#"requires: {"a": "Console", "b": "Console@0", "c": "console@1", "d": "Console@one", "e": 5, "f": "Console@1@2"}"#,
        &[
            "2:17: error[F0502]: `Console` names no interface (write `Console@1`)",
            "2:33: error[F0502]: `Console@0` names no interface",
            "2:51: error[F0502]: `console@1` names no interface",
            "2:69: error[F0502]: `Console@one` names no interface",
            "2:89: error[F0103]: expected a string, found an integer",
            "2:97: error[F0502]: `Console@1@2` names no interface",
        ],
    );
    finds(
        r#"provides: {"a": "A@1", "b": "A@2"}, stack: 1"#,
        &["2:29: error[F0506]: the interface `A` is provided twice"],
    );
}

#[test]
fn threads_and_stacks() {
    finds("", &["1:1: error[F0504]: the component states neither `threads` nor `stack`"]);
    finds("threads: {}", &["1:1: error[F0504]: the component states neither `threads` nor `stack`"]);
    finds("threads: 5", &["2:10: error[F0103]: expected a map, found an integer"]);
    finds("thread: {}", &["2:1: error[F0101]: `Component` has no field `thread` (write `threads`)"]);
    finds("stack: \"4 kB\"", &["2:8: error[F0105]: unknown unit `kB` (write `4 KiB`)"]);
    finds("stack: 0", &["2:8: error[F0104]: the stack has no bytes"]);
    finds(
        "threads: {\"worker\": (stack: 4096)}",
        &["2:11: error[F0504]: a component has no thread `worker` (write `main`)"],
    );
    finds(
        "threads: {\"main\": (stack: 4096), \"second\": (stack: 4096)}",
        &["2:34: error[F0504]: a component has no thread `second`"],
    );
    finds(
        "threads: {\"main\": (stack: 4096)}, stack: 2048",
        &["2:42: error[F0504]: a component with a thread states no `stack` beside it"],
    );
    active_finds(
        "provides: {\"a\": \"A@1\"}",
        &["2:12: error[F0507]: a component with a thread provides nothing"],
    );
}

#[test]
fn config_fields() {
    active_finds(
        r#"config: {"a": U32(default: 5, max: 4), "b": U32(min: 5, max: 4), "c": U16, "d": Bool(default: 1), "e": Str(max: 3), "f": U32(default: -1)}"#,
        &[
            "2:28: error[F0505]: the default 5 is out of range",
            "2:62: error[F0505]: the range holds no number",
            "2:71: error[F0107]: unknown kind of config field `U16`",
            "2:95: error[F0103]: expected `true` or `false`, found an integer",
            "2:108: error[F0101]: `Str` has no field `max`",
            "2:135: error[F0104]: the number must be from 0 to 4294967295",
        ],
    );
}

#[test]
fn ports_of_other_kinds() {
    active_finds(
        r#"devices: {"a": (), "b": "ns16550"}, memory: {"c": (size: 0)}, timers: {"d": 5}, grants: {"e": Stop, "f": Halt(1)}"#,
        &[
            "2:16: error[F0106]: `Device` lacks the field `compatible`",
            "2:25: error[F0103]: expected a struct `Device`, found a string",
            "2:58: error[F0104]: the memory has no bytes",
            "2:77: error[F0103]: expected `()`, found an integer",
            "2:95: error[F0107]: unknown grant `Stop`",
            "2:110: error[F0103]: `Halt` holds nothing (write `Halt` alone)",
        ],
    );
}

#[test]
fn kinds_of_pointers() {
    active_finds(
        r#"pointers: {"a::b": [Fn, Dyn("C")], "d": Fn, "e": [Box], "f": [Dyn], "g": [Fn("h")]}"#,
        &[
            "2:41: error[F0103]: expected a list, found `Fn`",
            "2:51: error[F0107]: unknown kind of pointer `Box`",
            "2:63: error[F0103]: `Dyn` holds exactly one value",
            "2:77: error[F0103]: `Fn` holds nothing (write `Fn` alone)",
        ],
    );
}

#[test]
fn fixes_put_right() {
    let text = "(name: \"greet\", typ: \"Greeter\", requires: {\"Console\": \"Console\"}, threads: {\"main\": (stack: \"4 k\")})";
    // A fix for what is read may bring out what is wrong with it.
    let mut fixed = text.to_owned();
    for _ in 0..3 {
        let (sources, read) = read(&fixed);
        let (file, _) = sources.files().next().unwrap();
        let fixes = read.diagnostics.iter().filter_map(|mistake| mistake.fix.as_deref());
        fixed = apply(&fixed, file, fixes).unwrap();
    }
    assert_eq!(
        fixed,
        "(name: \"greeter\", type: \"Greeter\", requires: {\"console\": \"Console@1\"}, threads: {\"main\": (stack: \"4 KiB\")})"
    );
    assert_eq!(read(&fixed).1.diagnostics, []);
}

#[test]
fn a_virtual_machine_needs_a_thread() {
    finds(
        "vm: true, stack: \"2 KiB\"",
        &["2:5: error[F0504]: a component that runs a virtual machine has a thread"],
    );
    finds(
        "vm: 1, threads: {\"main\": (stack: \"2 KiB\")}",
        &["2:5: error[F0103]: expected `true` or `false`, found an integer"],
    );
    active_finds("timers: {\"vm\": ()}, vm: true", &["2:25: error[F0503]: two ports become the type `Vm`"]);
}

#[test]
fn a_virtual_machine_is_a_port() {
    let (_, read) =
        read("(name: \"greeter\", type: \"Greeter\", vm: true, threads: {\"main\": (stack: \"8 KiB\")})");
    let derived = read.manifest.expect("a good manifest").derive();
    assert!(derived.contains("type Vm: ::runtime::vm::VirtualMachine;"), "{derived}");
    assert!(derived.contains("pub vm: P::Vm,"), "{derived}");
}
