//! Runs a job and judges how it ended.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;

use composer_syntax::{Code, Diagnostic};

use super::command::{Action, Job};
use super::messages::{Message, read};
use crate::failure::{Blame, Failure};
use crate::progress::Progress;

/// How much of what cargo says is kept for a failure without a compiler's error.
const KEPT_LINES: usize = 60;

/// Programs by their package.
pub(crate) type Programs = BTreeMap<String, PathBuf>;

/// Runs a job; gives the programs that were linked, each of which exists.
pub(crate) fn run(job: &Job<'_>, progress: &mut dyn Progress) -> Result<Programs, Failure> {
    let mut command = job.command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| {
        let program = command.get_program().display().to_string();
        Failure::environment(Diagnostic::error(
            Code::CargoFailed,
            format!("`{program}` does not start: {error}"),
        ))
    })?;
    let heard = listen(child, progress);
    if heard.errors.is_empty() && heard.success {
        return Ok(heard.programs);
    }
    Err(heard.judge(job.action, job.workspace))
}

/// Everything that cargo said.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) programs: Programs,
    /// Errors of compilers, by the manifest of the crate.
    pub(super) errors: Vec<(PathBuf, String)>,
    pub(super) lines: Vec<String>,
    pub(super) success: bool,
}

/// One line of one of cargo's streams.
enum Line {
    Message(String),
    Status(String),
}

/// Hears a cargo out.
pub(super) fn listen(mut child: Child, progress: &mut dyn Progress) -> Heard {
    let (sender, receiver) = mpsc::channel();
    let mut heard = Heard::default();
    thread::scope(|scope| {
        if let Some(output) = child.stdout.take() {
            let sender = sender.clone();
            scope.spawn(move || forward(BufReader::new(output), &sender, Line::Message));
        }
        if let Some(output) = child.stderr.take() {
            scope.spawn(move || forward(BufReader::new(output), &sender, Line::Status));
        }
        for line in receiver {
            match line {
                Line::Message(line) => heard.message(&line),
                Line::Status(line) => heard.status(line, progress),
            }
        }
    });
    heard.success = child.wait().is_ok_and(|status| status.success());
    heard
}

fn forward(stream: impl BufRead, sender: &mpsc::Sender<Line>, kind: fn(String) -> Line) {
    for line in stream.split(b'\n').map_while(Result::ok) {
        if sender.send(kind(String::from_utf8_lossy(&line).into_owned())).is_err() {
            return;
        }
    }
}

impl Heard {
    fn message(&mut self, line: &str) {
        match read(line) {
            // Cargo's word is not enough: the file is there or it is not.
            Some(Message::Artifact { target, executable: Some(program) }) if program.is_file() => {
                self.programs.insert(target.name, program);
            }
            Some(Message::Diagnostic { manifest_path, message }) if message.level == "error" => {
                self.errors.extend(message.rendered.map(|rendered| (manifest_path, rendered)));
            }
            _ => {}
        }
    }

    fn status(&mut self, line: String, progress: &mut dyn Progress) {
        let mut words = line.split_whitespace();
        if let (Some(word @ ("Compiling" | "Checking" | "Downloading" | "Downloaded")), Some(name)) =
            (words.next(), words.next())
        {
            progress.step(word, name);
        }
        self.lines.push(line);
        if self.lines.len() > KEPT_LINES {
            self.lines.remove(0);
        }
    }

    /// Whose fault the failure is.
    fn judge(self, action: Action, workspace: &Path) -> Failure {
        let generated = |manifest: &Path| {
            manifest.strip_prefix(workspace).is_ok_and(|inside| !inside.starts_with(super::LINK))
        };
        let (ours, theirs): (Vec<_>, Vec<_>) =
            self.errors.into_iter().partition(|(manifest, _)| generated(manifest));
        let join = |errors: &[(PathBuf, String)]| {
            let all: Vec<&str> = errors.iter().map(|(_, rendered)| rendered.trim_end()).collect();
            // People know a file by its path in the checkout, not by the way through the link, nor by the
            // name that stands for the checkout in what is compiled.
            let aliases = [format!("{}/", super::LINK), format!("{}/", super::CHECKOUT)];
            aliases.iter().fold(all.join("\n\n"), |text, alias| {
                text.replace(&format!("--> {alias}"), "--> ").replace(&format!("::: {alias}"), "::: ")
            })
        };
        let what = match action {
            Action::Build => "does not compile",
            Action::Lint => "does not keep to the lints",
        };
        // A component's error comes first: what is generated may only follow from it.
        if let Some((manifest, _)) = theirs.first() {
            let folder = manifest.parent().unwrap_or(manifest);
            let folder = folder.strip_prefix(workspace.join(super::LINK)).unwrap_or(folder);
            let message = format!("`{}` {what}", folder.display());
            let diagnostic = Diagnostic::error(Code::CrateError, message).help(
                "`cargo test` in its folder shows the same error faster, if it is no matter of the target",
            );
            return Failure::new(Blame::User, diagnostic).with_output(join(&theirs));
        }
        if let Some((manifest, _)) = ours.first() {
            let folder = manifest.parent().unwrap_or(manifest).display().to_string();
            let mut failure =
                Failure::bug(Code::GeneratedError, format!("the code that composer generated {what}"));
            failure.diagnostics[0].notes.push(format!("the code lies in `{folder}`"));
            return failure.with_output(join(&ours));
        }
        let diagnostic = Diagnostic::error(Code::CargoFailed, "cargo failed before it compiled anything")
            .help("mend what it complains of above; without a network, dependencies must have been fetched before");
        Failure::environment(diagnostic).with_output(self.lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(manifests: &[&str]) -> Heard {
        let errors = manifests.iter().map(|path| (PathBuf::from(path), format!("error in {path}\n")));
        Heard { errors: errors.collect(), lines: vec!["no network".into()], ..Heard::default() }
    }

    #[test]
    fn files_have_their_paths_in_the_checkout() {
        let manifest = PathBuf::from("/w/checkout/components/greeter/Cargo.toml");
        let said =
            "--> checkout/components/greeter/src/lib.rs:1:2\n::: /fugue/target/composer/out/component.rs:3:4";
        let heard = Heard { errors: vec![(manifest, said.to_owned())], ..Heard::default() };
        let failure = heard.judge(Action::Build, Path::new("/w"));
        let shown = "--> components/greeter/src/lib.rs:1:2\n::: target/composer/out/component.rs:3:4";
        assert_eq!(failure.output.as_deref(), Some(shown));
    }

    #[test]
    fn blame_lies_with_the_crate_that_does_not_compile() {
        let judge = |manifests: &[&str]| {
            heard(manifests).judge(Action::Build, Path::new("/c/target/composer/hello-qemu"))
        };
        let own = "/c/target/composer/hello-qemu/alice/Cargo.toml";
        let component = "/c/target/composer/hello-qemu/checkout/components/greeter/Cargo.toml";
        let failure = judge(&[own, component]);
        assert_eq!(failure.blame, Blame::User);
        assert_eq!(failure.diagnostics[0].message, "`components/greeter` does not compile");
        assert_eq!(failure.output.as_deref(), Some(&*format!("error in {component}")));
        let failure = judge(&[own]);
        assert_eq!((failure.blame, failure.diagnostics[0].code), (Blame::Composer, Code::GeneratedError));
        let failure = judge(&[]);
        assert_eq!((failure.blame, failure.output.as_deref()), (Blame::Environment, Some("no network")));
    }
}
