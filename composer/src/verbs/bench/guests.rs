//! What virtual machines and their guests come to, and how it is shown.

use std::time::Duration;

use composer_build::{Blame, Failure};
use composer_machine::{End, Outcome, RunOptions};
use composer_syntax::{Code, Diagnostic};
use serde::Serialize;

use super::catalogue::{Benchmark, Catalogue};
use crate::exit;

/// More than any guest's run takes, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// How a guest is run: with time that counts instructions, until its last word.
pub(super) fn options(last: &str) -> RunOptions {
    let expect = composer_machine::pattern(last).ok();
    RunOptions { icount: true, timeout: Some(PATIENCE), expect, ..RunOptions::default() }
}

/// What a guest said up to its last word.
pub(super) fn said(what: &str, ran: Result<Outcome, Diagnostic>) -> Result<String, Failure> {
    let outcome = ran.map_err(Failure::environment)?;
    if outcome.end == End::Matched {
        return Ok(outcome.text());
    }
    let why = outcome.failure(true).unwrap_or_else(|| "it was interrupted".to_owned());
    let diagnostic = Diagnostic::error(Code::BenchFailed, format!("`{what}` gives no figure: {why}"));
    Err(Failure::new(Blame::User, diagnostic).with_output(outcome.tail(20)))
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Unit {
    /// Instructions of one round.
    Instructions,
    /// How many times as long as natively.
    Ratio,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    /// What (`linux.fork`).
    pub(super) name: String,
    /// Its figure.
    pub(super) value: f64,
    /// What that counts.
    pub(super) unit: Unit,
    /// The ticks of which a ratio is the quotient: in the virtual machine, and natively.
    pub(super) ticks: Option<(u64, u64)>,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Figure {
    name: String,
    value: f64,
    unit: Unit,
    /// Ticks of the time base in the virtual machine, for a ratio.
    in_vm: Option<u64>,
    /// Ticks of the time base natively, for a ratio.
    native: Option<u64>,
    /// What `value` may be.
    bound: Option<f64>,
    /// The original's figure.
    original: Option<f64>,
    /// How that is to be read.
    note: Option<String>,
}

impl Figure {
    fn is_beyond(&self) -> bool {
        self.bound.is_some_and(|bound| self.value > bound)
    }

    fn shown(&self) -> String {
        match self.unit {
            Unit::Instructions => format!("{:.1}", self.value),
            Unit::Ratio => format!("{:.2} x", self.value),
        }
    }
}

/// The catalogue's benchmarks with what was measured.
///
/// # Errors
///
/// A benchmark without a figure.
pub(super) fn join(catalogue: &Catalogue, measured: &[Measured]) -> Result<Vec<Figure>, Failure> {
    let figure = |benchmark: &Benchmark| {
        let Benchmark { name, bound, original, note, .. } = benchmark.clone();
        let found = measured.iter().find(|one| one.name == name);
        let found = found.ok_or_else(|| {
            exit::user(Code::BenchFailed, format!("the guests print no figure for `{name}`"))
        })?;
        let (in_vm, native) = found.ticks.unzip();
        Ok(Figure { name, value: found.value, unit: found.unit, in_vm, native, bound, original, note })
    };
    catalogue.benchmarks.iter().map(figure).collect()
}

/// The figures that are beyond their bounds, in words; none if all hold.
pub(super) fn beyond(figures: &[Figure]) -> Option<String> {
    let said: Vec<String> = figures
        .iter()
        .filter(|figure| figure.is_beyond())
        .map(|figure| {
            let bound = figure.bound.unwrap_or_default();
            format!("`{}` takes {}, more than {bound}", figure.name, figure.shown())
        })
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The figures, for people.
pub(super) fn table(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.len()).max().unwrap_or(0).max("benchmark".len());
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value}"));
    let ticks = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    let mut text = format!(
        "{:width$}  {:>10}  {:>8}  {:>12}  {:>12}  {:>12}\n",
        "benchmark", "figure", "at most", "the original", "ticks in VM", "natively"
    );
    for figure in figures {
        let missed = if figure.is_beyond() { "  missed" } else { "" };
        text += &format!(
            "{:width$}  {:>10}  {:>8}  {:>12}  {:>12}  {:>12}{missed}\n",
            figure.name,
            figure.shown(),
            number(figure.bound),
            number(figure.original),
            ticks(figure.in_vm),
            ticks(figure.native),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, value: f64, unit: Unit, ticks: Option<(u64, u64)>) -> Figure {
        let (in_vm, native) = ticks.unzip();
        let bound = Some(2.0);
        Figure { name: name.to_owned(), value, unit, in_vm, native, bound, original: None, note: None }
    }

    #[test]
    fn a_missed_bound_is_shown_and_named() {
        let good = figure("linux.fork", 2.0, Unit::Ratio, Some((20, 10)));
        let bad = figure("vm.rfi", 3.5, Unit::Instructions, None);
        assert_eq!(beyond(std::slice::from_ref(&good)), None);
        let figures = [good, bad];
        assert_eq!(beyond(&figures).as_deref(), Some("`vm.rfi` takes 3.5, more than 2"));
        assert_eq!(
            table(&figures),
            "benchmark       figure   at most  the original   ticks in VM      natively\n\
             linux.fork      2.00 x         2             -            20            10\n\
             vm.rfi             3.5         2             -             -             -  missed\n"
        );
    }
}
