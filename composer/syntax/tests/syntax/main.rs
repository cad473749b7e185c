//! What the crate promises, seen from outside.

mod agreement;
mod decoding;
mod documents;
mod recovery;
mod robustness;

use composer_syntax::{Parsed, SourceMap, parse};
use proptest::test_runner::Config;

/// Parses a text that stands alone.
fn parse_text(text: &str) -> (SourceMap, Parsed) {
    let mut sources = SourceMap::new();
    let file = sources.add("test.ron", text);
    let parsed = parse(&sources, file);
    (sources, parsed)
}

/// How many cases a property test runs: `PROPTEST_CASES` from the environment, for long runs, else
/// `default`.
fn cases(default: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    // Failures are shown whole; keep one as a test of its own.
    Config { cases: asked.unwrap_or(default), failure_persistence: None, ..Config::default() }
}
