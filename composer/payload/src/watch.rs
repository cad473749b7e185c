//! What preparing a payload says while it goes on.

use std::time::Duration;

/// Hears of progress.
pub trait Watch {
    /// A step begins or ends: one capitalised word and what it is done to (`Unpacking`, `linux-source-6.1`).
    fn step(&mut self, word: &str, what: &str);

    /// A long step has come so far. Said often: whoever shows it leaves most of it out.
    fn count(&mut self, count: &Count<'_>) {
        let _ = count;
    }

    /// A line that a program printed.
    fn output(&mut self, line: &str) {
        let _ = line;
    }
}

/// How far a long step has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<'a> {
    /// The step's word.
    pub word: &'a str,
    /// What it is done to.
    pub what: &'a str,
    /// Files made so far.
    pub done: usize,
    /// About how many there are, if that is known.
    pub of: Option<usize>,
    /// Time since the step began.
    pub elapsed: Duration,
}

/// A time for people: `48 s`, `5:32`.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 { format!("{seconds} s") } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watch for Silent {
    fn step(&mut self, _: &str, _: &str) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(clock(Duration::from_millis(59_900)), "59 s");
        assert_eq!(clock(Duration::from_secs(60)), "1:00");
        assert_eq!(clock(Duration::from_secs(3675)), "61:15");
    }
}
