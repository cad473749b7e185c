//! Debian's package manager.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use composer_syntax::{Code, Diagnostic};

use crate::host::Host;
use crate::progress::Progress;

/// Package lists older than this are fetched anew: the files that they name are gone from mirrors.
const OLDEST_LISTS: Duration = Duration::from_secs(24 * 60 * 60);

/// How a program ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Whether its exit code was 0.
    pub success: bool,
    /// Its last lines, standard error among them.
    pub tail: Vec<String>,
}

/// Runs programs. Tests put a script of answers in its place.
pub trait Runner {
    /// Runs a command to its end, handing each line that it prints to `line`.
    fn run(&mut self, command: &[String], line: &mut dyn FnMut(&str)) -> Ran;
}

/// Runs programs of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Runner for System {
    fn run(&mut self, command: &[String], line: &mut dyn FnMut(&str)) -> Ran {
        // One stream for both outputs, so that the tail shows them in order.
        let started = Command::new("sh")
            .args(["-c", "exec \"$@\" 2>&1", "sh"])
            .args(command)
            .stdin(Stdio::inherit())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) => return Ran { success: false, tail: vec![error.to_string()] },
        };
        let mut tail = Vec::new();
        if let Some(output) = child.stdout.take() {
            for said in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let said = String::from_utf8_lossy(&said).trim_end().to_owned();
                line(&said);
                tail.push(said);
                if tail.len() > 12 {
                    tail.remove(0);
                }
            }
        }
        Ran { success: child.wait().is_ok_and(|status| status.success()), tail }
    }
}

/// Debian's package manager, as this machine's user may call it.
#[derive(Debug)]
pub struct Apt<'a> {
    host: &'a Host,
    sudo: bool,
}

impl<'a> Apt<'a> {
    /// The package manager.
    ///
    /// # Errors
    ///
    /// [`Code::ToolMissing`], with the commands to run, where there is no `apt-get` or no right to use it.
    pub fn new(host: &'a Host, packages: &[&str]) -> Result<Self, Diagnostic> {
        if host.root {
            return Ok(Self { host, sudo: false });
        }
        if host.program("sudo").is_some() {
            return Ok(Self { host, sudo: true });
        }
        Err(Diagnostic::error(Code::ToolMissing, "installing packages takes the rights of root")
            .note("composer is not run by root, and there is no `sudo`")
            .help(format!(
                "as root, run `apt-get update && apt-get install --no-install-recommends {}`",
                packages.join(" ")
            )))
    }

    /// Installs packages, after fetching package lists where they are absent or old.
    ///
    /// # Errors
    ///
    /// [`Code::InstallFailed`], with the last lines of `apt-get`.
    pub fn install(
        &self,
        packages: &[&str],
        runner: &mut dyn Runner,
        progress: &mut dyn Progress,
    ) -> Result<(), Diagnostic> {
        let mut fresh = false;
        if self.lists_are_old() {
            self.update(runner, progress)?;
            fresh = true;
        }
        progress.step("Installing", &packages.join(", "));
        let mut ran = self.try_install(packages, runner, progress);
        if !ran.success && !fresh {
            // Lists of the morning can name files that a mirror has replaced since.
            self.update(runner, progress)?;
            ran = self.try_install(packages, runner, progress);
        }
        if ran.success {
            return Ok(());
        }
        Err(failed(&self.command(&install_arguments(packages)), &ran))
    }

    fn try_install(&self, packages: &[&str], runner: &mut dyn Runner, progress: &mut dyn Progress) -> Ran {
        runner.run(&self.command(&install_arguments(packages)), &mut |line| {
            if let Some(name) = line.strip_prefix("Setting up ") {
                progress.step("Set up", name.trim_end_matches(" ..."));
            }
        })
    }

    fn update(&self, runner: &mut dyn Runner, progress: &mut dyn Progress) -> Result<(), Diagnostic> {
        progress.step("Fetching", "package lists (apt-get update)");
        let command = self.command(&["-q".to_owned(), "update".to_owned()]);
        let ran = runner.run(&command, &mut |_| {});
        if ran.success { Ok(()) } else { Err(failed(&command, &ran)) }
    }

    fn command(&self, arguments: &[String]) -> Vec<String> {
        let mut command: Vec<String> = Vec::new();
        if self.sudo {
            command.push("sudo".to_owned());
        }
        // `env` and not our own environment: sudo drops variables.
        command.extend(["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get"].map(str::to_owned));
        command.extend_from_slice(arguments);
        command
    }

    fn lists_are_old(&self) -> bool {
        let newest = self.host.package_lists.as_deref().and_then(newest_list);
        newest.is_none_or(|time| time.elapsed().is_ok_and(|age| age > OLDEST_LISTS))
    }
}

/// `--no-remove`: what a user has installed is never taken away, even where packages exclude each other.
fn install_arguments(packages: &[&str]) -> Vec<String> {
    let fixed =
        ["-q", "-y", "-o", "DPkg::Lock::Timeout=300", "--no-remove", "--no-install-recommends", "install"];
    fixed.iter().chain(packages).map(|&word| word.to_owned()).collect()
}

/// When the newest list of packages was written.
fn newest_list(folder: &Path) -> Option<SystemTime> {
    folder
        .read_dir()
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().contains("_Packages"))
        .filter_map(|entry| {
            // apt gives a list the date of its making; when it came here is the date of the inode.
            use std::os::unix::fs::MetadataExt;
            let seconds = u64::try_from(entry.metadata().ok()?.ctime()).ok()?;
            Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        })
        .max()
}

fn failed(command: &[String], ran: &Ran) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(Code::InstallFailed, format!("`{}` failed", command.join(" ")));
    for line in ran.tail.iter().filter(|line| !line.is_empty()) {
        diagnostic = diagnostic.note(line.clone());
    }
    diagnostic.help("mend what it complains of and run composer again, or install the packages by hand")
}
