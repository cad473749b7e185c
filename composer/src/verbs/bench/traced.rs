//! One round of each benchmark, instruction by instruction.

use composer_build::Failure;
use composer_machine::trace::{Instruction, Trace};
use composer_syntax::Code;

use crate::exit;

/// Windows that the driver makes for each benchmark: the measured round twice and what is around it twice,
/// each the first time for warmth.
const WINDOWS: usize = 4;

/// The traced rounds of an image.
#[derive(Debug)]
pub(super) struct Traced {
    pub(super) trace: Trace,
    pub(super) rounds: Vec<Round>,
}

/// One benchmark's round.
#[derive(Debug, PartialEq)]
pub(super) struct Round {
    /// Which benchmark.
    pub(super) name: String,
    /// How often the measured thing happens in it.
    each: f64,
    /// Whether it begins at the last entry into the kernel, and not at a reading of the clock.
    pub(super) from_entry: bool,
}

/// What stands in a round and around it.
#[derive(Debug)]
pub(super) struct Windows<'a> {
    /// The round that is measured.
    pub(super) measured: Vec<&'a Instruction>,
    /// What is taken off.
    pub(super) around: Vec<&'a Instruction>,
}

impl Traced {
    /// Joins a trace with what the driver said of it.
    pub(super) fn new(trace: Trace, console: &str) -> Result<Self, String> {
        let rounds: Vec<Round> = console.lines().filter_map(read).collect();
        let (found, expected) = (trace.windows().len(), rounds.len() * WINDOWS);
        // It goes on a little until the machine is stopped.
        if found < expected {
            return Err(format!("its domains read the clock for {found} intervals, not for {expected}"));
        }
        Ok(Self { trace, rounds })
    }

    /// The round of a benchmark.
    pub(super) fn find(&self, name: &str) -> Result<&Round, Failure> {
        let names = || self.rounds.iter().map(|round| round.name.as_str()).collect::<Vec<_>>().join(", ");
        self.rounds.iter().find(|round| round.name == name).ok_or_else(|| {
            let mut failure = exit::user(Code::BenchFailed, format!("`{name}` is not traced"));
            failure.diagnostics[0].helps.push(format!("there are {}", names()));
            failure
        })
    }

    /// The instructions of a round.
    pub(super) fn windows(&self, round: &Round) -> Windows<'_> {
        let at = self.rounds.iter().position(|one| one == round).unwrap_or(0) * WINDOWS;
        let mut windows = self.trace.windows();
        let mut take = |index: usize| std::mem::take(&mut windows[at + index]);
        let (measured, around) = (take(1), take(3));
        if round.from_entry {
            return Windows { measured: since_entry(&measured), around: Vec::new() };
        }
        Windows { measured, around }
    }

    /// Registers that `lmw` and `stmw` move beyond the first, for each time that the measured thing happens.
    pub(super) fn further_registers(&self, round: &Round) -> f64 {
        let count = |window: &[&Instruction]| -> f64 {
            window.iter().map(|instruction| f64::from(instruction.further_registers())).sum()
        };
        let windows = self.windows(round);
        (count(&windows.measured) - count(&windows.around)) / round.each
    }

    /// Instructions, for each time that the measured thing happens.
    pub(super) fn instructions(&self, round: &Round) -> f64 {
        let windows = self.windows(round);
        (windows.measured.len() as f64 - windows.around.len() as f64) / round.each
    }
}

/// From the last entry into the kernel on.
fn since_entry<'a>(window: &[&'a Instruction]) -> Vec<&'a Instruction> {
    let entry = window.windows(2).rposition(|pair| pair[0].user && !pair[1].user);
    window[entry.map_or(0, |entry| entry + 1)..].to_vec()
}

/// Reads a line `traced NAME each=N from=clock`, whatever stands before it.
fn read(line: &str) -> Option<Round> {
    let mut words = line.split_ascii_whitespace().skip_while(|word| *word != "traced").skip(1);
    let name = words.next()?.to_owned();
    let each = words.next()?.strip_prefix("each=")?.parse::<u32>().ok().filter(|each| *each > 0)?;
    let from_entry = match words.next()?.strip_prefix("from=")? {
        "clock" => false,
        "entry" => true,
        _ => return None,
    };
    Some(Round { name, each: f64::from(each), from_entry })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drivers_lines_are_read() {
        let round = read("driver: traced tlb.refill each=16 from=clock").expect("a round");
        assert_eq!(round, Round { name: "tlb.refill".into(), each: 16.0, from_entry: false });
        assert!(read("traced timer.to_user each=1 from=entry").is_some_and(|round| round.from_entry));
        for other in ["all traced", "traced a each=0 from=clock", "traced a each=1 from=here", "traced a"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
