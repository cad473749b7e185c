//! What a long task says while it runs.

/// Hears of progress. The command line prints it; tests do not.
pub trait Progress {
    /// A step begins: one capitalised word and what it is done to (`Linking`, `3 domains`).
    fn step(&mut self, word: &str, what: &str);

    /// Asks a question that can be answered with yes or no.
    fn confirm(&mut self, question: &str) -> bool;
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
