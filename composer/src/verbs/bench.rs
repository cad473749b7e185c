//! `composer bench`.

mod figures;

use std::path::Path;
use std::time::Duration;

use composer_build::progress::Progress;
use composer_build::setup::Purpose;
use composer_build::{Blame, Failure, Request};
use composer_machine::RunOptions;
use composer_syntax::{Code, Diagnostic};

use super::build::prepared;
use super::output::print;
use crate::arguments::Consent;
use crate::exit::{self, End};
use crate::place;
use crate::screen::Screen;
use figures::{Figure, document, read, table};

/// More than any benchmark takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where benchmarks are, and how their names begin.
const BENCHMARKS: &str = "tests/specs/bench-";

/// Runs the benchmarks, prints a table, and writes the figures to a file if asked.
pub(crate) fn bench(consent: Consent, json: Option<&Path>, filter: &[String], screen: &mut Screen) -> End {
    let checkout = place::checkout()?;
    if let Some(path) = json {
        exit::writable(path)?;
    }
    let host = prepared(consent, &[Purpose::Build, Purpose::Run], screen)?;
    let chosen = |spec: &String| {
        let name = spec.strip_prefix(BENCHMARKS);
        name.is_some_and(|name| filter.is_empty() || filter.iter().any(|word| name.contains(word.as_str())))
    };
    let specs: Vec<String> = place::known_specs(checkout.root()).into_iter().filter(chosen).collect();
    if specs.is_empty() {
        return Err(exit::user(Code::BenchFailed, format!("no spec `{BENCHMARKS}*.ron` fits")));
    }
    let mut figures = Vec::new();
    for name in &specs {
        let spec = checkout.root().join(name);
        let request = Request { checkout: &checkout, spec: &spec, platform: None, host: &host };
        let finished = composer_build::build(&request, screen)?;
        screen.step("Measuring", name);
        figures.extend(measure(name, &finished.built)?);
    }
    print(&table(&figures));
    if let Some(path) = json {
        std::fs::write(path, document(&figures)).map_err(|error| exit::cannot_write(path, &error))?;
    }
    exit::OK
}

/// Runs one image to its end and reads its figures.
fn measure(name: &str, built: &composer_build::Built) -> Result<Vec<Figure>, Failure> {
    let options = RunOptions { icount: true, timeout: Some(PATIENCE), ..RunOptions::default() };
    let outcome =
        composer_machine::run(built, &options, &mut std::io::sink()).map_err(Failure::environment)?;
    let figures: Vec<Figure> = outcome.text().lines().filter_map(read).collect();
    let why = outcome.failure(false).or(figures.is_empty().then(|| "it prints no figure".to_owned()));
    match why {
        None => Ok(figures),
        Some(why) => Err(Failure::new(
            Blame::User,
            Diagnostic::error(Code::BenchFailed, format!("`{name}` gives no figure: {why}")),
        )
        .with_output(outcome.tail(20))),
    }
}
