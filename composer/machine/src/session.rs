//! One run: the loop that joins terminal, node, log and expectations.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::Instant;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::counters::Counts;
use crate::escape::{CONTROL_A, Escape, HOW_TO_LEAVE, Typed};
use crate::options::{End, Outcome, RunOptions};
use crate::qemu::Machine;
use crate::report::{Event, Parser};
use crate::signals::Signals;
use crate::symbols::Symboliser;
use crate::terminal::Keyboard;
use crate::transcript::Transcript;
use crate::work::Work;

/// A run in progress.
pub(crate) struct Session<'a> {
    options: &'a RunOptions,
    machine: Machine,
    signals: Signals,
    keyboard: Option<Keyboard>,
    escape: Escape,
    symbols: Symboliser,
    screen: &'a mut dyn Write,
    /// Whether whoever read the screen has gone, as `head` does.
    unread: bool,
    log: Option<File>,
    parser: Parser,
    transcript: Transcript,
    events: Vec<Event>,
    described: Vec<Vec<String>>,
    complaints: Vec<u8>,
    /// Whether QEMU's own stream is still open.
    complaining: bool,
    /// What was typed and not taken by the node yet.
    typed: Vec<u8>,
    replied: usize,
    work: Work,
    counts: Option<Counts>,
    /// When the console last said something.
    heard: Instant,
    /// The code of a halt, while nothing has been said after it.
    halted: Option<u32>,
}

impl<'a> Session<'a> {
    /// A run of a started machine.
    pub(crate) fn new(
        machine: Machine,
        symbols: Symboliser,
        options: &'a RunOptions,
        screen: &'a mut dyn Write,
    ) -> io::Result<Self> {
        let mut machine = machine;
        // A QEMU that does not get as far as that says why, and ends.
        machine.control.take_if(|control| control.begin().is_err());
        let log = options.log.as_ref().map(File::create).transpose()?;
        // A node that reads nothing must not hold composer up.
        fcntl(&machine.input, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Self {
            options,
            machine,
            signals: Signals::take()?,
            keyboard: if options.interactive { Some(Keyboard::attach()?) } else { None },
            escape: Escape::new(options.keys, !options.counted.is_empty()),
            symbols,
            screen,
            unread: false,
            log,
            parser: Parser::new(),
            transcript: Transcript::default(),
            events: Vec::new(),
            described: Vec::new(),
            complaints: Vec::new(),
            complaining: true,
            typed: Vec::new(),
            replied: 0,
            work: Work::of(&options.workers),
            counts: None,
            heard: Instant::now(),
            halted: None,
        })
    }

    /// Runs to the end.
    pub(crate) fn run(mut self) -> io::Result<Outcome> {
        let deadline = self.options.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let end = loop {
            match self.turn(deadline) {
                Ok(None) => {}
                Ok(Some(end)) => break end,
                // Whoever read the console, such as `head`, has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break End::Left,
                Err(error) => return Err(error),
            }
        };
        if self.counts.is_none() {
            self.counts = self.count();
        }
        Ok(Outcome {
            end,
            events: self.events,
            console: self.transcript.into_bytes(),
            described: self.described,
            counts: self.counts,
            complaints: String::from_utf8_lossy(&self.complaints).trim().to_owned(),
        })
    }

    /// Waits for something to happen and deals with it; the end, if it was that.
    fn turn(&mut self, deadline: Option<Instant>) -> io::Result<Option<End>> {
        let quiet = self.options.silence.and_then(|silence| self.heard.checked_add(silence));
        let left = |end: Option<Instant>| end.map(|end| end.saturating_duration_since(Instant::now()));
        for (end, why) in [(deadline, End::TimedOut), (quiet, End::Silent)] {
            if left(end).is_some_and(|left| left.is_zero()) {
                return Ok(Some(why));
            }
        }
        let left = left([deadline, quiet].into_iter().flatten().min());
        // A millisecond more, since `poll` rounds down; after its longest wait it simply turns again.
        let wait = left.map_or(PollTimeout::NONE, |left| {
            PollTimeout::try_from(left.as_millis().saturating_add(1)).unwrap_or(PollTimeout::MAX)
        });
        let ready = self.poll(wait)?;
        if ready.signal
            && let Some(number) = self.signals.read()
        {
            return Ok(Some(End::Signalled(number)));
        }
        if ready.complaint {
            self.complain()?;
        }
        if ready.input {
            self.send()?;
        }
        if ready.control {
            self.attend();
        }
        if ready.key
            && let Some(end) = self.keys()?
        {
            return Ok(Some(end));
        }
        if ready.output { self.output() } else { Ok(None) }
    }

