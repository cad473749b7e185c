//! Running the programs that make a payload.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, iter};

use crate::cache::{make, write};
use crate::error::{Error, cannot_read, cannot_write, failed};
use crate::watch::Watch;

/// How many lines of a failure are shown.
const TAIL: usize = 25;

/// More questions than a program asks.
const ANSWERS: usize = 1 << 16;

/// Where programs are found, and what they may know of their surroundings.
#[derive(Clone, Debug)]
pub struct Tools {
    path: OsString,
}

impl Tools {
    /// The programs on this machine's path.
    pub fn of_machine() -> Self {
        Self { path: env::var_os("PATH").unwrap_or_default() }
    }

    /// Programs in folders that are separated by colons, as in `PATH`.
    pub fn on(path: impl Into<OsString>) -> Self {
        Self { path: path.into() }
    }

    /// The first program of this name.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        env::split_paths(&self.path).map(|folder| folder.join(name)).find(|path| path.is_file())
    }

    /// What a short program prints; None if it is missing or fails.
    pub(crate) fn ask(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let mut command = self.command(self.find(program)?.as_os_str());
        let output = command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// A command that sees nothing of what the user has set for other builds, such as `ARCH` or `CFLAGS`.
    fn command(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        let kept = ["HOME", "TMPDIR", "http_proxy", "https_proxy", "no_proxy"];
        command.env_clear().env("PATH", &self.path).env("LC_ALL", "C");
        command.envs(kept.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command
    }
}

/// A program with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Job<'a> {
    program: &'a str,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, String)>,
    folder: &'a Path,
    answers: bool,
}

impl<'a> Job<'a> {
    /// A program, run in a folder.
    pub(crate) fn new(program: &'a str, folder: &'a Path) -> Self {
        Self { program, arguments: Vec::new(), environment: Vec::new(), folder, answers: false }
    }

    /// Adds arguments.
    #[must_use]
    pub(crate) fn args<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|one| one.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    #[must_use]
    pub(crate) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Lets empty lines wait at its input, which take the default where it asks a question.
    #[must_use]
    pub(crate) fn answering(mut self) -> Self {
        self.answers = true;
        self
    }

    fn words(&self) -> String {
        let words = self.arguments.iter().map(|one| one.to_string_lossy().into_owned());
        iter::once(self.program.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// Runs programs one after the other and keeps what they say.
pub(crate) struct Shop<'a> {
    tools: &'a Tools,
    log: PathBuf,
    watch: &'a mut dyn Watch,
}

impl<'a> Shop<'a> {
    /// Programs whose words go to a file, behind what it holds.
    pub(crate) fn new(tools: &'a Tools, log: PathBuf, watch: &'a mut dyn Watch) -> Result<Self, Error> {
        log.parent().map_or(Ok(()), make)?;
        Ok(Self { tools, log, watch })
    }

    /// Who hears of progress.
    pub(crate) fn watch(&mut self) -> &mut dyn Watch {
        self.watch
    }

    /// Runs a program to its end; `heard` gets each line that it prints.
    ///
    /// It ends when composer does, however that happens: a compiler that goes on by itself would disturb
    /// the next run.
    pub(crate) fn run(
        &mut self,
        job: &Job<'_>,
        heard: &mut dyn FnMut(&str, &mut dyn Watch),
    ) -> Result<(), Error> {
        let program = self.tools.find(job.program).ok_or_else(|| missing(job.program))?;
        let log = File::options().create(true).append(true).open(&self.log);
        let mut log = log.map_err(|error| cannot_write(&self.log, &error))?;
        let mut said = |line: &str| writeln!(log, "{line}").map_err(|error| cannot_write(&self.log, &error));
        said(&format!("$ {}", job.words()))?;
        // `setpriv` asks the system for the signal, then becomes the shell, which joins both outputs in their
        // order and becomes the program.
        let shell = ["sh", "-c", "exec \"$@\" 2>&1", "sh"].map(OsStr::new);
        let setpriv = self.tools.find("setpriv");
        let ends =
            setpriv.iter().flat_map(|setpriv| [setpriv.as_os_str(), "--pdeathsig".as_ref(), "TERM".as_ref()]);
        let start: Vec<&OsStr> = ends.chain(shell).collect();
        let spawned = self
            .tools
            .command(start[0])
            .args(&start[1..])
            .arg(&program)
            .args(&job.arguments)
            .envs(job.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(job.folder)
            .stdin(self.input(job)?)
            .stdout(Stdio::piped())
            .spawn();
        let mut child = spawned.map_err(|error| {
            Error::new(failed(format!("`{}` does not start: {error}", program.display())))
        })?;
        let mut tail: Vec<String> = Vec::new();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                said(&line)?;
                self.watch.output(&line);
                heard(&line, self.watch);
                if tail.len() == TAIL {
                    tail.remove(0);
                }
                tail.push(line);
            }
        }
        let status = child.wait().map_err(|error| Error::new(failed(error.to_string())))?;
        if status.success() {
            return Ok(());
        }
        Err(self.failure(job, &tail, &status.to_string()))
    }

    /// Runs a program whose words matter only if it fails.
    pub(crate) fn quietly(&mut self, job: &Job<'_>) -> Result<(), Error> {
        self.run(job, &mut |_, _| {})
    }

    fn input(&self, job: &Job<'_>) -> Result<Stdio, Error> {
        if !job.answers {
            return Ok(Stdio::null());
        }
        let path = self.log.with_file_name("answers");
        write(&path, &[b'\n'; ANSWERS])?;
        File::open(&path).map(Stdio::from).map_err(|error| cannot_read(&path, &error))
    }

    fn failure(&self, job: &Job<'_>, tail: &[String], status: &str) -> Error {
        let all = tail.join("\n");
        let diagnostic = failed(format!("`{}` failed ({status})", job.words()))
            .note(format!("everything that it said is in `{}`", self.log.display()));
        let help = if all.contains("No space left on device") {
            "make room on the disk and run composer again: it goes on where it stopped"
        } else if all.contains("Temporary failure resolving") || all.contains("Could not connect") {
            "a network is needed once, to fetch the source; after that none is"
        } else {
            "mend what it complains of and run composer again: what is finished stays"
        };
        Error::new(diagnostic.help(help)).with_output(all)
    }
}

/// A program that is not on the path.
fn missing(program: &str) -> Error {
    Error::new(
        failed(format!("the program `{program}` is missing"))
            .help("`composer doctor` says which package brings it"),
    )
}
