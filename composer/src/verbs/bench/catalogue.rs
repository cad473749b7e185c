//! The benchmarks that there are: `tests/benchmarks.json`.

use std::path::Path;

use composer_build::Failure;
use composer_syntax::Code;
use serde::{Deserialize, Serialize};

use crate::exit;

/// Where it lies, from the checkout's root.
const FILE: &str = "tests/benchmarks.json";

/// What is measured, what it may cost, and what it cost the system that Fugue follows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    /// The form of the file.
    #[serde(rename = "schema")]
    _schema: u32,
    /// Where the original's figures are from.
    pub(super) original: Original,
    /// In the order in which they are shown.
    pub(super) benchmarks: Vec<Benchmark>,
    /// What `--guests` measures, in the order in which it is shown.
    guests: Vec<Benchmark>,
}

/// The system that Fugue follows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Original {
    /// What was measured.
    system: String,
    /// How.
    source: String,
}

/// One benchmark.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Benchmark {
    /// Its name, which never changes.
    pub(super) name: String,
    /// Instructions that it may take, or how many times as long as natively.
    pub(super) bound: Option<f64>,
    /// The same where `lmw` and `stmw` count as the registers that they move.
    pub(super) bound_moved: Option<f64>,
    /// What the original takes.
    pub(super) original: Option<f64>,
    /// How the original's figure is to be read.
    pub(super) note: Option<String>,
}

impl Catalogue {
    /// Reads the checkout's.
    pub(super) fn read(root: &Path) -> Result<Self, Failure> {
        let wrong = |why: String| exit::user(Code::BenchFailed, format!("`{FILE}` {why}"));
        let text = std::fs::read_to_string(root.join(FILE))
            .map_err(|error| wrong(format!("cannot be read: {error}")))?;
        serde_json::from_str(&text).map_err(|error| wrong(format!("is wrong: {error}")))
    }

    /// The guests' benchmarks in place of the kernel's.
    pub(super) fn of_guests(self) -> Self {
        Self { benchmarks: self.guests, guests: Vec::new(), ..self }
    }

    /// Whether a benchmark's name begins so.
    pub(super) fn asks(&self, group: &str) -> bool {
        self.benchmarks.iter().any(|benchmark| benchmark.name.starts_with(group))
    }

    /// Only the benchmarks whose names hold one of the words; all, if there are none.
    pub(super) fn chosen(mut self, words: &[String]) -> Result<Self, Failure> {
        let all = names(&self.benchmarks);
        let fits = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
        self.benchmarks.retain(|benchmark| fits(&benchmark.name));
        if self.benchmarks.is_empty() {
            let mut failure = exit::user(Code::BenchFailed, "no benchmark's name holds one of these words");
            failure.diagnostics[0].helps.push(format!("there are {all}"));
            return Err(failure);
        }
        Ok(self)
    }
}

fn names(benchmarks: &[Benchmark]) -> String {
    let names: Vec<&str> = benchmarks.iter().map(|benchmark| benchmark.name.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkouts_file_is_read_and_filtered() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let catalogue = Catalogue::read(Path::new(root)).expect("a catalogue");
        let ipc = catalogue.clone().chosen(&["ipc".to_owned()]).expect("some");
        assert!(ipc.benchmarks.len() > 1 && ipc.benchmarks.len() < catalogue.benchmarks.len());
        let guests = catalogue.clone().of_guests().chosen(&["boot".to_owned()]).expect("one");
        assert_eq!(guests.benchmarks.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["linux.boot"]);
        assert!(guests.asks("linux.") && !guests.asks("vm."));
        let none = catalogue.chosen(&["nonesuch".to_owned()]).expect_err("none");
        assert!(none.diagnostics[0].helps[0].contains("syscall.null"));
    }
}
