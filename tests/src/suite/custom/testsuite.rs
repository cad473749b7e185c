//! Busybox' own tests, natively and in a virtual machine.

use std::time::Duration;

use composer_machine::{End, Outcome, RunOptions, pattern};

use super::equal;
use super::guest::{boot, ended, options};
use crate::suite::Stage;

/// Both runs, which compute for minutes, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(1500);

/// The command line of both runs, which `tests/specs/testsuite-vm.ron` has too. The applets left out only compute,
/// for minutes each.
const COMMAND_LINE: &str =
    r#"console=ttyS0,115200 quiet skip="bc factor md5sum sha1sum sha256sum sha3sum sha512sum""#;

/// What the guest says before it restarts.
const END: &str = "^TESTSUITE end";

/// How the lines of tests begin.
const RESULTS: [&str; 4] = ["PASS: ", "FAIL: ", "SKIPPED: ", "UNTESTED: "];

/// Fewer lines than the tests have: with less something has not run.
const LEAST: usize = 800;

/// Runs the tests both ways: their lines, sorted, are the same. Which ones fail is busybox' matter: natively they do too.
pub(crate) fn testsuite(stage: &Stage<'_>) -> Result<(), String> {
    let run = |name| -> Result<RunOptions, String> {
        let expect = Some(pattern(END).map_err(|error| error.to_string())?);
        Ok(RunOptions { icount: true, expect, timeout: Some(PATIENCE), ..options(stage, name)? })
    };
    let native = boot(stage, "testsuite", COMMAND_LINE, &run("testsuite-native")?)?;
    let built = stage.build("tests/specs/testsuite-vm.ron", None)?.built;
    let virtually = composer_machine::run(&built, &run("testsuite-vm")?, &mut std::io::sink())
        .map_err(|problem| problem.message)?;
    let [native, virtually] = [lines(&native)?, lines(&virtually)?];
    if native.len() < LEAST {
        return Err(format!("the native run has only {} lines", native.len()));
    }
    equal("busybox' tests, natively and in the machine,", &native.join("\n"), &virtually.join("\n"))
}

/// The lines of a run's tests, sorted.
fn lines(outcome: &Outcome) -> Result<Vec<String>, String> {
    if outcome.end != End::Matched {
        return Err(ended(outcome));
    }
    Ok(results(&outcome.text()))
}

fn results(console: &str) -> Vec<String> {
    let is_result = |line: &&str| RESULTS.iter().any(|start| line.starts_with(start));
    let mut all: Vec<String> =
        console.lines().filter(is_result).map(|line| line.trim_end().to_owned()).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_sorted_and_nothing_else_counts() {
        let console = "TESTSUITE start\nSKIPPED: c\r\nnoise PASS: x\nPASS: b\nFAIL: a\nTESTSUITE end\n";
        assert_eq!(results(console), ["FAIL: a", "PASS: b", "SKIPPED: c"]);
    }
}
