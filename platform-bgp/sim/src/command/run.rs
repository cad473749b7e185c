//! Running a node until its end.

use super::above::Above;
use super::counters::Counting;
use super::gdb::{self, Hears, Left};
use super::output::{self, Output};
use super::signals::Signals;
use super::values::At;
use super::{Conduct, Form, say, state};
use bgp_sim::devices::mailbox::Kind;
use bgp_sim::observe::{Both, Observer};
use bgp_sim::time::FREQUENCY;
use bgp_sim::trace::{Chrome, Text};
use bgp_sim::{Event, Node, checkpoint};
use std::io::Write;

/// Virtual cycles between looks at the conditions to stop for.
const SLICE: u64 = 1_000_000;

/// Exit statuses.
const ENDED: u8 = 0;
const UNEXPECTED: u8 = 1;
const BOUND: u8 = 2;
const UNMODELLED: u8 = 3;
const SIGNALLED: u8 = 128;

/// What a reset of the whole system means to whoever runs the image: it has ended.
const SYSTEM: u32 = 3;

/// A run under way.
struct Session<'a> {
    conduct: &'a Conduct,
    said: Vec<u8>,
    signals: Signals,
    /// The checkpoint is still to be written.
    to_keep: bool,
    above: Option<Above>,
}

const fn milliseconds(time: u64) -> u64 {
    time.saturating_mul(FREQUENCY / 1000)
}

impl Conduct {
    /// Runs a node, and answers the exit status.
    pub(super) fn execute(&self, mut node: Node, above: Option<Above>) -> Result<u8, String> {
        if let Some(core) = self.trace_core.iter().find(|core| **core > 3) {
            return Err(format!("--trace-core: there is no core {core}; a node has cores 0 to 3"));
        }
        let trace = self.trace_to.as_deref().map(Output::create).transpose()?;
        let counting = Counting::new(self.count_classes);
        node.bus.observe_with(self.observer(trace.clone(), &counting));
        let mut session =
            Session { conduct: self, said: Vec::new(), signals: Signals::take(), to_keep: true, above };
        let left = match &self.gdb {
            Some(place) => gdb::obey(&mut node, &mut session, place)?,
            None => Left::Detached,
        };
        let status = match left {
            Left::Detached => session.until_end(&mut node)?,
            Left::Ended(status) => status.unwrap_or(ENDED),
            Left::Signalled => session.signalled(&node).unwrap_or(SIGNALLED),
        };
        if let Some(mut observer) = node.bus.observe_with(None) {
            observer.finish();
        }
        if let Some(trace) = trace {
            trace.finish()?;
        }
        if let (Some(path), At::End) = (&self.checkpoint, &self.at) {
            output::write(path, |output| checkpoint::write(&node, output))?;
        }
        if let Some(path) = &self.counters {
            let document = counting.document(&node);
            output::write(path, |output| writeln!(output, "{document:#}"))?;
        }
        Ok(status)
    }

    fn observer(&self, trace: Option<Output>, counting: &Counting) -> Option<Box<dyn Observer>> {
        let counting = self.counters.as_ref().map(|_| Box::new(counting.clone()) as Box<dyn Observer>);
        if self.trace.is_empty() {
            return counting;
        }
        let into: Box<dyn Write + Send> = match trace {
            Some(output) => Box::new(output),
            None => Box::new(std::io::stderr()),
        };
        let trace: Box<dyn Observer> = match self.trace_as {
            Form::Text => Box::new(Text::new(self.filter(), into)),
            Form::Json => Box::new(Chrome::new(self.filter(), into)),
        };
        Some(match counting {
            Some(counting) => Box::new(Both(trace, counting)),
            None => trace,
        })
    }
}

