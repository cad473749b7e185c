//! Debug events: where they come, what they leave, and where the handler returns to.

use super::super::bits::{debug, msr};
use super::super::tests::{PROGRAM, run};
use super::*;

const NOP: u32 = 0x6000_0000;
const LOAD: u32 = 0x80A3_0000; // lwz 5,0(3)
const STORE: u32 = 0x9083_0000; // stw 4,0(3)

/// Where an event interrupts a program, in instructions from its first, and what DBSR says. `None`: nowhere.
fn event(
    program: &[u32],
    state: u32,
    control: [u32; 3],
    prepare: impl FnOnce(&mut Core),
) -> (Option<u32>, u32) {
    let (core, vector) = run(program, state, |core| {
        core.registers.special.dbcr = control;
        core.refresh();
        prepare(core);
    });
    let at = (vector == 15).then(|| (core.registers.special.csrr0 - PROGRAM) / 4);
    (at, core.registers.special.dbsr)
}

#[test]
fn branches_interrupt_before_they_are_taken_and_only_where_events_interrupt() {
    // `cmpwi 9,0; bne .+8` (not taken); nop; `bdnz .+8` (CTR 1: not taken); `bl .+4`.
    let program = [0x2C09_0000, 0x4082_0008, NOP, 0x4200_0008, 0x4800_0005, 0x4800_0000];
    let brt = debug::IDM | debug::BRT;
    let (at, status) = event(&program, msr::DE, [brt, 0, 0], |core| core.registers.ctr = 1);
    assert_eq!((at, status), (Some(4), debug::BRT));
    let (core, _) = run(&program, msr::DE, |core| {
        core.registers.special.dbcr[0] = brt;
        core.registers.ctr = 1;
    });
    assert_eq!((core.registers.lr, core.registers.ctr), (0, 0), "it has not been executed");
    let (at, status) = event(&program, msr::DE, [brt, 0, 0], |core| core.registers.ctr = 2);
    assert_eq!((at, status), (Some(3), debug::BRT));
    assert_eq!(event(&program, 0, [brt, 0, 0], |core| core.registers.ctr = 1), (None, 0));
}

#[test]
fn returns_from_interrupts_interrupt_before_or_wait() {
    // rfi.
    let program = [NOP, 0x4C00_0064];
    let back = |core: &mut Core| core.registers.special.srr0 = PROGRAM + 0x100;
    assert_eq!(event(&program, msr::DE, [debug::IDM | debug::RET, 0, 0], back), (Some(1), debug::RET));
    let (core, _) = run(&[NOP, 0x4C00_0064], 0, |core| {
        core.registers.special.dbcr[0] = debug::IDM | debug::RET;
        core.registers.special.srr0 = PROGRAM;
        core.registers.special.srr1 = msr::DE;
    });
    // It was noted, and came with the return that enabled it.
    assert_eq!(core.registers.special.dbsr, debug::RET | debug::IDE);
    assert_eq!(core.registers.special.csrr0, PROGRAM);
}

#[test]
fn addresses_of_instructions_are_compared_exactly_and_in_ranges() {
    let program = [NOP; 12];
    let iac = |which: u32| debug::IDM | debug::IAC1 >> which;
    let at = |iac: [u32; 4]| {
        move |core: &mut Core| core.registers.special.iac = iac.map(|number| PROGRAM + 4 * number)
    };
    for which in 0..4 {
        let mut places = [100; 4];
        places[which as usize] = 5;
        let found = event(&program, msr::DE, [iac(which), 0, 0], at(places));
        assert_eq!(found, (Some(5), debug::IAC1 >> which));
    }
    // Ranges: inside, outside; for users only; by turns.
    let inside = 0x0080_0000;
    let outside = 0x00C0_0000;
    assert_eq!(event(&program, msr::DE, [iac(0), inside, 0], at([3, 6, 0, 0])).0, Some(3));
    assert_eq!(event(&program, msr::DE, [iac(0), outside, 0], at([0, 6, 0, 0])).0, Some(6));
    assert_eq!(event(&program, msr::DE, [iac(0), inside | 0xC000_0000, 0], at([3, 6, 0, 0])).0, None);
    let user = msr::DE | msr::PR;
    let (at_entry, status) = event(&program, user, [iac(0), inside | 0xC001_0000, 0], at([3, 6, 0, 0]));
    assert_eq!((at_entry, status), (Some(3), debug::IAC1 | debug::IAC12ATS));
    let (at_end, status) = event(&program, user, [iac(2), 0xC081, 0], at([0, 0, 3, 6]));
    assert_eq!((at_end, status), (Some(3), debug::IAC1 >> 2 | debug::IAC12ATS >> 1));
}

