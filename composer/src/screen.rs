//! The terminal: steps, questions, diagnostics.
//!
//! What a command is asked for goes to standard output; everything else, such as steps and errors, goes
//! to standard error.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};

use composer_build::Failure;
use composer_build::progress::Progress;
use composer_diagnostics::{Style, human_all};
use composer_syntax::{Diagnostic, SourceMap};

use crate::arguments::Color;

/// Standard error, as people see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    colour: bool,
}

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
        Self { colour }
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
        if let Some(output) = &failure.output {
            eprintln!("{}\n", output.trim_end());
        }
        self.diagnostics(&failure.diagnostics, &failure.sources);
    }
}

impl Progress for Screen {
    fn step(&mut self, word: &str, what: &str) {
        let (bold, plain) = if self.colour { ("\x1b[1;32m", "\x1b[0m") } else { ("", "") };
        // A terminal that is gone is no reason to stop.
        let _ = writeln!(io::stderr(), "{bold}{word:>12}{plain} {what}");
    }

    fn confirm(&mut self, question: &str) -> bool {
        let _ = write!(io::stderr(), "{:>12} {question} [Y/n] ", "?");
        let mut answer = String::new();
        match io::stdin().lock().read_line(&mut answer) {
            Ok(count) if count > 0 => matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"),
            _ => false,
        }
    }
}