impl Session<'_> {
    fn until_end(&mut self, node: &mut Node) -> Result<u8, String> {
        let bound = self.conduct.time.map_or(u64::MAX, milliseconds);
        let mut time = node.time();
        loop {
            // Near a bound the slices become small, so that the node stops at the end of the quantum that reaches it.
            let instructions =
                [self.conduct.instructions, self.keeps_at_instructions()].into_iter().flatten();
            let left = instructions.map(|limit| limit.saturating_sub(node.instructions()).div_ceil(4).max(1));
            time = time.saturating_add(left.fold(SLICE, u64::min)).min(bound);
            if let (true, At::Time(keep)) = (self.to_keep, &self.conduct.at) {
                time = time.min(milliseconds(*keep).max(node.time()));
            }
            let events = node.run_until(time);
            if let Some(said) = self.above.as_mut().map(|above| above.exchange(node)) {
                self.hear(Kind::Print(said));
            }
            for event in events {
                if let Some(status) = self.deal(event) {
                    return Ok(status);
                }
            }
            self.keep(node, time)?;
            if self.conduct.expect.is_some() && self.end() == ENDED {
                return Ok(ENDED);
            }
            let all = self.conduct.instructions.is_some_and(|limit| node.instructions() >= limit);
            if all || time >= bound {
                return Ok(if self.conduct.expect.is_some() { BOUND } else { ENDED });
            }
            if let Some(status) = self.signalled(node) {
                return Ok(status);
            }
        }
    }

    /// If a signal has come: says where the node is, and answers the exit status.
    fn signalled(&mut self, node: &Node) -> Option<u8> {
        let number = self.signals.come()?;
        say(format_args!("stopped by signal {number} {}", state::text(node).trim_end()));
        Some(SIGNALLED + number)
    }

    fn keeps_at_instructions(&self) -> Option<u64> {
        match &self.conduct.at {
            At::Instructions(limit) if self.to_keep && self.conduct.checkpoint.is_some() => Some(*limit),
            _ => None,
        }
    }

    /// Writes the checkpoint, if it is time.
    fn keep(&mut self, node: &Node, time: u64) -> Result<(), String> {
        let is_time = match &self.conduct.at {
            At::End => false,
            At::Time(keep) => time >= milliseconds(*keep),
            At::Instructions(limit) => node.instructions() >= *limit,
            At::Text(text) => self.has_said(text),
        };
        match &self.conduct.checkpoint {
            Some(path) if self.to_keep && is_time => {
                self.to_keep = false;
                output::write(path, |output| checkpoint::write(node, output))
            }
            _ => Ok(()),
        }
    }

    /// Deals with an event; answers the exit status if the node can go no further.
    fn deal(&mut self, event: Event) -> Option<u8> {
        match event {
            Event::Message(message) => {
                self.hear(message.kind);
                None
            }
            Event::Allowed(what) => {
                say(format_args!("not modelled: {what}"));
                None
            }
            Event::Unmodelled(what) => {
                say(format_args!(
                    "not modelled: {what}; `--allow-unmodelled` goes on where that is possible"
                ));
                Some(UNMODELLED)
            }
            Event::Undeliverable(sent) => {
                say(format_args!("node 0 sent what no network carries: {:02x?}", sent.parcel));
                Some(UNMODELLED)
            }
            Event::Reset { core, kind } => {
                if kind != SYSTEM {
                    self.note(format_args!("core {core} asked for a reset of kind {kind}"));
                }
                Some(self.end())
            }
            Event::Stopped { core } => {
                self.note(format_args!("core {core} is at a breakpoint"));
                Some(self.end())
            }
            Event::Idle => {
                self.note(format_args!("every core waits, and nothing will wake any"));
                Some(self.end())
            }
        }
    }

    fn note(&self, what: std::fmt::Arguments<'_>) {
        if !self.conduct.quiet {
            say(format_args!("{what}"));
        }
    }

    /// Shows what a core told the service node.
    fn hear(&mut self, kind: Kind) {
        match kind {
            Kind::Print(text) => {
                let mut out = std::io::stdout().lock();
                // A console that nobody listens to any more does not stop the node.
                let _ = out.write_all(&text).and_then(|()| out.flush());
                self.said.extend(text);
            }
            Kind::EventText(text) => {
                self.note(format_args!("RAS event: {}", String::from_utf8_lossy(&text)));
            }
            Kind::Event(data) => self.note(format_args!("RAS event: {data:02x?}")),
            Kind::Other(command, data) => self.note(format_args!("message {command}: {data:02x?}")),
        }
    }

    fn has_said(&self, text: &str) -> bool {
        self.said.windows(text.len().max(1)).any(|window| window == text.as_bytes())
    }

    /// The status at the end: whether what was expected was said.
    fn end(&self) -> u8 {
        match &self.conduct.expect {
            Some(text) if !self.has_said(text) => UNEXPECTED,
            _ => ENDED,
        }
    }
}

impl Hears for Session<'_> {
    fn take(&mut self, event: Event) -> Option<u8> {
        self.deal(event)
    }
}
