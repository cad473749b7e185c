//! What a case says.

use super::Stage;

/// One case of the suite.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name, which filters select by.
    pub name: &'static str,
    /// What it shows, as a claim.
    pub about: &'static str,
    /// What it does.
    pub what: What,
}

/// What a case does.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Builds a spec, runs the image and judges the run.
    Run(Run),
    /// Something else, in code. It says what is wrong.
    Custom(fn(&Stage<'_>) -> Result<(), String>),
}

/// A run, and what is expected of it.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The spec, from the checkout's root.
    pub spec: &'static str,
    /// The board, in place of the spec's own.
    pub platform: Option<&'static str>,
    /// Whether time counts instructions, so that every run is the same.
    pub icount: bool,
    /// The pattern that ends the run; None for a node that halts by itself.
    pub until: Option<&'static str>,
    /// What to type, once the console matches; one after the other.
    pub replies: &'static [(&'static str, &'static str)],
    /// The client of the console that alone is shown, and is typed at; None for all.
    pub console: Option<&'static str>,
    /// Whether the run ends when all domains that do work have ended.
    pub ends: bool,
    /// Whether the counters of virtual machines are read at the end.
    pub counts: bool,
    /// What must hold of the run.
    pub expects: &'static [Expect],
}

impl Run {
    /// A deterministic run of a node that halts by itself, of which nothing is expected yet.
    pub const fn of(spec: &'static str) -> Self {
        Self {
            spec,
            platform: None,
            icount: true,
            until: None,
            replies: &[],
            console: None,
            ends: false,
            counts: false,
            expects: &[],
        }
    }

    /// The same on another board.
    #[must_use]
    pub const fn on(self, platform: &'static str) -> Self {
        Self { platform: Some(platform), ..self }
    }

    /// The same, ended by a match.
    #[must_use]
    pub const fn until(self, pattern: &'static str) -> Self {
        Self { until: Some(pattern), ..self }
    }

    /// The same, with typing. Time then follows the wall clock, since people's fingers do.
    #[must_use]
    pub const fn typing(self, replies: &'static [(&'static str, &'static str)]) -> Self {
        Self { replies, icount: false, ..self }
    }

    /// The same, attached to one client of the console.
    #[must_use]
    pub const fn attached(self, console: &'static str) -> Self {
        Self { console: Some(console), ..self }
    }

    /// The same, which ends when all domains that do work have ended.
    #[must_use]
    pub const fn ending(self) -> Self {
        Self { ends: true, ..self }
    }

    /// The same, with the counters of its virtual machines.
    #[must_use]
    pub const fn counting(self) -> Self {
        Self { counts: true, ..self }
    }

    /// The same, with expectations.
    #[must_use]
    pub const fn expecting(self, expects: &'static [Expect]) -> Self {
        Self { expects, ..self }
    }
}

/// Something that must hold of a run. Patterns are regular expressions over the console's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The console says this.
    Says(&'static str),
    /// The console says these, each somewhere behind the one before.
    InOrder(&'static [&'static str]),
    /// The console says this so many times.
    Times(usize, &'static str),
    /// The console never says this.
    Never(&'static str),
    /// The node halts with this code, and the machine ends right after.
    Halts(u32),
    /// All domains that do work end in order, and the run with them.
    Done,
    /// A domain ends with this cause, once.
    Report {
        /// The domain's name, or `kernel`.
        name: &'static str,
        /// The cause.
        cause: &'static str,
        /// What composer says below the report.
        described: &'static str,
    },
    /// These counters of a virtual machine are more than 0 at the end.
    Counts {
        /// The machine's instance.
        machine: &'static str,
        /// The counters.
        counters: &'static [&'static str],
    },
    /// There are so many reports in all.
    Reports(usize),
    /// A domain is stopped by another.
    Stopped {
        /// The domain.
        name: &'static str,
        /// The other.
        by: &'static str,
    },
    /// A domain ends itself in error.
    Exited {
        /// The domain.
        name: &'static str,
    },
}
