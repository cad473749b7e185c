//! What the console is told of a guest: its death, and what it has cost.

use core::fmt::{self, Write};

use abi::vcpu::{ExitReason, VcpuCounter, VcpuState};

use crate::exits::Exits;

/// Names of the counters in a line of statistics, in order of [`VcpuCounter`].
const COUNTERS: [&str; 29] = [
    "msr",
    "spr",
    "return",
    "tlb_write",
    "tlb_read",
    "flush_loop",
    "pid",
    "timer_register",
    "cache",
    "time_base",
    "adjacent",
    "refill",
    "guest_miss",
    "system_call",
    "program",
    "storage",
    "alignment",
    "float",
    "timer",
    "external",
    "idle",
    "exit_dcr",
    "exit_access",
    "exit_signal",
    "exit_other",
    "interrupted",
    "dropped",
    "generations",
    "exit_instruction",
];
const _: () = assert!(COUNTERS.len() == VcpuCounter::ExitInstruction as usize + 1);

/// One line: `[vm0] stats msr=12 spr=30 …`, then what the monitor counts itself.
///
/// # Errors
///
/// What `out` answers.
pub fn statistics(out: &mut impl Write, vm: u32, state: &VcpuState, own: &[(&str, u32)]) -> fmt::Result {
    write!(out, "[vm{vm}] stats")?;
    for (name, count) in COUNTERS.iter().zip(state.counters) {
        write!(out, " {name}={count}")?;
    }
    for (name, count) in own {
        write!(out, " {name}={count}")?;
    }
    out.write_char('\n')
}

/// The report of a guest's death.
///
/// # Errors
///
/// What `out` answers.
pub fn death(out: &mut impl Write, vm: u32, why: &str, state: &VcpuState, exits: &Exits) -> fmt::Result {
    writeln!(out, "[vm{vm}] the guest has died: {why}")?;
    writeln!(
        out,
        "[vm{vm}]   pc {:08x}  msr {:08x}  cr {:08x}  lr {:08x}  ctr {:08x}  xer {:08x}  pid {:02x}",
        state.pc, state.msr, state.cr, state.lr, state.ctr, state.xer, state.pid
    )?;
    for (row, registers) in state.gpr.chunks_exact(8).enumerate() {
        write!(out, "[vm{vm}]   r{:<2}", 8 * row)?;
        for register in registers {
            write!(out, " {register:08x}")?;
        }
        out.write_char('\n')?;
    }
    writeln!(
        out,
        "[vm{vm}]   srr {:08x} {:08x}  csrr {:08x} {:08x}  mcsrr {:08x} {:08x}  dear {:08x}  esr {:08x}  mcsr {:08x}",
        state.srr[0],
        state.srr[1],
        state.csrr[0],
        state.csrr[1],
        state.mcsrr[0],
        state.mcsrr[1],
        state.dear,
        state.esr,
        state.mcsr
    )?;
    writeln!(out, "[vm{vm}]   latest exits, the last one at the end:")?;
    for exit in exits.oldest_first().filter(|exit| *exit != Default::default()) {
        writeln!(
            out,
            "[vm{vm}]   {:<9} at pc {:08x}, instruction {:08x}, {:08x}",
            reason(exit.reason),
            exit.pc,
            exit.instruction,
            exit.physical
        )?;
    }
    Ok(())
}

/// An exit's reason in a word.
pub(crate) fn reason(number: u32) -> &'static str {
    ExitReason::from_number(number).map_or("unknown", ExitReason::name)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::String;

    use abi::vcpu::Exit;

    use super::*;

    #[test]
    fn statistics_are_one_line_of_names_and_numbers() {
        let mut state = VcpuState::ZERO;
        state.count(VcpuCounter::Msr);
        let mut line = String::new();
        statistics(&mut line, 3, &state, &[("uart", 7)]).unwrap();
        assert!(line.starts_with("[vm3] stats msr=1 spr=0 "), "{line}");
        assert!(line.ends_with(" exit_instruction=0 uart=7\n"), "{line}");
    }

    #[test]
    fn a_death_shows_registers_and_the_latest_exits() {
        let mut state = VcpuState::ZERO;
        state.gpr[31] = 0xDEAD_BEEF;
        let mut exits = Exits::new();
        exits.record(
            &Exit { reason: 3, instruction: 0x8000_0000, physical: 0x1234, ..Exit::default() },
            0xC000_0000,
        );
        let mut text = String::new();
        death(&mut text, 0, "it says so", &state, &exits).unwrap();
        assert!(text.starts_with("[vm0] the guest has died: it says so\n"), "{text}");
        assert!(
            text.contains("r24 00000000 00000000 00000000 00000000 00000000 00000000 00000000 deadbeef\n"),
            "{text}"
        );
        assert!(text.ends_with("access    at pc c0000000, instruction 80000000, 00001234\n"), "{text}");
    }
}
