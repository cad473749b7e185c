//! The conformance guest, without and with a virtual machine below it.

use composer_machine::{End, Native, RunOptions, run_native};

use super::guest::{ended, options, payload};
use super::{equal, said};
use crate::suite::{Run, Stage};

/// The names of all cases, ` vm` behind those that QEMU's deviations leave to a virtual machine.
const LIST: &str = "docs/reference/conformance-guest.txt";

/// The guest's first line.
const GREETING: &str = "conformance guest\n";

/// Runs the guest natively: every case that QEMU can pass passes, the cases are those that the reference lists,
/// and a case with a wrong expectation says so.
pub(crate) fn conformance_guest(stage: &Stage<'_>) -> Result<(), String> {
    let listed = listed(stage)?;
    equal("the guest's cases and the reference's list", &native(stage, "list")?, &listed)?;
    let names: Vec<&str> = listed.lines().filter(|line| !line.ends_with(" vm")).collect();
    equal("the native run and the reference's list", &native(stage, "")?, &all_pass(&names))?;
    let spoiled = native(stage, "only=kernel.mfmsr spoil=kernel.mfmsr")?;
    said(&spoiled, "bad kernel.mfmsr; ")?;
    said(&spoiled, "1 cases, 1 bad")?;
    let hostile = native(stage, "seed=1 steps=20000")?;
    said(&hostile, "20000 steps done")
}

/// Runs the guest in a virtual machine: every case passes, and nothing else is said.
pub(crate) fn conformance_guest_vm(stage: &Stage<'_>) -> Result<(), String> {
    let listed = listed(stage)?;
    let names: Vec<&str> = listed.lines().map(|line| line.trim_end_matches(" vm")).collect();
    let run = Run::of("tests/specs/conformance-vm.ron").until("[0-9]+ cases, [0-9]+ bad");
    let outcome = stage.run("conformance-guest-vm", &run)?;
    let text = outcome.text();
    let (_, said) = text.split_once(GREETING).ok_or_else(|| ended(&outcome))?;
    // Behind its last line monitor and kernel say that the machine has ended.
    let is_own = |line: &&str| !line.starts_with("[fugue] ") && !line.starts_with("[vm0] ");
    let own: String = said.lines().filter(is_own).map(|line| format!("{line}\n")).collect();
    equal(
        "the run in a virtual machine and the reference's list",
        own.trim_end(),
        all_pass(&names).trim_end(),
    )
}

fn listed(stage: &Stage<'_>) -> Result<String, String> {
    let path = stage.checkout.root().join(LIST);
    std::fs::read_to_string(&path).map_err(|error| format!("{LIST}: {error}"))
}

/// What the guest says when all of these cases pass.
fn all_pass(names: &[&str]) -> String {
    let passed: String = names.iter().map(|name| format!("ok {name}\n")).collect();
    format!("{passed}{} cases, 0 bad\n", names.len())
}

/// What the guest says, behind its greeting, with these words on its command line.
fn native(stage: &Stage<'_>, words: &str) -> Result<String, String> {
    let files = payload(stage, "conformance-guest", "default")?.files;
    let native = Native {
        uimage: files.uimage.ok_or("the payload has no uImage")?,
        initrd: files.initrd,
        device_tree: files.device_tree,
        command_line: words.to_owned(),
        memory: 256 << 20,
    };
    let options: RunOptions = options(stage, "conformance-guest-native")?;
    let outcome = run_native(&native, &options, &mut std::io::sink()).map_err(|problem| problem.message)?;
    if outcome.end != End::Ended {
        return Err(ended(&outcome));
    }
    let text = outcome.text();
    let (_, behind) = text.split_once(GREETING).ok_or_else(|| ended(&outcome))?;
    Ok(behind.to_owned())
}
