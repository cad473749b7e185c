//! Privileged instructions.

use super::*;

const fn extended(opcode: u32, target: u32, first: u32, second: u32) -> u32 {
    31 << 26 | target << 21 | first << 16 | second << 11 | opcode << 1
}

#[test]
fn the_tlb_is_written_read_and_searched_with_mmucr() {
    let mut guest = Guest::new();
    let tlbwe = |source, word| extended(978, source, 2, word);
    let tlbre = |target, word| extended(946, target, 2, word);
    guest.state.gpr[2] = 0xFF85;
    guest.state.gpr[3..6].copy_from_slice(&[0x9000_031F, 0x8000_1402, 0xFFFF_FFFF]);
    guest.state.mmucr = 0x77;
    for word in [tlbwe(3, 0), tlbwe(4, 1), tlbwe(5, 2)] {
        assert_eq!(guest.execute(0x100, word), Next::Enter);
        assert_eq!(guest.state.pc, 0x104);
    }
    guest.state.mmucr = 0x1_0000;
    for word in [tlbre(6, 0), tlbre(7, 1), tlbre(8, 2)] {
        guest.execute(0x200, word);
    }
    assert_eq!(guest.state.gpr[6..9], [0x9000_0310, 0x8000_1402, 0xFFBF]);
    assert_eq!(guest.state.mmucr, 0x1_0077);
    // `tlbsx.` r9, 0, r10: by STS and STID, and CR0 takes the summary overflow.
    let search = extended(914, 9, 0, 10) | 1;
    for (mmucr, address, found) in [
        (0x1_0077, 0x9000_0FFF, true),
        (0x77, 0x9000_0FFF, false),
        (0x1_0076, 0x9000_0FFF, false),
        (0x1_0077, 0x9000_1000, false),
    ] {
        (guest.state.mmucr, guest.state.gpr[10], guest.state.gpr[9]) = (mmucr, address, 0x55);
        (guest.state.cr, guest.state.xer) = (0x8765_4321, 0x8000_0000);
        guest.execute(0x300, search);
        let expected = if found { (5, 0x3765_4321) } else { (0x55, 0x1765_4321) };
        assert_eq!((guest.state.gpr[9], guest.state.cr), expected);
    }
}

#[test]
fn all_others_are_the_monitors() {
    let mfdcr = extended(323, 7, 0xC6 & 31, 0xC6 >> 5);
    // `mfdcr`; `tlbwe` of a word 3; `mtmsr`; nothing.
    for (machine_state, word) in
        [(0, mfdcr), (0, extended(978, 3, 3, 3)), (0, extended(146, 3, 0, 0)), (0, 0)]
            .into_iter()
            // And all of user state.
            .chain([(msr::PR, extended(978, 3, 3, 0))])
    {
        let mut guest = Guest::new();
        guest.state.msr = machine_state;
        guest.prepare();
        guest.state.pc = 0x100;
        let trap = GuestTrap::Program { instruction: word, esr: msr::ESR_PPR };
        assert_eq!((guest.trap(trap), guest.reason()), (Next::Exit, Some(ExitReason::Instruction)));
        let exit = guest.state.exit;
        assert_eq!((guest.state.pc, exit.instruction, exit.detail), (0x100, word, msr::ESR_PPR));
        assert!(guest.vcpu.tlb.entry(0).is_valid());
    }
}

#[test]
fn a_flush_that_would_run_out_of_pids_begins_a_generation() {
    let mut guest = Guest::new();
    let flush = extended(978, 3, 3, 0);
    guest.state.gpr[3] = 5;
    guest.vcpu.tlb.write(5, 0, 0x9000_0210, 0);
    guest.pool.next = 255;
    assert_eq!((guest.execute(0x100, flush), guest.state.pc), (Next::Enter, 0x100));
    assert!(guest.pool.next < 4 && guest.vcpu.tlb.entry(5).is_valid());
    // But a step is one.
    guest.pool.next = 255;
    guest.state.requests = abi::vcpu::REQUEST_STEP;
    assert_eq!((guest.execute(0x100, flush), guest.state.pc), (Next::Exit, 0x104));
    assert!(!guest.vcpu.tlb.entry(5).is_valid());
}
