//! Which domain executed what.
//!
//! From one kernel entry to the next, one domain runs; and a translation is of one physical place, so of one
//! domain. Runs that share a translation are therefore the same domain's, and that domain has all their words
//! at their addresses.

use super::{Instruction, Unusable};

/// Says of each user instruction whose it is. Programs that hold all of the words alike are interchangeable;
/// the first is named.
pub(super) fn assign(
    instructions: &mut [Instruction],
    steps: &[usize],
    domains: usize,
    word: impl Fn(usize, u32) -> Option<u32>,
) -> Result<(), Unusable> {
    let mut leaders: Vec<usize> = (0..instructions.len()).collect();
    for pair in steps.windows(2) {
        let (one, other) = (pair[0], pair[1]);
        if instructions[one].user && instructions[other].user {
            let (one, other) = (leader(&mut leaders, one), leader(&mut leaders, other));
            leaders[other] = one;
        }
    }
    let mut fitting: Vec<Vec<usize>> = vec![(0..domains).collect(); instructions.len()];
    for (at, instruction) in instructions.iter().enumerate() {
        if instruction.user {
            let has = |domain: &usize| word(*domain, instruction.address) == Some(instruction.word);
            let leader = leader(&mut leaders, at);
            fitting[leader].retain(has);
            if fitting[leader].is_empty() {
                return Err(Unusable::Foreign(instruction.address));
            }
        }
    }
    for at in 0..instructions.len() {
        if instructions[at].user {
            instructions[at].domain = fitting[leader(&mut leaders, at)].first().copied();
        }
    }
    Ok(())
}

/// The representative of a set, with the way to it shortened.
fn leader(leaders: &mut [usize], mut at: usize) -> usize {
    while leaders[at] != at {
        leaders[at] = leaders[leaders[at]];
        at = leaders[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instruction(address: u32, word: u32, user: bool) -> Instruction {
        Instruction { address, word, text: String::new(), user, domain: None }
    }

    /// Two programs that agree in word 0 and differ in word 4.
    fn word(domain: usize, address: u32) -> Option<u32> {
        match (domain, address) {
            (_, 0) => Some(10),
            (0, 4) => Some(20),
            (1, 4) => Some(21),
            _ => None,
        }
    }

    #[test]
    fn a_run_is_of_the_program_that_has_all_its_words() {
        let mut all = [
            instruction(0, 10, true),
            instruction(4, 21, true),
            instruction(0xF000_0000, 1, false),
            instruction(0, 10, true),
            instruction(4, 20, true),
        ];
        assign(&mut all, &[0, 1, 2, 3, 2, 3, 4], 2, word).expect("assigned");
        let owners: Vec<Option<usize>> = all.iter().map(|one| one.domain).collect();
        assert_eq!(owners, [Some(1), Some(1), None, Some(0), Some(0)]);
    }

    #[test]
    fn code_of_no_program_is_an_error() {
        let mut all = [instruction(4, 22, true)];
        assert!(matches!(assign(&mut all, &[0], 2, word), Err(Unusable::Foreign(4))));
    }
}
