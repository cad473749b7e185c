//! The node's console while gdb has the terminal.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{ChildStderr, ChildStdin, ChildStdout};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use composer_build::Built;
use composer_syntax::{Code, Diagnostic};
use regex::bytes::Regex;

use crate::qemu::Machine;
use crate::report::{Event, Parser};
use crate::signals::Signals;
use crate::symbols::Symboliser;
use crate::transcript::Transcript;

/// How often whoever waits for the node looks whether a signal asks it to end.
const GLANCE: Duration = Duration::from_millis(100);

/// Copies what the node says to where it shall go, until the machine ends.
#[derive(Debug)]
pub(super) struct Relay {
    output: JoinHandle<()>,
    complaints: JoinHandle<()>,
    /// The other end of the node's input: QEMU would take its end for that of the console.
    _input: ChildStdin,
}

/// What the node says, while somebody waits for a word of it.
#[derive(Debug)]
pub(super) struct Said(Receiver<Vec<u8>>);

impl Relay {
    /// Starts to copy: to a file, or to this process's output, with names below the reports of what was `built`. If the
    /// file is a terminal, what is typed there goes to the node.
    pub(super) fn start(
        built: &Built,
        machine: &Machine,
        console: Option<&Path>,
    ) -> Result<(Self, Said), Diagnostic> {
        let failed =
            |error: io::Error| Diagnostic::error(Code::MachineFailed, format!("no console: {error}"));
        let (input, output, complaints) = machine.streams().map_err(failed)?;
        let (tell, said) = mpsc::channel();
        let screen: Box<dyn Write + Send> = match console {
            None => Box::new(io::stdout()),
            Some(path) => Box::new(open(path, machine.streams().map_err(failed)?.0)?),
        };
        let built = built.clone();
        let relay = Self {
            output: thread::spawn(move || copy(&built, output, screen, &tell)),
            complaints: thread::spawn(move || show(complaints)),
            _input: input,
        };
        Ok((relay, Said(said)))
    }

    /// Waits for the last words of a machine that has ended.
    pub(super) fn finish(self) {
        // A panic of theirs has been shown.
        let _ = self.output.join();
        let _ = self.complaints.join();
    }
}

impl Said {
    /// Waits until the node has said something that matches.
    pub(super) fn wait_for(self, what: &Regex, signals: &mut Signals) -> Result<(), Diagnostic> {
        let mut transcript = Transcript::default();
        loop {
            match self.0.recv_timeout(GLANCE) {
                Ok(bytes) => transcript.push(&bytes),
                Err(RecvTimeoutError::Timeout) if signals.read().is_none() => continue,
                Err(_) => break,
            }
            if transcript.find(what) {
                return Ok(());
            }
            transcript.done();
        }
        Err(Diagnostic::error(Code::MachineFailed, "the run ended before its guest waited for a debugger"))
    }
}

/// Opens the console's file, and has its keys sent to the node if it has any.
fn open(path: &Path, mut node: ChildStdin) -> Result<File, Diagnostic> {
    let cannot = |error: io::Error| {
        Diagnostic::error(Code::CannotWrite, format!("cannot write `{}`: {error}", path.display()))
    };
    let is_terminal = OpenOptions::new().write(true).open(path).is_ok_and(|file| file.is_terminal());
    if !is_terminal {
        return File::create(path).map_err(cannot);
    }
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(cannot)?;
    let mut keys = file.try_clone().map_err(cannot)?;
    // It ends with the process: nothing can interrupt a read from a terminal.
    thread::spawn(move || io::copy(&mut keys, &mut node));
    Ok(file)
}

/// Copies until the machine is gone, and tells what went by. Who no longer listens misses nothing.
fn copy(built: &Built, mut output: ChildStdout, mut screen: Box<dyn Write + Send>, tell: &Sender<Vec<u8>>) {
    let mut names = Names { parser: Parser::new(), symbols: Symboliser::new(built) };
    let mut buffer = [0; 4 << 10];
    let mut is_shown = true;
    while let Ok(count @ 1..) = output.read(&mut buffer) {
        let bytes = &buffer[..count];
        let shown = names.below(bytes);
        is_shown = is_shown && screen.write_all(&shown).and_then(|()| screen.flush()).is_ok();
        let _ = tell.send(bytes.to_vec());
    }
}

/// Finds reports, and the names for their addresses.
struct Names {
    parser: Parser,
    symbols: Symboliser,
}

impl Names {
    /// What the node says next, with names below the reports that end in it.
    fn below(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut shown = Vec::new();
        let mut from = 0;
        for (to, event) in self.parser.feed(bytes) {
            shown.extend(self.symbols.named(&bytes[from..to]));
            from = to;
            if let Event::Report(report) = &event {
                shown.extend((self.symbols.describe(report).join("\n") + "\n").into_bytes());
            }
        }
        shown.extend(self.symbols.named(&bytes[from..]));
        shown
    }
}

/// Shows what QEMU itself complains of.
fn show(mut complaints: ChildStderr) {
    let _ = io::copy(&mut complaints, &mut io::stderr());
}
