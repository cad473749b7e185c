//! What a benchmark says, and how it is shown.

use composer_build::Failure;
use composer_syntax::Code;
use serde::Serialize;

use super::catalogue::{Catalogue, Original};
use super::traced::Traced;
use crate::exit;

/// Instructions in two ticks of the time base, when time counts instructions: QEMU then runs one in each
/// nanosecond, and the time base has 400 MHz.
const INSTRUCTIONS_IN_TWO_TICKS: u64 = 5;

/// What an image printed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    /// What was measured (`ipc.call_reply.0w`).
    pub(super) name: String,
    /// Instructions of one round.
    pub(super) value: f64,
}

/// One result.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Figure {
    /// What was measured (`ipc.call_reply.0w`).
    name: String,
    /// Instructions of one round; `lmw` and `stmw` are one each.
    value: f64,
    /// Always `instructions`.
    unit: &'static str,
    /// The same where `lmw` and `stmw` count as the registers that they move.
    moved: f64,
    /// `value` in the image with budgets and tracing.
    services: f64,
    /// Instructions of one traced round: the figure without an average.
    traced: f64,
    /// What `value` may be.
    bound: Option<f64>,
    /// What `moved` may be.
    bound_moved: Option<f64>,
    /// The original's figure.
    original: Option<f64>,
    /// How that is to be read.
    note: Option<String>,
}

/// The document that all benchmarks keep to.
#[derive(Serialize)]
struct Document<'a, F> {
    schema: u32,
    original: &'a Original,
    results: &'a [F],
}

/// Reads a line `bench NAME ticks=T rounds=R`, whatever stands before it.
pub(super) fn read(line: &str) -> Option<Measured> {
    let mut words = line.split_ascii_whitespace().skip_while(|word| *word != "bench").skip(1);
    let name = words.next()?.to_owned();
    let mut number = |key: &str| words.next()?.strip_prefix(key)?.parse::<u64>().ok();
    let ticks = number("ticks=")?;
    let rounds = number("rounds=").filter(|rounds| *rounds > 0)?;
    let instructions = ticks.checked_mul(INSTRUCTIONS_IN_TWO_TICKS)? as f64 / 2.0 / rounds as f64;
    Some(Measured { name, value: tenths(instructions) })
}

/// A tenth of an instruction is more than the time base can tell.
fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The catalogue's benchmarks with what was measured.
///
/// # Errors
///
/// A benchmark without a figure.
pub(super) fn join(
    catalogue: &Catalogue,
    measured: &[Measured],
    services: &[Measured],
    traced: &Traced,
) -> Result<Vec<Figure>, Failure> {
    let figure = |benchmark: &super::catalogue::Benchmark| {
        let name = &benchmark.name;
        let measured = find(measured, name)?;
        let round = traced.find(name)?;
        let one = traced.instructions(round);
        // Over a ring, rounds differ: who sleeps when the next request comes depends on the one before.
        let steady = benchmark.bound.is_some() && !round.from_entry;
        if steady && !alike(measured.value, one) {
            return Err(exit::user(
                Code::BenchFailed,
                format!("`{name}` takes {} on average, but its traced round {one:.1}", measured.value),
            ));
        }
        Ok(Figure {
            name: name.clone(),
            value: measured.value,
            unit: "instructions",
            moved: tenths(measured.value + traced.further_registers(round)),
            services: find(services, name)?.value,
            traced: tenths(one),
            bound: benchmark.bound,
            bound_moved: benchmark.bound_moved,
            original: benchmark.original,
            note: benchmark.note.clone(),
        })
    };
    catalogue.benchmarks.iter().map(figure).collect()
}

/// What an image printed for a benchmark.
fn find<'a>(measured: &'a [Measured], name: &str) -> Result<&'a Measured, Failure> {
    measured
        .iter()
        .find(|one| one.name == name)
        .ok_or_else(|| exit::user(Code::BenchFailed, format!("the image prints no figure for `{name}`")))
}

