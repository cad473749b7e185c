//! QEMU's command line, and the machine's process, QEMU's or a simulator's, which never outlives composer.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, RawFd};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use composer_build::progress::Silent;
use composer_build::{Built, Failure, Launch, simulator as build_simulator};
use composer_syntax::{Code, Diagnostic};

use crate::counters::Control;
use crate::death;
use crate::options::RunOptions;
use crate::simulator;

/// The arguments that start an image, without the program.
///
/// The board's come first; composer adds the console and the image. The console is QEMU's standard input
/// and output, without QEMU's own escapes and signals: composer reads the terminal itself. A second UART is
/// there, and talks to nobody.
pub(crate) fn arguments(
    machine: &str,
    memory: u64,
    board: &[String],
    image: &Path,
    options: &RunOptions,
    attached: Option<&Attached>,
) -> Vec<String> {
    let mut arguments: Vec<String> = ["-M", machine, "-m"].map(str::to_owned).to_vec();
    arguments.push(format!("{}M", memory >> 20));
    arguments.extend_from_slice(board);
    let console =
        ["-monitor", "none", "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"];
    arguments.extend(console.map(str::to_owned));
    if let Some(attached) = attached {
        arguments.push("-chardev".to_owned());
        arguments.push(format!("socket,id=debugger,fd={},server=on,wait=off", attached.socket));
    }
    let rest: &[&str] = match attached.map(|attached| attached.to) {
        None => &["-serial", "null"],
        Some(Attach::Machine) => &["-serial", "null", "-gdb", "chardev:debugger", "-S"],
        Some(Attach::SecondUart) => &["-serial", "chardev:debugger"],
    };
    arguments.extend(rest.iter().map(|&word| word.to_owned()));
    if options.icount {
        // Time then counts instructions, and a wait costs nothing: every run is the same.
        arguments.extend(["-icount", "shift=0,sleep=off"].map(str::to_owned));
    }
    if let Some(trace) = &options.trace {
        arguments.extend(["-singlestep", "-d", "in_asm,exec,nochain", "-D"].map(str::to_owned));
        arguments.push(trace.display().to_string());
    }
    arguments.push("-kernel".to_owned());
    arguments.push(image.display().to_string());
    arguments
}

/// Where a debugger's socket is plugged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attach {
    /// At QEMU itself, which then starts stopped.
    Machine,
    /// At the board's second UART.
    SecondUart,
}

/// A debugger's socket: QEMU inherits it, and takes one connection at a time from it.
#[derive(Clone, Debug)]
pub(crate) struct Attached {
    /// Where it is plugged in.
    pub(crate) to: Attach,
    /// The listening socket, which the process that starts QEMU lets it inherit.
    pub(crate) socket: RawFd,
    /// Where a simulator listens, which inherits nothing.
    pub(crate) simulator: PathBuf,
}

/// A running machine. It is killed when this is dropped, and when composer dies.
#[derive(Debug)]
pub(crate) struct Machine {
    child: Child,
    /// What is typed at the node.
    pub(crate) input: ChildStdin,
    /// What the node says.
    pub(crate) output: ChildStdout,
    /// What the machine itself says.
    pub(crate) complaints: ChildStderr,
    /// QEMU's own ear, if counters are to be read.
    pub(crate) control: Option<Control>,
}

impl Machine {
    /// Starts an image.
    ///
    /// # Errors
    ///
    /// [`Code::CannotRun`] if the board cannot run here; [`Code::MachineFailed`] if the machine does not start;
    /// [`Code::CargoFailed`] for a simulator that cannot be built.
    pub(crate) fn start(built: &Built, options: &RunOptions) -> Result<Self, Diagnostic> {
        Self::start_attached(built, options, None)
    }

