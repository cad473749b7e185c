//! What ships is without mistakes, and reads as it is meant.

use std::path::{Path, PathBuf};

use composer_model::{Checkout, ConfigValue, Loaded, OnFault, System, WireKind, load};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout is there")
}

fn shipped(name: &str, platform: Option<&str>) -> Loaded {
    load(&Checkout::new(root()), &root().join("system-specs").join(name), platform)
}

fn system(loaded: Loaded) -> System {
    let lines: Vec<String> = loaded.diagnostics.iter().map(|one| one.one_line(&loaded.sources)).collect();
    assert!(lines.is_empty(), "{lines:?}");
    loaded.system.expect("a spec without errors is a system")
}

/// A text loaded as a spec.
fn text(spec: &str) -> Loaded {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("spec.ron");
    std::fs::write(&path, spec).expect("a temporary file");
    load(&Checkout::new(root()), &path, None)
}

#[test]
fn every_shipped_spec_loads_on_every_board() {
    let specs = std::fs::read_dir(root().join("system-specs")).expect("specs");
    for spec in specs {
        let name = spec.expect("specs").file_name().into_string().expect("a name");
        for platform in ["qemu", "bgp"] {
            let system = system(shipped(&name, Some(platform)));
            assert_eq!(format!("{}.ron", system.name), name);
            assert_eq!(system.board.name, platform);
        }
    }
}

#[test]
fn hello_is_what_it_says() {
    let system = system(shipped("hello.ron", None));
    let names: Vec<&str> = system.domains.iter().map(|domain| domain.name.as_str()).collect();
    assert_eq!(names, ["console", "alice", "bob"]);
    let priorities: Vec<u8> = system.domains.iter().map(|domain| domain.priority).collect();
    assert_eq!(priorities, [20, 10, 10]);
    assert_eq!(system.domains[1].on_fault, OnFault::Halt);
    assert_eq!(system.domains[0].active, None);
    assert_eq!(system.domains[1].active.map(|active| active.0), Some(1));

    let [alice, bob] = [&system.wires[0], &system.wires[1]];
    assert_eq!((alice.kind, alice.number, bob.number), (WireKind::Call, 0, 1));
    assert_eq!(system.place(alice.origin), "hello.ron:15");
    let console = &system.instances[0];
    assert_eq!(console.provides[0].clients.len(), 2);
    assert_eq!(system[console.devices[0].device].name, "uart0");
    assert_eq!(system[alice.interface].name, "Console");
    assert!(system[alice.interface].buffer >= 256);

    let value = |instance: usize, name: &str| {
        let fields = &system.instances[instance].config;
        fields.iter().find(|field| field.name == name).expect("a field of the manifest").value.clone()
    };
    assert_eq!(value(1, "greeting"), ConfigValue::Str("hello from alice".to_owned()));
    assert_eq!(value(1, "rounds"), ConfigValue::U32(3));
    assert_eq!(value(2, "rounds"), ConfigValue::U32(5));
    assert_eq!(system.components.len(), 2);
}

#[test]
fn one_word_changes_the_wiring() {
    let direct = std::fs::read_to_string(root().join("system-specs/hello-direct.ron")).expect("the spec");
    let wire = "Direct(\"console\")";
    assert_eq!(direct.matches(wire).count(), 1);
    let fused = system(text(&direct));
    let apart = system(text(&direct.replace(wire, "Call(\"console\")")));
    assert_eq!((fused.domains.len(), apart.domains.len()), (1, 2));
    assert_eq!(fused.domains[0].name, "alice");
    // The stack of the one thread is for both.
    assert_eq!(fused.domains[0].stack, apart.domains.iter().map(|domain| domain.stack).sum::<u64>());
    assert_eq!((fused.wires[0].kind, apart.wires[0].kind), (WireKind::Direct, WireKind::Call));
}

#[test]
fn a_board_without_a_uart_has_a_stand_in() {
    let system = system(shipped("hello.ron", Some("bgp")));
    let console = &system.instances[0];
    assert_eq!(
        (console.name.as_str(), system[console.component].name.as_str()),
        ("console", "mailbox-console")
    );
    let mailbox = &system[console.devices[0].device];
    assert_eq!((mailbox.name.as_str(), mailbox.at), ("mailbox", 0x7_FFFF_8000));
    assert!(system.place(console.devices[0].origin).starts_with("platform-bgp/board.ron:"));
}

#[test]
fn only_what_a_spec_names_is_read() {
    let loaded = shipped("hello.ron", None);
    let mut names: Vec<&str> = loaded.sources.files().map(|(_, file)| file.name()).collect();
    names.sort_unstable();
    let expected = [
        "components/console/component.ron",
        "components/greeter/component.ron",
        "components/interfaces/src/console.rs",
        "platform-qemu/board.ron",
        "system-specs/hello.ron",
    ];
    assert_eq!(names, expected);
}

#[test]
fn workers_are_those_whose_end_is_seen_and_final() {
    let workers = |spec: &str| -> Vec<String> {
        let system = system(text(spec));
        system.workers().into_iter().map(|worker| format!("{} {:?}", worker.name, worker.restarts)).collect()
    };
    let shipped = system(shipped("hello.ron", None)).workers();
    assert_eq!(shipped.iter().map(|worker| worker.name.as_str()).collect::<Vec<_>>(), ["alice", "bob"]);
    let spec = |alice: &str| {
        format!(
            "System(name: \"x\", platform: \"qemu\", instances: {{
                \"console\": (component: \"console\", devices: {{\"uart\": \"uart0\"}}, priority: 20),
                \"alice\": (component: \"greeter\", wires: {{\"console\": Direct(\"console\")}} {alice}),
            }})"
        )
    };
    assert_eq!(workers(&spec(", on_fault: Restart(max: 2)")), ["alice Some(2)"]);
    assert_eq!(workers(&spec(", on_fault: HaltNode")), ["alice None"]);
    let of_tests =
        |name: &str| system(load(&Checkout::new(root()), &root().join("tests/specs").join(name), None));
    assert!(of_tests("watchdog.ron").workers().is_empty(), "one that only serves may start others afresh");
    assert!(of_tests("lifecycle.ron").workers().is_empty(), "a machine waits for orders");
}
