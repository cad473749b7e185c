//! Installing what a verb lacks.

use composer_syntax::{Code, Diagnostic};

use super::{Apt, Finding, Purpose, Runner, examine};
use crate::host::Host;
use crate::progress::Progress;

/// Whether composer may install packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Ask once.
    Ask,
    /// Go ahead: `--yes`, or nobody is there to be asked.
    Given,
}

/// Makes sure that everything with one of these purposes is there, by installing what is not.
///
/// # Errors
///
/// [`Code::ToolMissing`] when something is missing and cannot or may not be installed, or is missing
/// still; [`Code::InstallFailed`] when `apt-get` fails.
pub fn prepare(
    host: &Host,
    purposes: &[Purpose],
    consent: Consent,
    runner: &mut dyn Runner,
    progress: &mut dyn Progress,
) -> Result<(), Diagnostic> {
    let missing: Vec<Finding> =
        examine(host, purposes).into_iter().filter(|finding| finding.found.is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !host.has_apt() {
        return Err(lacking(&missing));
    }
    let packages = packages_of(&missing);
    let apt = Apt::new(host, &packages)?;
    for finding in &missing {
        progress.step("Missing", &format!("{}: {}", finding.requirement.what, finding.requirement.why));
    }
    let question = format!("Install {} with apt-get?", packages.join(", "));
    if consent == Consent::Ask && !progress.confirm(&question) {
        return Err(lacking(&missing).note("the installation was declined"));
    }
    apt.install(&packages, runner, progress)?;
    // A successful exit says little about what is on the path now.
    let still: Vec<Finding> =
        examine(host, purposes).into_iter().filter(|finding| finding.found.is_none()).collect();
    if still.is_empty() {
        return Ok(());
    }
    Err(lacking(&still).note(
        "apt-get reports success, yet they are absent or too old; Debian 12 has new ones in its security \
         archive, so `bookworm-security` must be among apt's sources",
    ))
}

fn packages_of(missing: &[Finding]) -> Vec<&'static str> {
    let mut packages: Vec<&str> = Vec::new();
    for package in missing.iter().flat_map(|finding| finding.requirement.packages) {
        if !packages.contains(package) {
            packages.push(package);
        }
    }
    packages
}

fn lacking(missing: &[Finding]) -> Diagnostic {
    let names: Vec<&str> = missing.iter().map(|finding| finding.requirement.what).collect();
    let mut diagnostic = Diagnostic::error(Code::ToolMissing, format!("missing: {}", names.join(", ")));
    for Finding { requirement, .. } in missing {
        let bound = requirement.bound().map(|bound| format!(" ({bound})")).unwrap_or_default();
        diagnostic =
            diagnostic.note(format!("{}{bound}: {}", requirement.what, requirement.why)).help(format!(
                "{}; on Debian `apt-get install {}`",
                requirement.elsewhere,
                requirement.packages.join(" ")
            ));
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Ran;
    use super::*;
    use crate::progress::Silent;
    use crate::testing::{self, alone};

    /// Answers yes or no, and remembers the question.
    struct Answers(bool, Vec<String>);

    impl Progress for Answers {
        fn step(&mut self, _: &str, _: &str) {}

        fn confirm(&mut self, question: &str) -> bool {
            self.1.push(question.to_owned());
            self.0
        }
    }

    /// Pretends to be apt-get: `install` lays a QEMU into the folder on the path.
    struct Pretend<'a> {
        folder: &'a Path,
        commands: Vec<String>,
        lays: bool,
    }

    impl Runner for Pretend<'_> {
        fn run(&mut self, command: &[String], _: &mut dyn FnMut(&str)) -> Ran {
            self.commands.push(command.join(" "));
            if self.lays && command.contains(&"install".to_owned()) {
                program(&self.folder.join("qemu-system-ppc"));
            }
            Ran { success: true, tail: vec![] }
        }
    }

    fn program(path: &Path) {
        testing::program(path, "version 1");
    }

    fn host(folder: &Path, root: bool) -> Host {
        program(&folder.join("apt-get"));
        let none = folder.join("none");
        Host {
            path: vec![folder.to_path_buf()],
            rustup: none.clone(),
            prefix: none,
            cargo: None,
            active_toolchain: None,
            package_lists: Some(folder.to_path_buf()),
            root,
        }
    }

    #[test]
    fn what_is_missing_is_asked_for_once_and_installed() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("folder");
        let host = host(folder.path(), true);
        let mut apt = Pretend { folder: folder.path(), commands: vec![], lays: true };
        let mut answers = Answers(true, vec![]);
        prepare(&host, &[Purpose::Run], Consent::Ask, &mut apt, &mut answers).expect("installed");
        assert_eq!(answers.1, ["Install qemu-system-ppc with apt-get?"]);
        assert_eq!(apt.commands.len(), 2, "{:?}", apt.commands);
        assert!(apt.commands[0].ends_with("apt-get -q update"));
        assert!(apt.commands[1].ends_with("--no-install-recommends install qemu-system-ppc"));
        prepare(&host, &[Purpose::Run], Consent::Ask, &mut apt, &mut answers).expect("there");
        assert_eq!((answers.1.len(), apt.commands.len()), (1, 2), "nothing is done twice");
    }

    #[test]
    fn a_no_installs_nothing_and_names_the_cure() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("folder");
        let host = host(folder.path(), true);
        let mut apt = Pretend { folder: folder.path(), commands: vec![], lays: true };
        let error = prepare(&host, &[Purpose::Run], Consent::Ask, &mut apt, &mut Answers(false, vec![]))
            .expect_err("declined");
        assert_eq!(error.code, Code::ToolMissing);
        assert!(error.helps[0].contains("apt-get install qemu-system-ppc"), "{error:?}");
        assert!(apt.commands.is_empty());
    }

    #[test]
    fn an_exit_code_of_success_is_not_believed() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("folder");
        let host = host(folder.path(), true);
        let mut apt = Pretend { folder: folder.path(), commands: vec![], lays: false };
        let error = prepare(&host, &[Purpose::Run], Consent::Given, &mut apt, &mut Silent)
            .expect_err("still missing");
        assert!(error.notes.iter().any(|note| note.contains("reports success")), "{error:?}");
    }

    #[test]
    fn without_root_and_sudo_the_command_is_told() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("folder");
        let host = host(folder.path(), false);
        let mut apt = Pretend { folder: folder.path(), commands: vec![], lays: true };
        let error =
            prepare(&host, &[Purpose::Run], Consent::Given, &mut apt, &mut Silent).expect_err("no right");
        assert!(error.helps[0].contains("as root, run `apt-get update"), "{error:?}");
        program(&folder.path().join("sudo"));
        prepare(&host, &[Purpose::Run], Consent::Given, &mut apt, &mut Silent).expect("by sudo");
        assert!(apt.commands[1].starts_with("sudo env DEBIAN_FRONTEND=noninteractive"));
    }

    #[test]
    fn another_distribution_is_told_what_to_install() {
        let _alone = alone();
        let folder = tempfile::tempdir().expect("folder");
        let mut host = host(folder.path(), true);
        host.package_lists = None;
        let mut apt = Pretend { folder: folder.path(), commands: vec![], lays: true };
        let error =
            prepare(&host, &[Purpose::Run], Consent::Given, &mut apt, &mut Silent).expect_err("no apt-get");
        assert!(error.helps[0].contains("install QEMU 7.2 or newer"), "{error:?}");
    }
}