    fn poll(&mut self, wait: PollTimeout) -> io::Result<Ready> {
        let mut watched = vec![
            PollFd::new(self.machine.output.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.signals.as_fd(), PollFlags::POLLIN),
        ];
        // QEMU may close this stream early; it would then be ready for ever.
        let complaint = self.complaining.then_some(watched.len());
        if self.complaining {
            watched.push(PollFd::new(self.machine.complaints.as_fd(), PollFlags::POLLIN));
        }
        let control = self.machine.control.as_ref().map(|control| {
            watched.push(PollFd::new(control.as_fd(), PollFlags::POLLIN));
            watched.len() - 1
        });
        // Nothing more is read from the keyboard while the node has not taken what was typed.
        let (mut input, mut key) = (None, None);
        if !self.typed.is_empty() {
            input = Some(watched.len());
            watched.push(PollFd::new(self.machine.input.as_fd(), PollFlags::POLLOUT));
        } else if let Some(keyboard) = &self.keyboard {
            key = Some(watched.len());
            watched.push(PollFd::new(keyboard.file.as_fd(), PollFlags::POLLIN));
        }
        match poll(&mut watched, wait) {
            Err(Errno::EINTR) => return Ok(Ready::default()),
            other => other?,
        };
        let any = |at: Option<usize>| at.is_some_and(|at| watched[at].any().unwrap_or(true));
        Ok(Ready {
            output: any(Some(0)),
            signal: any(Some(1)),
            complaint: any(complaint),
            control: any(control),
            input: any(input),
            key: any(key),
        })
    }

