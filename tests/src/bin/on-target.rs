//! Runs the on-target suite: all cases, or those whose names hold one of the arguments.

#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use composer_build::Host;
use composer_model::Checkout;
use fugue_tests::suite::{Case, Stage, Summary, cases, conduct};

fn main() -> ExitCode {
    let filter: Vec<String> = std::env::args().skip(1).collect();
    let chosen =
        |case: &&Case| filter.is_empty() || filter.iter().any(|word| case.name.contains(word.as_str()));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let (checkout, host) = (Checkout::new(root), Host::detect());
    let stage = Stage { checkout: &checkout, host: &host };
    let mut summary = Summary::default();
    for case in cases().filter(chosen) {
        let verdict = conduct(case, &stage);
        println!("{verdict}");
        summary.add(&verdict);
    }
    println!("{summary}");
    // A filter that fits nothing is a mistake of the host tests' or of nobody's.
    if summary.success() || !filter.is_empty() && summary.to_string() == "0 passed, 0 failed" {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
