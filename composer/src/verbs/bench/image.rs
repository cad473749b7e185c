//! Runs a benchmark's image: once for its figures, once for its instructions.

use std::time::Duration;

use composer_build::{Blame, Built, Failure};
use composer_machine::trace::Trace;
use composer_machine::{End, Outcome, RunOptions};
use composer_syntax::{Code, Diagnostic};

use crate::exit;

use super::figures::{Measured, read};
use super::traced::Traced;

/// More than any run takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the driver says when a round of each benchmark is done, before it measures.
const ALL_TRACED: &str = "all traced";

/// The domain whose pages are refilled, and how many entries its map must have: the driver counts on it.
const REFILLED: (&str, usize) = ("pages", 16);

/// Makes sure that the map whose refills are measured has the entries that the driver divides by.
pub(super) fn holds_map(spec: &str, built: &Built) -> Result<(), Failure> {
    let (domain, entries) = REFILLED;
    let lowered = std::fs::read(&built.lowered).ok();
    let lowered: Option<serde_json::Value> = lowered.and_then(|text| serde_json::from_slice(&text).ok());
    let domains = lowered.as_ref().and_then(|lowered| lowered["kernel"]["domains"].as_array());
    let pages = domains.and_then(|domains| {
        let found = domains.iter().find(|one| one["name"] == domain)?;
        Some(found["pages"].as_array()?.len())
    });
    if pages == Some(entries) {
        return Ok(());
    }
    let found = pages.map_or_else(|| "none that can be read".to_owned(), |pages| format!("one of {pages}"));
    Err(exit::user(
        Code::BenchFailed,
        format!(
            "`tlb.refill` needs a map of {entries} entries in the domain `{domain}` of `{spec}`, which has {found}"
        ),
    ))
}

/// Runs an image to its end, and reads the figures that it prints.
pub(super) fn measure(spec: &str, built: &Built) -> Result<Vec<Measured>, Failure> {
    let outcome = run(built, &options())?;
    let figures: Vec<Measured> = outcome.text().lines().filter_map(read).collect();
    match outcome.failure(false).or(figures.is_empty().then(|| "it prints no figure".to_owned())) {
        None => Ok(figures),
        Some(why) => Err(failed(spec, &format!("gives no figure: {why}"), &outcome)),
    }
}

/// Runs an image until a round of each benchmark is done, with a log of every instruction.
pub(super) fn trace(spec: &str, built: &Built) -> Result<Traced, Failure> {
    let path = built.image.with_extension("trace");
    let expect = composer_machine::pattern(ALL_TRACED).ok();
    let outcome = run(built, &RunOptions { trace: Some(path.clone()), expect, ..options() })?;
    let traced = match outcome.end {
        End::Matched => Trace::read(&path, built)
            .map_err(|why| why.to_string())
            .and_then(|trace| Traced::new(trace, &outcome.text())),
        _ => Err(outcome.failure(true).unwrap_or_else(|| "it was interrupted".to_owned())),
    };
    // Tens of megabytes that nobody else reads.
    let _ = std::fs::remove_file(&path);
    traced.map_err(|why| failed(spec, &format!("cannot be traced: {why}"), &outcome))
}

fn options() -> RunOptions {
    RunOptions { icount: true, timeout: Some(PATIENCE), ..RunOptions::default() }
}

fn run(built: &Built, options: &RunOptions) -> Result<Outcome, Failure> {
    composer_machine::run(built, options, &mut std::io::sink()).map_err(Failure::environment)
}

fn failed(spec: &str, why: &str, outcome: &Outcome) -> Failure {
    let diagnostic = Diagnostic::error(Code::BenchFailed, format!("`{spec}` {why}"));
    Failure::new(Blame::User, diagnostic).with_output(outcome.tail(20))
}
