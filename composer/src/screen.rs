//! The terminal: steps, questions, diagnostics.
//!
//! What a command is asked for goes to standard output; everything else, such as steps and errors, goes
//! to standard error.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::{Duration, Instant};

use composer_build::Failure;
use composer_build::progress::{Count, Progress};
use composer_diagnostics::{Style, human_all};
use composer_payload::clock;
use composer_syntax::{Diagnostic, SourceMap};

use crate::arguments::Color;

/// Standard error, as people see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    colour: bool,
    verbose: bool,
    /// Whether the last line is a count, which the next line takes the place of.
    counting: bool,
    /// When a count was last shown.
    counted: Option<Instant>,
}

/// How often a count is shown: on a terminal, where it stays in its line, and elsewhere, such as in a log.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(30)];

impl Screen {
    /// The screen, coloured as asked.
    pub(crate) fn new(color: Color) -> Self {
        let auto =
            || io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colour = match color {
            Color::Auto => auto(),
            Color::Always => true,
            Color::Never => false,
        };
        Self { colour, verbose: false, counting: false, counted: None }
    }

    /// The same, which also shows what programs say that composer calls.
    #[must_use]
    pub(crate) fn verbose(self, verbose: bool) -> Self {
        Self { verbose, ..self }
    }

    fn line(&mut self, word: &str, what: &str, end: &str) {
        let (bold, plain) = if self.colour { ("\x1b[1;32m", "\x1b[0m") } else { ("", "") };
        let clear = if self.counting { "\r\x1b[K" } else { "" };
        self.counting = end.is_empty();
        // A terminal that is gone is no reason to stop.
        let _ = write!(io::stderr(), "{clear}{bold}{word:>12}{plain} {what}{end}");
    }

    /// Whether somebody is there to be asked.
    pub(crate) fn asks() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Shows diagnostics, and what they come to.
    pub(crate) fn diagnostics(self, diagnostics: &[Diagnostic], sources: &SourceMap) {
        if !diagnostics.is_empty() {
            let style = Style { colour: self.colour, ..Style::default() };
            eprint!("{}", human_all(diagnostics, sources, style));
        }
    }

    /// Shows why something failed.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.counting {
            eprintln!();
        }
        if let Some(output) = &failure.output {
            eprintln!("{}\n", output.trim_end());
        }
        self.diagnostics(&failure.diagnostics, &failure.sources);
    }
}

impl Progress for Screen {
    fn step(&mut self, word: &str, what: &str) {
        self.counted = None;
        self.line(word, what, "\n");
    }

    fn confirm(&mut self, question: &str) -> bool {
        let _ = write!(io::stderr(), "{:>12} {question} [Y/n] ", "?");
        let mut answer = String::new();
        match io::stdin().lock().read_line(&mut answer) {
            Ok(count) if count > 0 => matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"),
            _ => false,
        }
    }
    fn count(&mut self, count: &Count<'_>) {
        let terminal = io::stderr().is_terminal() && !self.verbose;
        let pause = if terminal { PAUSES[0] } else { PAUSES[1] };
        let since = self.counted.get_or_insert_with(Instant::now);
        if since.elapsed() < pause {
            return;
        }
        self.counted = Some(Instant::now());
        let of = count.of.map(|of| format!(" of about {of}")).unwrap_or_default();
        let what = format!("{}: {}{of} files, {}", count.what, count.done, clock(count.elapsed));
        self.line(count.word, &what, if terminal { "" } else { "\n" });
    }

    fn output(&mut self, line: &str) {
        if self.verbose {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }
}
