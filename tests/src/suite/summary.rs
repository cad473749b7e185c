//! What the suite says to a person.

use std::fmt;
use std::time::Duration;

use super::Case;

/// How a case ended.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The case.
    pub case: Case,
    /// What is wrong; nothing if it passed.
    pub complaints: Vec<String>,
    /// How long it took, build and all.
    pub time: Duration,
}

impl Verdict {
    /// Whether the case passed.
    pub fn passed(&self) -> bool {
        self.complaints.is_empty()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.passed() { "ok" } else { "FAILED" };
        let seconds = self.time.as_secs_f64();
        write!(out, "{word:6}  {:24} {seconds:6.1} s  {}", self.case.name, self.case.about)?;
        for complaint in &self.complaints {
            for (number, line) in complaint.trim_end().lines().enumerate() {
                let mark = if number == 0 { "*" } else { " " };
                write!(out, "\n        {mark} {line}")?;
            }
        }
        Ok(())
    }
}

/// What all cases come to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    failed: Vec<&'static str>,
    passed: usize,
}

impl Summary {
    /// Adds a case.
    pub fn add(&mut self, verdict: &Verdict) {
        if verdict.passed() {
            self.passed += 1;
        } else {
            self.failed.push(verdict.case.name);
        }
    }

    /// Whether every case passed, and there was one.
    pub fn success(&self) -> bool {
        self.failed.is_empty() && self.passed > 0
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.failed.is_empty() {
            writeln!(out, "\nfailed: {}", self.failed.join(", "))?;
        }
        write!(out, "{} passed, {} failed", self.passed, self.failed.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Run, What};
    use super::*;

    fn verdict(name: &'static str, complaints: &[&str]) -> Verdict {
        let case = Case { name, about: "it works", what: What::Run(Run::of("none")) };
        let complaints = complaints.iter().map(|&complaint| complaint.to_owned()).collect();
        Verdict { case, complaints, time: Duration::from_millis(1250) }
    }

    #[test]
    fn a_person_sees_what_failed_and_why() {
        assert_eq!(verdict("hello", &[]).to_string(), "ok      hello                       1.2 s  it works");
        assert_eq!(
            verdict("hello", &["one\ntwo", "three"]).to_string(),
            "FAILED  hello                       1.2 s  it works\n        * one\n          two\n        * three"
        );
    }

    #[test]
    fn the_last_line_counts() {
        let mut summary = Summary::default();
        assert!(!summary.success());
        summary.add(&verdict("a", &[]));
        assert!(summary.success());
        assert_eq!(summary.to_string(), "1 passed, 0 failed");
        summary.add(&verdict("b", &["no"]));
        assert!(!summary.success());
        assert_eq!(summary.to_string(), "\nfailed: b\n1 passed, 1 failed");
    }
}
