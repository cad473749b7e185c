//! What a benchmark says, and how it is shown.

use serde::Serialize;

/// Instructions in two ticks of the time base, when time counts instructions: QEMU then runs one in each
/// nanosecond, and the time base has 400 MHz.
const INSTRUCTIONS_IN_TWO_TICKS: u64 = 5;

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Figure {
    /// What was measured (`ipc.call_reply.0w`).
    name: String,
    /// Instructions of one round.
    value: f64,
    /// Always `instructions`.
    unit: &'static str,
}

/// The document that all benchmarks keep to.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    results: &'a [Figure],
}

/// Reads a line `bench NAME ticks=T rounds=R`, whatever stands before it.
pub(super) fn read(line: &str) -> Option<Figure> {
    let mut words = line.split_ascii_whitespace().skip_while(|word| *word != "bench").skip(1);
    let name = words.next()?.to_owned();
    let mut number = |key: &str| words.next()?.strip_prefix(key)?.parse::<u64>().ok();
    let ticks = number("ticks=")?;
    let rounds = number("rounds=").filter(|rounds| *rounds > 0)?;
    let instructions = ticks.checked_mul(INSTRUCTIONS_IN_TWO_TICKS)? as f64 / 2.0 / rounds as f64;
    // A tenth of an instruction is more than the time base can tell.
    Some(Figure { name, value: (instructions * 10.0).round() / 10.0, unit: "instructions" })
}

/// The figures, for people.
pub(super) fn table(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.len()).max().unwrap_or(0).max("benchmark".len());
    let mut text = format!("{:width$}  {:>12}\n", "benchmark", "instructions");
    for figure in figures {
        text += &format!("{:width$}  {:>12.1}\n", figure.name, figure.value);
    }
    text
}

/// The figures, for programs.
pub(super) fn document(figures: &[Figure]) -> String {
    // Plain data has no way to fail.
    serde_json::to_string_pretty(&Document { schema: 1, results: figures }).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_document_has_the_form_that_benchmarks_keep() {
        let figures = [read("bench a ticks=4 rounds=1").expect("a figure")];
        let value: serde_json::Value = serde_json::from_str(&document(&figures)).expect("JSON");
        assert_eq!(
            value,
            serde_json::json!({"schema": 1, "results": [{"name": "a", "value": 10.0, "unit": "instructions"}]})
        );
        assert_eq!(table(&figures), "benchmark  instructions\na                  10.0\n");
    }
}
