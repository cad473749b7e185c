//! What busy machines get of the core.

use crate::suite::{Run, Stage};

/// What a guest says when it has counted.
const SPUN: &str = "spun ";

/// Specs, and what vm0 and vm1 get.
const SPECS: [(&str, [u64; 2]); 4] = [
    ("tests/specs/turns.ron", [3, 1]),
    ("tests/specs/turns-equal.ron", [1, 1]),
    ("tests/specs/turns-above.ron", [1, 0]),
    ("tests/specs/turns-budget.ron", [1, 4]),
];

/// Two busy guests of one priority get parts of the core by their weights, equal ones without any, within two hundredths;
/// one of higher priority gets all of it, or what its budget says. The guests count loops in the same 800 ms of the time base: twenty turns.
pub(crate) fn turns(stage: &Stage<'_>) -> Result<(), String> {
    for (spec, weights) in SPECS {
        let run = Run::of(spec).until("(?s)spun [0-9]+\\s.*spun [0-9]+\\s");
        let outcome = stage.run("turns", &run)?;
        let counts = counts(&outcome.text())?;
        let (all, parts) = (counts.iter().sum::<u64>(), weights.iter().sum::<u64>());
        for (count, weight) in counts.iter().zip(weights) {
            let due = all * weight / parts;
            if count.abs_diff(due) > all / 50 {
                return Err(format!("{spec}: the guests count {counts:?}, for weights {weights:?}"));
            }
        }
    }
    Ok(())
}

/// What vm0 and vm1 have counted.
fn counts(console: &str) -> Result<[u64; 2], String> {
    let count = |name: &str| {
        let mut lines = console.lines();
        let said = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(SPUN)?.trim().parse().ok());
        said.ok_or_else(|| format!("{name}has not said how far it came:\n{console}"))
    };
    Ok([count("vm0: ")?, count("vm1: ")?])
}
