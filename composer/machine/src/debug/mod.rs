//! A debugger at a running image: at the whole node through QEMU, or at a guest through its monitor.
//!
//! ```text
//!   terminal ─── gdb ── socket ── QEMU ── UART 0 ── composer ── terminal, or a file
//!                                  └───── UART 1 ── the stub in a guest's monitor
//! ```
//!
//! gdb keeps the terminal and its Ctrl-C. The socket listens before either end starts, so neither waits for the other.
//! When gdb ends, the machine ends with it.

mod console;
mod script;
mod socket;

use std::io;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use composer_build::{Built, Launch};
use composer_syntax::{Code, Diagnostic};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;

use crate::death;
use crate::options::RunOptions;
use crate::qemu::{Attach, Attached, Machine};
use crate::signals::Signals;
use crate::simulator::wait_until_it_listens;
use console::Relay;
use socket::Meeting;

/// What gdb looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The whole node, stopped before its first instruction.
    Node,
    /// A guest, stopped before its first instruction, through the stub that its monitor has on UART 1.
    Guest {
        /// Its number on the node.
        number: u32,
        /// Its kernel with symbols, if there is one: an ELF file.
        symbols: Option<PathBuf>,
    },
}

/// How a debugger is started.
#[derive(Clone, Debug)]
pub struct DebugOptions {
    /// What it looks at.
    pub subject: Subject,
    /// Further arguments of gdb, after those that attach it.
    pub arguments: Vec<String>,
    /// Where the node's console goes in place of the terminal: a file. What is typed at it goes to the node if it is a
    /// terminal.
    pub console: Option<PathBuf>,
    /// Let time count instructions.
    pub icount: bool,
    /// End gdb after this time of the wall clock.
    pub timeout: Option<Duration>,
}

/// The debugger's program.
const GDB: &str = "gdb-multiarch";

/// Starts an image and a debugger at it, and returns how the debugger ended.
///
/// # Errors
///
/// [`Code::CannotRun`] for a board that runs nowhere; [`Code::MachineFailed`] when QEMU or gdb does not start, or the
/// guest's monitor never waits for a debugger; [`Code::CannotWrite`] for a console that cannot be opened.
pub fn debug(built: &Built, options: &DebugOptions) -> Result<ExitStatus, Diagnostic> {
    let failed = |error: io::Error| {
        Diagnostic::error(Code::MachineFailed, format!("the debugger cannot be attached: {error}"))
    };
    let meeting = Meeting::new().map_err(failed)?;
    let attached = Attached {
        to: match options.subject {
            Subject::Node => Attach::Machine,
            Subject::Guest { .. } => Attach::SecondUart,
        },
        socket: meeting.descriptor(),
        simulator: meeting.simulator(),
    };
    let run = RunOptions { icount: options.icount, ..RunOptions::default() };
    let mut signals = Signals::take_with(Some(Signal::SIGCHLD)).map_err(failed)?;
    let mut machine =
        meeting.inherited(|| Machine::start_attached(built, &run, Some(&attached))).map_err(failed)??;
    let simulated = matches!(built.launch, Launch::Simulator { .. });
    if simulated {
        wait_until_it_listens(&mut machine.complaints).map_err(failed)?;
    }
    let (relay, said) = Relay::start(built, &machine, options.console.as_deref())?;
    match &options.subject {
        Subject::Node => drop(said),
        Subject::Guest { number, .. } => said.wait_for(&script::announcement(*number), &mut signals)?,
    }
    let socket = if simulated { &attached.simulator } else { meeting.path() };
    let script = script::script(built, &options.subject, socket);
    let file = meeting.write("init.gdb", &script).map_err(failed)?;
    let mut command = Command::new(GDB);
    command.args(["-quiet", "-x"]).arg(file).args(&options.arguments);
    death::end_with_parent_in_its_group(&mut command);
    let gdb = command.spawn().map_err(|error| {
        Diagnostic::error(Code::MachineFailed, format!("`{GDB}` does not start: {error}"))
            .help("`composer doctor` lists what is missing")
    })?;
    let status = wait(gdb, &mut signals, options.timeout).map_err(failed)?;
    drop(machine);
    relay.finish();
    Ok(status)
}

/// Waits for gdb. The terminal's keys are its own: a Ctrl-C stops what it debugs. Any other signal that asks composer to
/// end ends gdb, and so does the end of its time.
fn wait(mut gdb: Child, signals: &mut Signals, timeout: Option<Duration>) -> io::Result<ExitStatus> {
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let keys = [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGCHLD].map(|signal| signal as i32);
    loop {
        if let Some(status) = gdb.try_wait()? {
            return Ok(status);
        }
        // Where other threads run, as in a test, its end may pass this one by: it looks now and then.
        match poll(&mut [PollFd::new(signals.as_fd(), PollFlags::POLLIN)], PollTimeout::from(1000_u16)) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let is_late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_late || signals.read().is_some_and(|number| !keys.contains(&number)) {
            gdb.kill()?;
        }
    }
}
