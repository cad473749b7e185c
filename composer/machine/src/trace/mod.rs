//! What a run executed, instruction by instruction: QEMU's own log of it, read back.
//!
//! A traced run (see [`RunOptions::trace`](crate::RunOptions::trace)) translates one instruction at a time and
//! logs each translation, with the word and its text, and each execution. An address alone does not say which
//! domain's code it is, since all are linked at the same place. QEMU translates by *physical* address, though,
//! so a translation belongs to one domain; which one, its words tell (`owners`).

mod log;
mod owners;

use std::io::{self, BufReader};
use std::path::Path;

use composer_build::Built;

use crate::symbols::Program;

/// What was executed.
#[derive(Debug)]
pub struct Trace {
    instructions: Vec<Instruction>,
    /// Indices of `instructions`, in the order of execution.
    steps: Vec<usize>,
    programs: Vec<Owner>,
}

/// A program of the image.
#[derive(Debug)]
struct Owner {
    name: String,
    program: Option<Program>,
}

/// An instruction that was executed, at one physical place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Its effective address.
    pub address: u32,
    /// Itself.
    pub word: u32,
    /// The same for people, as QEMU writes it: `lwz      r3, 4(r1)`.
    pub text: String,
    /// Whether a domain executed it, not the kernel.
    pub user: bool,
    /// Whose it is: an index of the image's domains; none for the kernel.
    domain: Option<usize>,
}

/// Why a trace cannot be used.
#[derive(Debug)]
pub enum Unusable {
    /// The file cannot be read.
    Io(io::Error),
    /// QEMU logged nothing that looks like an execution.
    Empty,
    /// The instruction at this address fits no program of the image.
    Foreign(u32),
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(out, "the trace cannot be read: {error}"),
            Self::Empty => write!(out, "QEMU's log shows no executed instruction"),
            Self::Foreign(address) => {
                write!(out, "the instruction executed at {address:#010x} is in no program of the image")
            }
        }
    }
}

impl Instruction {
    /// Whether it reads the time base's lower half.
    pub fn reads_clock(&self) -> bool {
        // mftb and mfspr of register 268, whose number stands in two halves.
        const CLOCK: u32 = (268 & 0x1F) << 16 | (268 >> 5) << 11;
        let form = self.word & 0xFC1F_FFFF;
        form == (31 << 26 | CLOCK | 371 << 1) || form == (31 << 26 | CLOCK | 339 << 1)
    }

    /// Registers that it moves beyond the first: `lmw` and `stmw` move all from the named one to r31.
    pub fn further_registers(&self) -> u32 {
        match self.word >> 26 {
            46 | 47 => 31 - (self.word >> 21 & 0x1F),
            _ => 0,
        }
    }
}

impl Trace {
    /// Reads the log of a traced run of an image.
    ///
    /// # Errors
    ///
    /// [`Unusable`]: why it cannot be used.
    pub fn read(path: &Path, built: &Built) -> Result<Self, Unusable> {
        let (mut instructions, steps) = log::read(BufReader::new(std::fs::File::open(path)?))?;
        if steps.is_empty() {
            return Err(Unusable::Empty);
        }
        let open = |name: &str, path: &Path| Owner { name: name.to_owned(), program: Program::open(path) };
        let mut programs: Vec<Owner> =
            built.domains.iter().map(|domain| open(&domain.name, &domain.elf)).collect();
        let word = |domain: usize, address| programs[domain].program.as_ref()?.word(address);
        owners::assign(&mut instructions, &steps, programs.len(), word)?;
        programs.push(open("kernel", &built.kernel));
        Ok(Self { instructions, steps, programs })
    }

    /// The instructions from each odd to each even reading of the clock by a domain, in order. The reading
    /// that begins a window belongs to it, the one that ends it does not.
    pub fn windows(&self) -> Vec<Vec<&Instruction>> {
        let reads: Vec<usize> = (0..self.steps.len())
            .filter(|&step| {
                let instruction = &self.instructions[self.steps[step]];
                instruction.user && instruction.reads_clock()
            })
            .collect();
        let window = |(from, to): (usize, usize)| {
            self.steps[from..to].iter().map(|&step| &self.instructions[step]).collect()
        };
        reads.chunks_exact(2).map(|pair| window((pair[0], pair[1]))).collect()
    }

    /// Who executed an instruction: a domain's name, or `kernel`.
    pub fn owner(&self, instruction: &Instruction) -> &str {
        &self.program(instruction).name
    }

    /// The function that an instruction is in, with the offset there: `greeter::run+0x34`.
    pub fn function(&self, instruction: &Instruction) -> String {
        let program = self.program(instruction).program.as_ref();
        let name = program.and_then(|program| program.function(u64::from(instruction.address)));
        name.unwrap_or_else(|| "?".to_owned())
    }

    fn program(&self, instruction: &Instruction) -> &Owner {
        &self.programs[instruction.domain.unwrap_or(self.programs.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(word: u32) -> Instruction {
        Instruction { address: 0, word, text: String::new(), user: true, domain: None }
    }

    #[test]
    fn the_clock_is_read_by_two_forms() {
        assert!(word(0x7C6C_42E6).reads_clock(), "mftb r3");
        assert!(word(0x7C6C_42A6).reads_clock(), "mfspr r3, 268");
        for other in [0x7C6D_42E6, 0x7C6D_42A6, 0x7C60_0026] {
            assert!(!word(other).reads_clock(), "mftbu, mfspr r3 269, mfcr");
        }
    }

    #[test]
    fn multiple_moves_are_counted_by_register() {
        assert_eq!(word(0xBDA1_0010).further_registers(), 18, "stmw r13");
        assert_eq!(word(0xBBE1_0010).further_registers(), 0, "lmw r31 moves one");
        assert_eq!(word(0x8061_0010).further_registers(), 0, "lwz");
    }
}
