//! The command line as scripts see it: exit codes, streams, hints. Nothing here compiles for the node.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout").to_path_buf()
}

fn composer_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_composer"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("composer runs")
}

fn composer(arguments: &[&str]) -> Output {
    composer_in(&checkout(), arguments)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A folder with one spec.
fn folder_with(spec: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("spec.ron");
    std::fs::write(&path, spec).expect("written");
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn a_good_spec_is_said_to_be_one() {
    for spec in ["specs/hello.ron", "hello"] {
        let output = composer(&["check", spec]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains("3 instances in 3 domains for qemu, no errors"), "{}", said(&output));
        assert_eq!(printed(&output), "");
    }
    let output =
        composer_in(&checkout().join("components/console"), &["check", "hello", "--platform", "bgp"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn all_mistakes_of_a_spec_are_told_at_once() {
    let spec =
        "System(name: \"x\", platform: \"qemu\", colour: 1, instances: {\"a\": (component: \"greter\")})";
    let (_folder, path) = folder_with(spec);
    let output = composer(&["check", &path]);
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output);
    assert!(text.contains("error[F0101]") && text.contains("error[F0108]"), "{text}");
    assert!(text.contains("greeter"), "the nearest name is missing: {text}");

    let output = composer(&["check", &path, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["schema"], 1);
    assert!(document["diagnostics"].as_array().is_some_and(|found| found.len() >= 2), "{document}");
    assert_eq!(said(&output), "");
}

#[test]
fn a_mistake_in_a_spec_costs_no_set_up_and_no_build() {
    let (_folder, path) = folder_with("System(");
    for verb in ["build", "run", "map", "lint"] {
        let output = composer(&[verb, &path, "--yes"]);
        assert_eq!(output.status.code(), Some(1), "{verb}: {}", said(&output));
        assert!(!said(&output).contains("Building"), "{verb}: {}", said(&output));
    }
}

#[test]
fn a_misspelt_spec_gets_the_nearest_one() {
    let output = composer(&["run", "specs/helo.ron", "--headless"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("did you mean `specs/hello.ron`?"), "{}", said(&output));
}

#[test]
fn an_instance_that_does_not_share_the_console_is_told_before_a_build() {
    let output = composer(&["run", "hello", "--console", "bop"]);
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output);
    assert!(text.contains("error[F0918]") && text.contains("there is alice, bob"), "{text}");
    assert!(text.contains("did you mean `--console bob`?") && !text.contains("Building"), "{text}");
    let output = composer(&["run", "hello", "--platform", "bgp", "--console", "bob"]);
    assert!(said(&output).contains("has no keys"), "{}", said(&output));
}

#[test]
fn outside_a_checkout_composer_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let output = composer_in(folder.path(), &["check", "hello"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("error[F0905]"), "{}", said(&output));
}

#[test]
fn a_wrong_command_line_is_told_by_its_own_code() {
    for arguments in [
        &["weather"][..],
        &["run", "hello", "--json", "x"],
        &["run"],
        &["run", "hello", "--timeout", "0"],
        &["run", "hello", "--expect", "x"],
    ] {
        assert_eq!(composer(arguments).status.code(), Some(2), "{arguments:?}");
    }
    let output = composer(&["run", "hello", "--headless", "--expect", "("]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("error[F0913]"), "{}", said(&output));
}

#[test]
fn codes_are_explained_and_listed() {
    let output = composer(&["explain", "f101"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(printed(&output).starts_with("# F0101: "), "{}", printed(&output));
    assert!(printed(&composer(&["explain"])).contains("F0902  tool is missing\n"));
    let output = composer(&["explain", "F9999"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("there is no code `F9999`"), "{}", said(&output));
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_built() {
    for arguments in
        [["run", "hello", "--headless", "--log", "/nowhere/x"].as_slice(), &["bench", "--json", "/nowhere/x"]]
    {
        let output = composer(arguments);
        assert_eq!(output.status.code(), Some(3));
        let text = said(&output);
        assert!(text.starts_with("error[F0909]: cannot write `/nowhere/x`"), "{text}");
    }
}

#[test]
fn the_doctor_lists_every_requirement() {
    let output = composer(&["doctor", "--json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let names: Vec<&str> = document["requirements"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|row| row["what"].as_str())
        .collect();
    assert!(
        names.contains(&"QEMU for PowerPC") && names.contains(&"compiler with library sources"),
        "{names:?}"
    );
}

#[test]
fn completions_are_printed() {
    assert!(printed(&composer(&["completions", "bash"])).contains("_composer"));
}

#[test]
fn payloads_are_listed_and_unknown_ones_get_the_nearest() {
    let output = composer(&["payload", "list"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(printed(&output).contains("linux-guest: mainline Linux"), "{}", printed(&output));
    let output = composer(&["payload", "list", "--json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let variants = document["payloads"].as_array().expect("a list").iter();
    let variants = variants.filter(|row| row["name"] == "linux-guest");
    let variants: Vec<_> = variants.filter_map(|row| row["variant"].as_str()).collect();
    assert_eq!(variants, ["default", "bench", "network", "testsuite"]);
    for verb in ["build", "path", "run-native"] {
        let output = composer(&["payload", verb, "linux-gest"]);
        assert_eq!(output.status.code(), Some(1), "{verb}: {}", said(&output));
        assert!(said(&output).contains("did you mean `linux-guest`?"), "{verb}: {}", said(&output));
    }
}

#[test]
fn a_payload_that_is_not_made_has_no_path() {
    let cache = tempfile::tempdir().expect("folder");
    let path = |cache: &Path| {
        Command::new(env!("CARGO_BIN_EXE_composer"))
            .args(["payload", "path", "linux-guest"])
            .current_dir(checkout())
            .env("XDG_CACHE_HOME", cache)
            .output()
            .expect("composer runs")
    };
    let output = path(cache.path());
    // Without the kernel's source on this machine, what is missing is that.
    assert!(matches!(output.status.code(), Some(1 | 3)), "{}", said(&output));
    assert_eq!(printed(&output), "");
    let output = composer(&["payload", "inspect", "README.md"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("error[F0916]"), "{}", said(&output));
}
