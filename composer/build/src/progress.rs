//! What a long task says while it runs.

use composer_payload::Watch;

pub use composer_payload::Count;

/// Hears of progress. The command line prints it; tests do not.
pub trait Progress {
    /// A step begins: one capitalised word and what it is done to (`Linking`, `3 domains`).
    fn step(&mut self, word: &str, what: &str);

    /// Asks a question that can be answered with yes or no.
    fn confirm(&mut self, question: &str) -> bool;

    /// A step of minutes has come so far. Said often: whoever shows it leaves most of it out.
    fn count(&mut self, count: &Count<'_>) {
        let _ = count;
    }

    /// A line of a program that a payload is made with.
    fn output(&mut self, line: &str) {
        let _ = line;
    }
}

/// Says nothing, and answers every question with yes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&mut self, _: &str, _: &str) {}

    fn confirm(&mut self, _: &str) -> bool {
        true
    }
}

/// Hands on what the preparation of a payload says.
pub struct Watched<'a>(pub &'a mut dyn Progress);

impl Watch for Watched<'_> {
    fn step(&mut self, word: &str, what: &str) {
        self.0.step(word, what);
    }

    fn count(&mut self, count: &Count<'_>) {
        self.0.count(count);
    }

    fn output(&mut self, line: &str) {
        self.0.output(line);
    }
}