/// Whether a traced round is of what was measured. A loop of one round costs a few instructions more or less
/// than a round of many does.
fn alike(average: f64, one: f64) -> bool {
    (average - one).abs() <= f64::max(3.0, average * 0.03)
}

/// The figures that are beyond their bounds, in words; none if all hold.
pub(super) fn beyond(figures: &[Figure]) -> Option<String> {
    let beyond = |value: f64, bound: Option<f64>| bound.filter(|bound| value > *bound);
    let said = figures.iter().flat_map(|figure| {
        let plain = beyond(figure.value, figure.bound)
            .map(|bound| format!("`{}` takes {:.1}, more than {bound}", figure.name, figure.value));
        let moved = beyond(figure.moved, figure.bound_moved).map(|bound| {
            format!("`{}` takes {:.1} with moved registers, more than {bound}", figure.name, figure.moved)
        });
        [plain, moved].into_iter().flatten()
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The figures, for people.
pub(super) fn table(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.len()).max().unwrap_or(0).max("benchmark".len());
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value}"));
    let mut text = format!(
        "{:width$}  {:>12}  {:>10}  {:>13}  {:>10}  {:>12}\n",
        "benchmark", "instructions", "with moved", "with services", "at most", "the original"
    );
    for figure in figures {
        let bounds = match figure.bound_moved {
            Some(moved) => format!("{} ({moved})", number(figure.bound)),
            None => number(figure.bound),
        };
        text += &format!(
            "{:width$}  {:>12.1}  {:>10.1}  {:>13.1}  {bounds:>10}  {:>12}\n",
            figure.name,
            figure.value,
            figure.moved,
            figure.services,
            number(figure.original)
        );
    }
    text
}

/// The figures, for programs.
pub(super) fn document<F: Serialize>(catalogue: &Catalogue, figures: &[F]) -> String {
    let document = Document { schema: 1, original: &catalogue.original, results: figures };
    // Plain data has no way to fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, moved: f64) -> Figure {
        Figure {
            name: "ipc.call_reply.0w".to_owned(),
            value,
            moved,
            unit: "instructions",
            bound: Some(210.0),
            bound_moved: Some(280.0),
            ..Figure::default()
        }
    }

    #[test]
    fn ticks_become_instructions_of_one_round() {
        let figure = read("bench ipc.call_reply.0w ticks=214000 rounds=1000").expect("a figure");
        assert_eq!((figure.name.as_str(), figure.value), ("ipc.call_reply.0w", 535.0));
        assert_eq!(read("probe: bench a ticks=1 rounds=3").map(|figure| figure.value), Some(0.8));
        for wrong in ["bench a ticks=1 rounds=0", "bench a ticks=x rounds=1", "bench", "hello"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_table_has_a_line_for_each() {
        let plain = Figure { name: "a".to_owned(), value: 9.0, moved: 9.0, ..Figure::default() };
        assert_eq!(
            table(&[figure(195.0, 230.5), plain]),
            "benchmark          instructions  with moved  with services     at most  the original\n\
             ipc.call_reply.0w         195.0       230.5            0.0   210 (280)             -\n\
             a                           9.0         9.0            0.0           -             -\n"
        );
    }

    #[test]
    fn a_figure_beyond_its_bound_is_named() {
        assert_eq!(beyond(&[figure(210.0, 280.0)]), None);
        let said = beyond(&[figure(210.5, 281.0)]).expect("beyond both");
        assert!(said.contains("takes 210.5, more than 210; ") && said.contains("281.0 with moved"), "{said}");
    }

    #[test]
    fn the_document_has_the_form_that_benchmarks_keep() {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let catalogue = Catalogue::read(root).expect("a catalogue");
        let text = document(&catalogue, &[figure(195.0, 230.5)]);
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value["schema"], 1);
        let result = &value["results"][0];
        assert_eq!((&result["name"], &result["value"]), (&"ipc.call_reply.0w".into(), &195.0.into()));
        assert_eq!((&result["unit"], &result["moved"]), (&"instructions".into(), &230.5.into()));
    }
}
