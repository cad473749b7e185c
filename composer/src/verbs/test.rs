//! `composer test`.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use composer_build::Failure;
use composer_build::progress::Progress;
use composer_build::setup::Purpose;
use composer_syntax::{Code, Diagnostic};

use super::build::prepared;
use crate::arguments::Consent;
use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;

/// Which tests to run.
#[derive(Debug)]
pub(crate) struct Scope {
    /// The host tests.
    pub(crate) host: bool,
    /// The on-target suite.
    pub(crate) target: bool,
    /// Only tests whose names hold one of these words; all, if there are none.
    pub(crate) filter: Vec<String>,
}

/// How many tests did what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Runs host tests and the on-target suite. The last line says how many passed and failed.
pub(crate) fn test(consent: Consent, scope: &Scope, screen: &mut Screen) -> End {
    let root = place::checkout()?.root().to_path_buf();
    // The host tests run QEMU too, where they build twice and compare; guests and the debugger run on the node alone.
    let purposes = [Purpose::Build, Purpose::Run, Purpose::Test, Purpose::Guest, Purpose::Debug];
    prepared(consent, if scope.target { &purposes } else { &purposes[..3] }, screen)?;
    let mut total = Count::default();
    let mut success = true;
    if scope.host {
        screen.step("Testing", "on this machine (cargo test --workspace)");
        let mut arguments: Vec<String> =
            ["test", "--workspace", "--no-fail-fast"].map(str::to_owned).to_vec();
        arguments.push("--".to_owned());
        arguments.extend(scope.filter.iter().cloned());
        let (count, passed) = cargo(&root, &arguments, host_line)?;
        println!("host tests: {} passed, {} failed\n", count.passed, count.failed);
        total.add(count);
        success &= passed;
    }
    if scope.target {
        screen.step("Testing", "on the node");
        let arguments = ["run", "--quiet", "--package", "fugue-tests", "--bin", "on-target", "--"];
        let arguments: Vec<String> =
            arguments.into_iter().map(str::to_owned).chain(scope.filter.iter().cloned()).collect();
        let (count, passed) = cargo(&root, &arguments, target_line)?;
        println!("on-target tests: {} passed, {} failed\n", count.passed, count.failed);
        total.add(count);
        success &= passed;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if success && total.failed == 0 { exit::OK } else { Ok(exit::wrong()) }
}

impl Count {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs a cargo in the checkout, shows what it says and counts what `read` makes of it.
fn cargo(
    root: &Path,
    arguments: &[String],
    read: fn(&str) -> Option<Count>,
) -> Result<(Count, bool), Failure> {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let failed = |error: std::io::Error| {
        Failure::environment(Diagnostic::error(Code::CargoFailed, format!("cargo does not run: {error}")))
    };
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            match read(&line) {
                Some(read) => count.add(read),
                None => println!("{line}"),
            }
        }
    }
    Ok((count, child.wait().map_err(failed)?.success()))
}

/// Reads libtest's `test result: ok. 3 passed; 0 failed; …`.
fn host_line(line: &str) -> Option<Count> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut parts = counts.split("; ");
    let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
    Some(Count { passed, failed })
}

/// Reads the suite's last line, `3 passed, 0 failed`.
fn target_line(line: &str) -> Option<Count> {
    let (passed, failed) = line.split_once(" passed, ")?;
    Some(Count { passed: passed.parse().ok()?, failed: failed.strip_suffix(" failed")?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_counted() {
        let host = "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(host_line(host), Some(Count { passed: 12, failed: 1 }));
        assert_eq!(host_line("test a ... ok"), None);
        assert_eq!(target_line("3 passed, 2 failed"), Some(Count { passed: 3, failed: 2 }));
        assert_eq!(target_line("alice: 3 passed, 2 failed"), None);
    }
}
