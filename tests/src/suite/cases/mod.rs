//! The table of cases, by what they are about.

mod builds;
mod guests;
mod isolation;
mod kernel;
mod lives;
mod processors;
mod simulated;
mod wires;

use super::Case;

/// The tables, in the order in which the suite runs them.
const TABLES: [&[Case]; 8] = [
    wires::CASES,
    kernel::CASES,
    isolation::CASES,
    lives::CASES,
    builds::CASES,
    simulated::CASES,
    processors::CASES,
    guests::CASES,
];

/// Every case, in the order in which the suite runs them.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    TABLES.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::suite::What;

    #[test]
    fn names_differ_and_specs_exist() {
        let names: BTreeSet<&str> = cases().map(|case| case.name).collect();
        assert_eq!(names.len(), cases().count());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout");
        for case in cases() {
            if let What::Run(run) = case.what {
                assert!(root.join(run.spec).is_file(), "{}: {}", case.name, run.spec);
            }
        }
    }

    #[test]
    fn every_spec_of_the_suite_is_used() {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let suite = tests.join("src/suite");
        let mut source = String::new();
        for folder in [suite.join("cases"), suite.join("custom")] {
            for entry in folder.read_dir().expect("the tables") {
                source += &fs::read_to_string(entry.expect("an entry").path()).expect("a source");
            }
        }
        for entry in tests.join("specs").read_dir().expect("the specs") {
            let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
            // A guest's kernel is its spec's. Benchmarks are `composer bench`'s, long runs `.ci/nightly`'s.
            let elsewhere =
                !name.ends_with(".ron") || name.starts_with("bench") || name.starts_with("nightly-");
            assert!(elsewhere || source.contains(&name), "no case uses {name}");
        }
    }
}
