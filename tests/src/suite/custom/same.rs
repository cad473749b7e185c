//! Runs that must say the same.

use std::fs;
use std::path::Path;

use super::equal;
use crate::suite::{Expect, Run, Stage, judge};

/// Runs a pair of components over a call and over a direct wire.
pub(crate) fn one_word(stage: &Stage<'_>) -> Result<(), String> {
    const SPECS: [&str; 2] = ["tests/specs/pair-call.ron", "tests/specs/pair-direct.ron"];
    const SAYS: Run = Run::of(SPECS[0])
        .until("^alice: [.:0-9]{300}$")
        .expecting(&[Expect::Says(r"^alice: hello \(3 of 3\)$"), Expect::Reports(0)]);
    let wirings = SPECS.map(|spec| wiring(&stage.checkout.root().join(spec)));
    let [call, direct] = wirings;
    let (call, direct) = (call?, direct?);
    equal("the specs but for one word", &call.replace("Call(", "Direct("), &direct)?;
    let mut said = Vec::new();
    for spec in SPECS {
        let run = Run { spec, ..SAYS };
        let outcome = stage.run("one-word", &run)?;
        let complaints = judge(&run, &outcome);
        if !complaints.is_empty() {
            return Err(format!("{spec}: {}\n{}", complaints.join("\n"), outcome.tail(20)));
        }
        let lines = outcome.text();
        said.push(lines.lines().filter(|line| line.starts_with("alice: ")).collect::<Vec<_>>().join("\n"));
    }
    equal("what alice says", &said[0], &said[1])
}

/// A spec without its comments and its name.
fn wiring(spec: &Path) -> Result<String, String> {
    let text = fs::read_to_string(spec).map_err(|error| error.to_string())?;
    let told = |line: &&str| !line.trim().starts_with("//") && !line.contains("name:");
    Ok(text.lines().filter(told).collect::<Vec<_>>().join("\n"))
}

/// Runs one image twice.
pub(crate) fn repeatable(stage: &Stage<'_>) -> Result<(), String> {
    let run = Run::of("tests/specs/kill-client.ron");
    let first = stage.run("repeatable-1", &run)?;
    let second = stage.run("repeatable-2", &run)?;
    if first.text().lines().count() < 10 {
        return Err(format!("the run says too little to compare:\n{}", first.text()));
    }
    equal("two runs", &first.text(), &second.text())
}

/// Runs one system with the kernel's fast path and without it.
pub(crate) fn two_paths(stage: &Stage<'_>) -> Result<(), String> {
    const SPECS: [&str; 2] = ["tests/specs/paths.ron", "tests/specs/paths-general.ron"];
    const SAYS: &[Expect] = &[
        Expect::Times(4, "^[a-z]+: filled$"),
        Expect::Never("failed"),
        Expect::Reports(0),
        Expect::Halts(0),
    ];
    let mut said = Vec::new();
    for (spec, name) in SPECS.into_iter().zip(["two-paths-fast", "two-paths-general"]) {
        let run = Run::of(spec).expecting(SAYS);
        let outcome = stage.run(name, &run)?;
        let complaints = judge(&run, &outcome);
        if !complaints.is_empty() {
            return Err(format!("{spec}: {}\n{}", complaints.join("\n"), outcome.tail(20)));
        }
        let text = outcome.text();
        let hashes: Vec<&str> = text.lines().filter(|line| line.contains(" hash ")).collect();
        if hashes.len() < 60 {
            return Err(format!("{spec} says too little to compare:\n{text}"));
        }
        said.push(hashes.join("\n"));
    }
    equal("the two paths", &said[0], &said[1])
}
