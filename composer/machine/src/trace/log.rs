//! QEMU's log: translations (`-d in_asm`) and executions (`-d exec`).

use std::collections::HashMap;
use std::io::{self, BufRead};

use super::Instruction;

/// The bit of QEMU's flags that says that a domain runs: MSR\[PR\].
const PROBLEM_STATE: u32 = 1 << 14;

/// Reads a log: the instructions, and the order in which they were executed.
///
/// ```text
/// 0x00100234:  90010000  stw      r0, 0(r1)                            a translation
/// Trace 0: 0x7f39f8000100 [00000000/00100234/00004002/ff020201]        an execution: host address, PC, flags
/// cpu_io_recompile: rewound execution of TB to 00100234                that one did not happen yet
/// Stopped execution of TB chain before 0x7f39f8000100 [00100234]       nor did that one
/// ```
pub(super) fn read(mut log: impl BufRead) -> io::Result<(Vec<Instruction>, Vec<usize>)> {
    let mut instructions: Vec<Instruction> = Vec::new();
    let mut steps = Vec::new();
    let mut known: HashMap<u64, usize> = HashMap::new();
    let mut translated: Option<(u32, u32, String)> = None;
    let mut line = Vec::new();
    while log.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if let Some((host, address, flags)) = execution(text) {
            let fresh = translated.take().filter(|(at, ..)| *at == address);
            if let Some((address, word, text)) = fresh {
                known.insert(host, instructions.len());
                let user = flags & PROBLEM_STATE != 0;
                instructions.push(Instruction { address, word, text, user, domain: None });
            }
            steps.extend(known.get(&host).copied().filter(|&step| instructions[step].address == address));
        } else if let Some(translation) = translation(text) {
            translated = Some(translation);
        } else if text.starts_with("cpu_io_recompile: rewound") || text.starts_with("Stopped execution") {
            steps.pop();
        }
        line.clear();
    }
    let steps = completed(&instructions, steps);
    Ok((instructions, steps))
}

/// Leaves out what a domain began and had to begin again, because its page was not in the TLB.
fn completed(instructions: &[Instruction], steps: Vec<usize>) -> Vec<usize> {
    let mut again = vec![false; steps.len()];
    let mut last: Option<usize> = None;
    for (at, &step) in steps.iter().enumerate() {
        if instructions[step].user {
            if let Some(last) = last.filter(|&last| last + 1 < at) {
                again[last] = steps[last] == step;
            }
            last = Some(at);
        }
    }
    steps.into_iter().zip(again).filter_map(|(step, again)| (!again).then_some(step)).collect()
}

/// `0x00100234:  90010000  stw      r0, 0(r1)`
fn translation(line: &str) -> Option<(u32, u32, String)> {
    let (address, rest) = line.strip_prefix("0x")?.split_once(": ")?;
    let (word, text) = rest.trim_start().split_once(' ')?;
    Some((hex(address)?, hex(word)?, text.trim().to_owned()))
}

/// `Trace 0: 0x7f39f8000100 [00000000/00100234/00004002/ff020201]`
fn execution(line: &str) -> Option<(u64, u32, u32)> {
    let (_, rest) = line.strip_prefix("Trace ")?.split_once(": 0x")?;
    let (host, rest) = rest.split_once(" [")?;
    let mut fields = rest.split(['/', ']']).skip(1);
    Some((u64::from_str_radix(host, 16).ok()?, hex(fields.next()?)?, hex(fields.next()?)?))
}

fn hex(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
----------------
IN: 
0x00100234:  7c6c42a6  mfspr    r3, 0x10c

Trace 0: 0x7f0000000100 [00000000/00100234/00004002/ff020201] 
IN: 
0x00100238:  90010000  stw      r0, 0(r1)

Trace 0: 0x7f0000000200 [00000000/00100238/00004002/ff020201] 
cpu_io_recompile: rewound execution of TB to 00100238
IN: 
0x00100238:  90010000  stw      r0, 0(r1)

Trace 0: 0x7f0000000300 [00000000/00100238/00004002/ff028001] 
Trace 0: 0x7f0000000100 [00000000/00100234/00004002/ff020201] 
Stopped execution of TB chain before 0x7f0000000100 [00100234] 
IN: 
0xf0000500:  4c000064  rfi      

Trace 0: 0x7f0000000400 [00000000/f0000500/24000002/ff020201] fugue_vectors
IN: 
0x0010023c:  80010000  lwz      r0, 0(r1)

Trace 0: 0x7f0000000500 [00000000/0010023c/00004002/ff020201] 
Trace 0: 0x7f0000000400 [00000000/f0000500/24000002/ff020201] fugue_vectors
Trace 0: 0x7f0000000500 [00000000/0010023c/00004002/ff020201] 
";

    #[test]
    fn what_was_only_begun_does_not_count() {
        let (instructions, steps) = read(LOG.as_bytes()).expect("a log");
        let executed: Vec<(u32, &str, bool)> = steps
            .iter()
            .map(|&step| &instructions[step])
            .map(|instruction| (instruction.address, instruction.text.as_str(), instruction.user))
            .collect();
        assert_eq!(
            executed,
            [
                (0x10_0234, "mfspr    r3, 0x10c", true),
                (0x10_0238, "stw      r0, 0(r1)", true),
                (0xF000_0500, "rfi", false),
                (0xF000_0500, "rfi", false),
                (0x10_023C, "lwz      r0, 0(r1)", true),
            ]
        );
    }
}
