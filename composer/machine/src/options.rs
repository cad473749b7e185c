//! How a run is asked for, and how it ended.

use std::path::PathBuf;
use std::time::Duration;

use composer_model::Worker;
use regex::bytes::{Regex, RegexBuilder};

use crate::counters::{Counted, Counts};
use crate::report::{Event, Report};
use crate::transcript;

/// How to run an image.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Attach the keyboard; else nobody types but [`RunOptions::replies`].
    pub interactive: bool,
    /// End the run when the console matches.
    pub expect: Option<Regex>,
    /// End the run after this time of the wall clock.
    pub timeout: Option<Duration>,
    /// Let time count instructions, so that every run is the same.
    pub icount: bool,
    /// A file that gets everything that the console shows.
    pub log: Option<PathBuf>,
    /// A file that gets QEMU's log of every instruction executed, for [`Trace`](crate::trace::Trace). It
    /// grows by a hundred bytes for each.
    pub trace: Option<PathBuf>,
    /// What to type and when, one after the other.
    pub replies: Vec<Reply>,
    /// The node's console has keys behind Ctrl-A: those that are not composer's own go there.
    pub keys: bool,
    /// The client of that console which alone is shown, and gets what is typed, from the node's start on.
    pub attach: Option<String>,
    /// End the run when the console has said nothing for so long.
    pub silence: Option<Duration>,
    /// Read the counters of these virtual machines at the end.
    pub counted: Vec<Counted>,
    /// End the run when all of these domains have ended; if there are none, never.
    pub workers: Vec<Worker>,
}

/// Something to type once the console matches.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What to wait for.
    pub when: Regex,
    /// What to type then.
    pub send: Vec<u8>,
}

/// Compiles a pattern for a console: `^` and `$` match at its lines, whatever ends them.
///
/// # Errors
///
/// What is wrong with the pattern.
pub fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).multi_line(true).crlf(true).build()
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The console matched.
    Matched,
    /// The node said that its run ends, and the machine ended right after.
    Halted(u32),
    /// The machine ended without a word of the node.
    Ended,
    /// The machine failed, with this exit code if it had one.
    Failed(Option<i32>),
    /// The time was up.
    TimedOut,
    /// The console has said nothing for too long.
    Silent,
    /// All domains that do work have ended, in order or not.
    Done {
        /// None of them in error.
        in_order: bool,
    },
    /// The user left.
    Left,
    /// A signal asked composer to end.
    Signalled(i32),
}

/// A run, after its end.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// What the kernel said, in order.
    pub events: Vec<Event>,
    /// What the console said, without composer's own lines; the front is missing after many megabytes.
    pub console: Vec<u8>,
    /// The lines that say where the reports' addresses lie, one list for each report.
    pub described: Vec<Vec<String>>,
    /// The counters of the virtual machines that were asked for, if they could be read.
    pub counts: Option<Counts>,
    /// What the machine itself complained of.
    pub complaints: String,
}

impl Outcome {
    /// The reports of domains and kernel, in order.
    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        self.events.iter().filter_map(|event| match event {
            Event::Report(report) => Some(&**report),
            _ => None,
        })
    }

    /// The console as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.console).replace('\r', "")
    }

    /// The last lines of the console.
    pub fn tail(&self, lines: usize) -> String {
        transcript::tail(&self.console, lines)
    }

    /// The exit code that composer ends with: 0 for a match and for a user who left; unless a match was awaited, a halt's
    /// own code (255 for a larger one), and 0 if all work was done in order; 128 and the number for a signal, else 1.
    pub fn exit_code(&self, awaited: bool) -> u8 {
        match self.end {
            End::Matched | End::Left => 0,
            End::Done { in_order: true } if !awaited => 0,
            End::Halted(code) if !awaited => u8::try_from(code).unwrap_or(u8::MAX),
            End::Signalled(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
            End::Done { .. } | End::Halted(_) | End::Ended | End::Failed(_) | End::TimedOut | End::Silent => {
                1
            }
        }
    }

    /// Why the run counts as failed, in words; None if it does not.
    pub fn failure(&self, awaited: bool) -> Option<String> {
        let awaiting = if awaited { ", and the console did not match" } else { "" };
        match self.end {
            End::Matched | End::Left | End::Signalled(_) => None,
            End::Halted(0) | End::Done { in_order: true } if !awaited => None,
            End::Done { in_order } => {
                let how = if in_order { "" } else { ", and not all in order" };
                Some(format!("all domains that do work have ended{how}{awaiting}"))
            }
            End::Halted(code) => Some(format!("the node halted with code {code}{awaiting}")),
            End::Ended => Some(format!("the machine ended without a word of the node{awaiting}")),
            End::TimedOut => Some(format!("the time was up{awaiting}")),
            End::Silent => Some(format!("the console fell silent{awaiting}")),
            End::Failed(Some(code)) => Some(format!("the machine failed with exit code {code}{awaiting}")),
            End::Failed(None) => Some(format!("the machine was killed{awaiting}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(end: End) -> Outcome {
        Outcome {
            end,
            events: vec![],
            console: vec![],
            described: vec![],
            counts: None,
            complaints: String::new(),
        }
    }

    #[test]
    fn exit_codes_say_how_it_ended() {
        let codes = |end| (outcome(end).exit_code(false), outcome(end).exit_code(true));
        assert_eq!(codes(End::Matched), (0, 0));
        assert_eq!(codes(End::Halted(0)), (0, 1));
        assert_eq!(codes(End::Halted(7)), (7, 1));
        assert_eq!(codes(End::Halted(256)), (255, 1));
        assert_eq!(codes(End::Ended), (1, 1));
        assert_eq!(codes(End::Done { in_order: true }), (0, 1));
        assert_eq!(codes(End::Done { in_order: false }), (1, 1));
        assert_eq!(codes(End::Signalled(15)), (143, 143));
    }

    #[test]
    fn only_failures_are_explained() {
        assert_eq!(outcome(End::Halted(0)).failure(false), None);
        assert!(outcome(End::Halted(0)).failure(true).is_some_and(|why| why.contains("did not match")));
        assert!(outcome(End::TimedOut).failure(false).is_some());
    }

    #[test]
    fn patterns_work_by_line() {
        assert!(pattern("^b$").expect("a pattern").is_match(b"a\r\nb\r\nc"));
        assert!(pattern("(").is_err());
    }
}
