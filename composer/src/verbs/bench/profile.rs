//! Where the instructions of one round are.

use std::fmt::Write;

use composer_machine::trace::Instruction;

use super::traced::{Round, Traced};

/// A round's instructions: how many in each function, and then every one in order.
pub(super) fn text(traced: &Traced, round: &Round) -> String {
    let windows = traced.windows(round);
    let shown = |instruction: &Instruction| {
        let owner = traced.trace.owner(instruction).to_owned();
        (owner, traced.trace.function(instruction))
    };
    let listed: Vec<(String, String, &Instruction)> = windows
        .measured
        .iter()
        .map(|instruction| {
            let (owner, function) = shown(instruction);
            (owner, function, *instruction)
        })
        .collect();
    let mut text = format!(
        "{}: {} instructions executed, {} of them around what is measured\n\n",
        round.name,
        windows.measured.len(),
        windows.around.len()
    );
    text += &format!("{:>6} {:>6}  {:12} {}\n", "count", "moved", "domain", "function");
    for (owner, function, count, moved) in counts(&listed) {
        let _ = writeln!(text, "{count:>6} {moved:>6}  {owner:12} {function}");
    }
    text += "\nin order\n";
    for run in listed.chunk_by(|one, other| (&one.0, name(&one.1)) == (&other.0, name(&other.1))) {
        let _ = writeln!(text, "\n{:4} {}  {}", run.len(), run[0].0, name(&run[0].1));
        for (_, function, instruction) in run {
            let offset = function.rsplit_once('+').map_or("?", |(_, offset)| offset);
            let _ = writeln!(text, "      {:08x} {offset:>7}  {}", instruction.address, instruction.text);
        }
    }
    text
}

/// Instructions in each function, and the registers that they move if `lmw` and `stmw` count so: the function
/// with the most first.
fn counts(listed: &[(String, String, &Instruction)]) -> Vec<(String, String, usize, u32)> {
    let mut counts: Vec<(String, String, usize, u32)> = Vec::new();
    for (owner, function, instruction) in listed {
        let function = name(function);
        let moved = 1 + instruction.further_registers();
        match counts.iter_mut().find(|count| count.0 == *owner && count.1 == function) {
            Some(count) => {
                count.2 += 1;
                count.3 += moved;
            }
            None => counts.push((owner.clone(), function.to_owned(), 1, moved)),
        }
    }
    counts.sort_by_key(|count| std::cmp::Reverse(count.2));
    counts
}

/// A function's name without the offset in it.
fn name(function: &str) -> &str {
    function.rsplit_once('+').map_or(function, |(name, _)| name)
}