    /// The node said something, or QEMU has ended.
    fn output(&mut self) -> io::Result<Option<End>> {
        let mut buffer = [0; 16 << 10];
        let count = match self.machine.output.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(None),
            Err(error) => return Err(error),
        };
        if count == 0 {
            return self.ended().map(Some);
        }
        let bytes = &buffer[..count];
        self.heard = Instant::now();
        self.transcript.push(bytes);
        self.show(bytes)?;
        if self.look() {
            return Ok(Some(End::Matched));
        }
        if let Some(in_order) = self.work.ended() {
            return Ok(Some(End::Done { in_order }));
        }
        // Without a match to wait for, there is nobody left to run for.
        let alone = self.unread && self.options.expect.is_none();
        Ok(alone.then_some(End::Left))
    }

    /// Shows what the node said, with the description of a report right behind its block.
    fn show(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut shown = 0;
        for (at, event) in self.parser.feed(bytes) {
            self.pass(&bytes[shown..at])?;
            shown = at;
            match &event {
                Event::Report(report) => {
                    let lines = self.symbols.describe(report);
                    self.write((lines.join("\n") + "\n").as_bytes())?;
                    self.described.push(lines);
                    self.halted = None;
                }
                Event::Halt { code } => self.halted = Some(*code),
                Event::Boot { .. } => {
                    self.halted = None;
                    self.attach();
                }
                _ => self.halted = None,
            }
            self.work.note(&event);
            self.events.push(event);
        }
        let rest = &bytes[shown..];
        if rest.iter().any(|byte| !byte.is_ascii_whitespace()) {
            self.halted = None;
        }
        self.pass(rest)?;
        let flushed = self.screen.flush();
        self.reading(flushed)
    }

    /// Passes on what the node said, with names below the lines that a guest's death is reported in.
    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        let named = self.symbols.named(bytes);
        self.write(&named)
    }

    /// Asks the console for the one client that is wanted, before any domain runs. The console empties its UART as it
    /// begins, which may cost one byte, so that the escape comes twice: the second begins it afresh.
    fn attach(&mut self) {
        if let Some(name) = &self.options.attach {
            let typed = [&[CONTROL_A, CONTROL_A, b'='], name.as_bytes(), b"\r"].concat();
            self.typed.splice(0..0, typed);
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(log) = &mut self.log {
            log.write_all(bytes)?;
        }
        if self.unread {
            return Ok(());
        }
        let written = self.screen.write_all(bytes);
        self.reading(written)
    }

    /// Takes the end of whoever reads the screen for what it is, and no failure.
    fn reading(&mut self, written: io::Result<()>) -> io::Result<()> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.unread = true;
                Ok(())
            }
            other => other,
        }
    }

    /// Whether the console matches; types what a match asks for.
    fn look(&mut self) -> bool {
        while let Some(reply) = self.options.replies.get(self.replied) {
            if !self.transcript.find(&reply.when) {
                self.transcript.done();
                return false;
            }
            self.typed.extend_from_slice(&reply.send);
            self.replied += 1;
        }
        let matched = self.options.expect.as_ref().is_some_and(|expect| self.transcript.find(expect));
        self.transcript.done();
        matched
    }

    fn keys(&mut self) -> io::Result<Option<End>> {
        let Some(keyboard) = &mut self.keyboard else { return Ok(None) };
        let mut buffer = [0; 256];
        let count = keyboard.file.read(&mut buffer)?;
        if count == 0 {
            // The end of a file that was typed: the node runs on.
            self.keyboard = None;
            return Ok(None);
        }
        if !keyboard.is_terminal() {
            self.typed.extend_from_slice(&buffer[..count]);
            return Ok(None);
        }
        for typed in self.escape.take(&buffer[..count]) {
            match typed {
                Typed::Send(bytes) => self.typed.extend_from_slice(&bytes),
                Typed::Help => {
                    writeln!(self.screen, "\n{HOW_TO_LEAVE}")?;
                    if !self.options.counted.is_empty() {
                        writeln!(self.screen, "Ctrl-A S shows what virtual machines have cost")?;
                    }
                    self.screen.flush()?;
                }
                Typed::Statistics => {
                    if let Some(counts) = self.count() {
                        writeln!(self.screen, "\n{counts}")?;
                        self.screen.flush()?;
                    }
                }
                Typed::Leave => return Ok(Some(End::Left)),
            }
        }
        Ok(None)
    }

    fn send(&mut self) -> io::Result<()> {
        match self.machine.input.write(&self.typed) {
            Ok(count) => {
                self.typed.drain(..count);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            // QEMU is gone; its output says so next.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.typed.clear(),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Reads the counters, if they were asked for and QEMU still answers.
    fn count(&mut self) -> Option<Counts> {
        self.machine.control.as_mut()?.counts(&self.options.counted).ok()
    }

    /// QEMU has something to say. A node that has halted stands still until its counters have been read.
    fn attend(&mut self) {
        let Some(control) = &mut self.machine.control else { return };
        match control.has_halted() {
            Ok(false) => {}
            Ok(true) => {
                self.counts = control.counts(&self.options.counted).ok();
                // Its output ends next, whether or not it has answered.
                let _ = control.quit();
                self.machine.control = None;
            }
            Err(_) => self.machine.control = None,
        }
    }

    fn complain(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4 << 10];
        let count = self.machine.complaints.read(&mut buffer)?;
        let room = (64_usize << 10).saturating_sub(self.complaints.len());
        self.complaints.extend_from_slice(&buffer[..count.min(room)]);
        self.complaining = count > 0;
        Ok(())
    }

    /// QEMU has closed its output.
    fn ended(&mut self) -> io::Result<End> {
        self.machine.complaints.read_to_end(&mut self.complaints)?;
        let status = self.machine.wait();
        Ok(match (status, self.halted) {
            (Some(status), Some(code)) if status.success() => End::Halted(code),
            (Some(status), None) if status.success() => End::Ended,
            (status, _) => End::Failed(status.and_then(|status| status.code())),
        })
    }
}

/// What `poll` found.
#[derive(Debug, Default)]
struct Ready {
    output: bool,
    signal: bool,
    complaint: bool,
    control: bool,
    input: bool,
    key: bool,
}
