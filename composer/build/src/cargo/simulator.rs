//! The program of a package of the checkout's own workspace: the simulator of a board's machine.
//!
//! Cargo makes it when it is needed, in the profile in which composer itself is made: what tests have compiled is
//! not compiled again, and whoever never runs such a board never waits for it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use composer_syntax::{Code, Diagnostic};

use super::run::listen;
use crate::failure::Failure;
use crate::progress::Progress;

/// Makes the simulator of this package, unless it stands already, and says where.
///
/// # Errors
///
/// [`Code::CargoFailed`] if cargo does not start, or makes no program of the package's name.
pub fn simulator(checkout: &Path, package: &str, progress: &mut dyn Progress) -> Result<PathBuf, Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let failed = |why: String| {
        let message = format!("the simulator `{package}` cannot be built: {why}");
        Failure::environment(Diagnostic::error(Code::CargoFailed, message))
    };
    let child = Command::new(&cargo)
        .current_dir(checkout)
        .args(["build", "--message-format=json", "--package", package, "--bin", package])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("`{}` does not start: {error}", cargo.display())))?;
    let mut heard = listen(child, progress);
    match heard.programs.remove(package) {
        Some(program) if heard.success => Ok(program),
        _ => {
            let errors = heard.errors.into_iter().map(|(_, rendered)| rendered);
            let output: Vec<String> = errors.chain(heard.lines).collect();
            Err(failed("cargo says why above".to_owned()).with_output(output.join("\n")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_package_that_is_not_there_is_told() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let failure = simulator(here, "no-such-simulator", &mut Silent).expect_err("there is none");
        assert_eq!(failure.diagnostics[0].code, Code::CargoFailed);
        assert!(failure.output.is_some_and(|output| output.contains("no-such-simulator")));
    }
}