    /// Starts an image, perhaps with a debugger at it.
    ///
    /// # Errors
    ///
    /// As [`Machine::start`].
    pub(crate) fn start_attached(
        built: &Built,
        options: &RunOptions,
        attached: Option<&Attached>,
    ) -> Result<Self, Diagnostic> {
        let (program, arguments) = match &built.launch {
            Launch::Qemu { program, machine, memory, arguments: board } => {
                (program.clone(), arguments(machine, *memory, board, &built.image, options, attached))
            }
            Launch::Simulator { package, memory, arguments: board } => {
                let program = build_simulator(&built.checkout, package, &mut Silent).map_err(first)?;
                let gdb = attached.map(|attached| attached.simulator.as_path());
                let arguments = simulator::arguments(*memory, board, &built.image, gdb);
                (program.display().to_string(), arguments)
            }
            Launch::Nowhere { why } => {
                return Err(Diagnostic::error(Code::CannotRun, "this image cannot run here")
                    .note(why.clone())
                    .help("build it for a board that can: `--platform qemu`"));
            }
        };
        let failed = |why: &str| {
            Diagnostic::error(Code::MachineFailed, format!("`{program}` does not start: {why}"))
                .help("`composer doctor` lists what is missing")
        };
        let mut command = Command::new(&program);
        let is_qemu = matches!(built.launch, Launch::Qemu { .. });
        let control = (is_qemu && !options.counted.is_empty()).then(Control::pair).transpose();
        // The other end lives until QEMU has it.
        let (control, inherited) = control.map_err(|error| failed(&error.to_string()))?.unzip();
        command.args(inherited.iter().flat_map(|inherited| inherited.arguments()));
        command.args(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        death::end_with_parent(&mut command);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => failed("there is no such program on the PATH"),
            _ => failed(&error.to_string()),
        })?;
        match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(input), Some(output), Some(complaints)) => {
                Ok(Self { child, input, output, complaints, control })
            }
            _ => Err(failed("its streams are closed")),
        }
    }

    /// What is typed at the node, what it says, and what QEMU says: the same streams, for somebody else.
    pub(crate) fn streams(&self) -> io::Result<(ChildStdin, ChildStdout, ChildStderr)> {
        let input = self.input.as_fd().try_clone_to_owned()?;
        let output = self.output.as_fd().try_clone_to_owned()?;
        let complaints = self.complaints.as_fd().try_clone_to_owned()?;
        Ok((input.into(), output.into(), complaints.into()))
    }

    /// Waits for QEMU's own end.
    pub(crate) fn wait(&mut self) -> Option<ExitStatus> {
        self.child.wait().ok()
    }
}

/// What is wrong first, with what cargo said.
fn first(mut failure: Failure) -> Diagnostic {
    let diagnostic = failure.diagnostics.swap_remove(0);
    match failure.output {
        Some(output) => diagnostic.note(output),
        None => diagnostic,
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // Either fails only if the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_is_ours_and_time_counts_instructions_if_asked() {
        let board = ["-nographic", "-nic", "none", "-no-reboot"].map(str::to_owned);
        let line = |options: &RunOptions| {
            arguments("bamboo", 128 << 20, &board, Path::new("/x/hello.elf"), options, None).join(" ")
        };
        assert_eq!(
            line(&RunOptions::default()),
            "-M bamboo -m 128M -nographic -nic none -no-reboot -monitor none \
             -chardev stdio,id=console,signal=off -serial chardev:console -serial null -kernel /x/hello.elf"
        );
        let counted = RunOptions { icount: true, ..RunOptions::default() };
        assert!(line(&counted).contains(" -icount shift=0,sleep=off -kernel "));
        let traced = RunOptions { trace: Some("/x/log".into()), ..RunOptions::default() };
        assert!(line(&traced).contains(" -singlestep -d in_asm,exec,nochain -D /x/log -kernel "));
    }

    #[test]
    fn a_debugger_s_socket_is_plugged_in() {
        let options = RunOptions::default();
        let line = |to| {
            let attached = Attached { to, socket: 7, simulator: PathBuf::new() };
            arguments("bamboo", 128 << 20, &[], Path::new("x"), &options, Some(&attached)).join(" ")
        };
        let socket = " -serial chardev:console -chardev socket,id=debugger,fd=7,server=on,wait=off";
        let machine = format!("{socket} -serial null -gdb chardev:debugger -S -kernel x");
        assert!(line(Attach::Machine).ends_with(&machine));
        assert!(line(Attach::SecondUart).ends_with(&format!("{socket} -serial chardev:debugger -kernel x")));
    }

    #[test]
    fn a_board_that_runs_nowhere_says_why() {
        let built = Built {
            system: "x".into(),
            board: "x".into(),
            image: "x".into(),
            kernel: "x".into(),
            domains: vec![],
            guests: vec![],
            launch: Launch::Nowhere { why: "no Blue Gene/P is left".into() },
            lowered: "x".into(),
            checkout: "x".into(),
        };
        let error = Machine::start(&built, &RunOptions::default()).expect_err("nowhere");
        assert_eq!(
            (error.code, error.notes.as_slice()),
            (Code::CannotRun, &["no Blue Gene/P is left".to_owned()][..])
        );
    }
}