#[test]
fn toggling_ranges_are_entered_and_left_once_each() {
    // Events that do not interrupt: DE is 0, so they are noted, and the range's turn changes with each.
    let (core, _) = run(&[NOP; 12], 0, |core| {
        core.registers.special.dbcr = [debug::IDM | debug::IAC1, 0x0081_0000, 0];
        core.registers.special.iac = [PROGRAM + 12, PROGRAM + 24, 0, 0];
    });
    // In, out; the vectors lie outside: in would be next.
    assert_eq!(core.registers.special.dbsr, debug::IAC1 | debug::IDE);
}

#[test]
fn addresses_and_values_of_data_are_compared() {
    let value = 0x1122_3344;
    let both = [LOAD, STORE];
    let prepare = |dvc: u32, offset: u32| {
        move |core: &mut Core| {
            core.registers.gpr[3] = 0x2000;
            core.registers.gpr[4] = value;
            core.registers.special.dac = [0x2000 + offset, 0];
            core.registers.special.dvc = [dvc, 0];
        }
    };
    let reads = debug::IDM | debug::DAC1R;
    let writes = debug::IDM | debug::DAC1R >> 1;
    assert_eq!(event(&both, msr::DE, [reads, 0, 0], prepare(0, 0)), (Some(0), debug::DAC1R));
    assert_eq!(event(&both, msr::DE, [writes, 0, 0], prepare(0, 0)), (Some(1), debug::DAC1R >> 1));
    assert_eq!(event(&both, msr::DE, [writes, 0, 0], prepare(0, 4)).0, None);
    // All bytes; the two in the middle; any of the two outer ones; the upper or the lower pair.
    for (control, dvc, found) in [
        (0x0004_0F00, value, true),
        (0x0004_0F00, value + 1, false),
        (0x0004_0600, 0xFF22_33FF, true),
        (0x0004_0600, 0xFF22_34FF, false),
        (0x0008_0900, 0x1100_0000, true),
        (0x0008_0900, 0x0022_3300, false),
        (0x000C_0F00, 0x1122_0000, true),
        (0x000C_0F00, 0x1100_3300, false),
        (0x0004_0000, value, false),
    ] {
        let (at, _) = event(&both, msr::DE, [writes, 0, control], prepare(dvc, 0));
        assert_eq!(at.is_some(), found, "{control:#x} {dvc:#x}");
    }
    // Memory holds zeros: the load meets 0, and has not changed its register.
    let (core, vector) = run(&both, msr::DE, |core| {
        core.registers.special.dbcr = [reads, 0, 0x0004_0F00];
        core.registers.gpr[5] = 7;
        prepare(0, 0)(core);
        core.refresh();
    });
    assert_eq!((vector, core.registers.gpr[5]), (15, 7));
}

#[test]
fn bytes_that_are_not_accessed_match_nothing() {
    assert!(has_value(0x0000_AB00, ALL_BYTES, 2, 0x1002, &[0xAB]));
    assert!(!has_value(0x0000_AB00, ALL_BYTES, 3, 0x1002, &[0xAB]));
    assert!(!has_value(0x0000_AB00, ANY_BYTE, 1, 0x1002, &[0xAB]));
    // Two words of one access, unaligned.
    assert!(has_value(0xCD00_0000, ALL_BYTES, 8, 0x1002, &[1, 2, 0xCD, 4]));
    assert!(has_value(0x0000_0102, 3, 15, 0xFFFF_FFFE, &[1, 2, 0xCD, 4]));
}

#[test]
fn timers_stand_still_while_an_event_is_noted() {
    // nop; `mftb 5`; `mtspr DBSR,6`; `mftb 7`; `b .`.
    let program = [NOP, 0x7CAC_42E6, 0x7CD0_4BA6, 0x7CEC_42E6, 0x4800_0000];
    let (core, _) = run(&program, 0, |core| {
        core.registers.special.dbcr[0] = debug::IAC1 | debug::FT;
        core.registers.special.iac[0] = PROGRAM;
        core.registers.gpr[6] = u32::MAX;
    });
    // Noted at cycle 0; cleared by the third instruction, at cycle 2.
    assert_eq!((core.registers.gpr[5], core.registers.gpr[7]), (0, 1));
}
