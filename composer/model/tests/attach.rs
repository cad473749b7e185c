//! A debugger's wire, added to specs that have none.

use std::path::{Path, PathBuf};

use composer_model::{Checkout, System, load, with_debugger};
use composer_syntax::{Code, Diagnostic};

fn checkout() -> Checkout {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Checkout::new(root.canonicalize().expect("the checkout is there"))
}

fn shipped(name: &str) -> PathBuf {
    checkout().root().join("system-specs").join(name)
}

fn with(name: &str, vm: &str) -> Result<Option<String>, Diagnostic> {
    with_debugger(&checkout(), &shipped(name), None, vm)
}

/// The system of a spec that stands for a shipped one.
fn system(name: &str, text: &str) -> System {
    let checkout = checkout().with_text(shipped(name), text);
    let loaded = load(&checkout, &shipped(name), None);
    let lines: Vec<String> = loaded.diagnostics.iter().map(|one| one.one_line(&loaded.sources)).collect();
    assert!(lines.is_empty(), "{lines:?}");
    loaded.system.expect("a system")
}

#[test]
fn the_monitor_gets_a_wire_to_a_free_uart_in_the_domain_that_shares_its_page() {
    for (name, vm) in [("linux-vm.ron", "vm0"), ("two-vms.ron", "vm1")] {
        let before = std::fs::read_to_string(shipped(name)).expect("a spec");
        let text = with(name, vm).expect("a machine").expect("it had none");
        assert_eq!(text.lines().count(), before.lines().count(), "messages name the file's own lines");
        let system = system(name, &text);
        let find = |name: &str| system.instances.iter().find(|one| one.name == name).expect("an instance");
        let wired = |name: &str| find(name).requires.iter().any(|wire| system[*wire].port == "debugger");
        assert!(wired(vm));
        assert_eq!(system.instances.iter().filter(|one| wired(&one.name)).count(), 1);
        assert_eq!(find("gdb").domain, find("console").domain);
        assert_eq!(system[find("gdb").devices[0].device].name, "uart1");
        // Who has one needs no other.
        let changed = checkout().with_text(shipped(name), text);
        assert_eq!(with_debugger(&changed, &shipped(name), None, vm), Ok(None));
    }
}

#[test]
fn a_machine_that_is_not_there_is_named() {
    let error = with("linux-vm.ron", "vm").expect_err("no such machine");
    assert_eq!((error.code, error.helps), (Code::UnknownName, vec!["did you mean `vm0`?".to_owned()]));
    assert_eq!(with("hello.ron", "alice").expect_err("no machine").code, Code::UnknownName);
}

#[test]
fn without_a_free_uart_there_is_no_debugger() {
    let text = std::fs::read_to_string(shipped("linux-vm.ron")).expect("a spec");
    let second = "\"other\": (component: \"console\", devices: {\"uart\": \"uart1\"}), \"vm0\":";
    let checkout = checkout().with_text(shipped("linux-vm.ron"), text.replace("\"vm0\":", second));
    let error = with_debugger(&checkout, &shipped("linux-vm.ron"), None, "vm0").expect_err("none is left");
    assert_eq!(error.code, Code::CannotRun);
}
