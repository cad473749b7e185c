//! Instructions that the monitor completes.

use crate::common::{Guest, NOP, instruction, mfspr, mtmsr, mtspr};
use abi::vcpu::{ExitReason, LINE_EXTERNAL, OPTION_BREAKPOINTS, VcpuCounter};
use ppc440::msr;
use runtime::vm::{GuestMemory, VirtualMachine};

const END: Option<ExitReason> = Some(ExitReason::Fetch);

const MFMSR_6: u32 = instruction(83, 6, 0, 0);
const WRTEEI_1: u32 = instruction(163, 0, 0, 16);
const RFMCI: u32 = 19 << 26 | 38 << 1;
const RFI: u32 = 19 << 26 | 50 << 1;
const RFCI: u32 = 19 << 26 | 51 << 1;

#[test]
fn instructions_are_completed_one_after_the_other() {
    let mut guest = Guest::new();
    guest.state().gpr[4] = 0x1234;
    assert_eq!(guest.execute(0x100, &[mtspr(272, 4), mfspr(5, 272), MFMSR_6, NOP]), END);
    let state = guest.state();
    assert_eq!((state.pc, state.gpr[5], state.gpr[6]), (0x10C, 0x1234, 0));
    assert_eq!(state.counters[VcpuCounter::ExitInstruction as usize], 3);
}

#[test]
fn an_interrupt_that_waits_comes_in_behind_the_instruction_that_lets_it() {
    let mut guest = Guest::new();
    guest.state().lines = LINE_EXTERNAL;
    assert_eq!(guest.execute(0x100, &[WRTEEI_1]), END);
    assert_eq!(guest.vector(), 4);
    let state = guest.state();
    assert_eq!((state.srr, state.msr, state.waits), ([0x104, msr::EE], 0, 1));
    state.lines = 0;
    guest.run();
    assert_eq!(guest.state().waits, 0);
}

#[test]
fn a_return_restores_what_the_manual_keeps() {
    for (word, level) in [(RFI, 0), (RFCI, 1), (RFMCI, 2)] {
        let mut guest = Guest::new();
        let saved = [0x203, !(msr::PR | msr::IS | msr::DS | msr::WE)];
        let state = guest.state();
        *[&mut state.srr, &mut state.csrr, &mut state.mcsrr][level] = saved;
        assert_eq!(guest.execute(0x100, &[word]), END);
        assert_eq!((guest.state().pc, guest.state().msr), (0x200, 0x0002_BF00));
    }
}

#[test]
fn registers_have_the_bits_of_the_manual() {
    let stored: &[(u32, u32)] = &[
        (26, u32::MAX),
        (27, u32::MAX),
        (48, 0xFF),
        (54, u32::MAX),
        (58, u32::MAX),
        (59, u32::MAX),
        (61, u32::MAX),
        (62, u32::MAX),
        (63, 0xFFFF_0000),
        (272, u32::MAX),
        (279, u32::MAX),
        (309, u32::MAX),
        (312, u32::MAX),
        (319, u32::MAX),
        (400, 0xFFF0),
        (415, 0xFFF0),
        (570, u32::MAX),
        (571, u32::MAX),
        (880, u32::MAX),
        (887, u32::MAX),
        (888, u32::MAX),
        (912, u32::MAX),
        (919, u32::MAX),
        (920, u32::MAX),
        (921, u32::MAX),
        (946, 0x016D_00FF),
        (947, u32::MAX),
    ];
    for (spr, bits) in stored {
        for value in [u32::MAX, 0x5A5A_5A5A, 0] {
            let mut guest = Guest::new();
            guest.state().gpr[3] = value;
            assert_eq!(guest.execute(0x100, &[mtspr(*spr, 3), mfspr(4, *spr)]), END);
            assert_eq!(guest.state().gpr[4], value & bits, "register {spr}");
        }
    }
}

#[test]
fn registers_that_are_not_there_are_illegal() {
    for (word, legal) in [
        (mfspr(3, 286), true),
        (mfspr(3, 287), true),
        (mfspr(3, 263), true),
        (mfspr(3, 268), true),
        (mfspr(3, 923), true),
        (mfspr(3, 259), false),
        (mfspr(3, 284), false),
        (mfspr(3, 528), false),
        (mtspr(263, 3), false),
        (mtspr(268, 3), false),
        (mtspr(284, 3), true),
        (mtspr(285, 3), true),
        (mtspr(287, 3), false),
        (mtspr(1023, 3), false),
        // `mfdcrx`, and `tlbwe` of a word 3.
        (instruction(259, 3, 3, 0), false),
        (instruction(978, 3, 3, 3), false),
    ] {
        let mut guest = Guest::new();
        assert_eq!(guest.execute(0x100, &[word]), END);
        let state = guest.state();
        let illegal = (state.pc, state.esr, state.srr[0]) == (0x1060, msr::ESR_PIL, 0x100);
        assert_eq!(illegal, !legal, "{word:#x}");
        assert_eq!(state.pc == 0x104, legal, "{word:#x}");
    }
}

#[test]
fn status_registers_are_cleared_by_ones() {
    for (spr, register) in [(304, 0), (336, 1), (572, 2)] {
        let mut guest = Guest::new();
        let state = guest.state();
        (state.dbsr, state.tsr, state.mcsr) = (0xFF, 0xFF, 0xFF);
        state.gpr[3] = 0x0F;
        guest.execute(0x100, &[mtspr(spr, 3), mfspr(4, spr)]);
        let state = guest.state();
        let held = [state.dbsr, state.tsr, state.mcsr];
        assert_eq!((held[register], state.gpr[4]), (0xF0, 0xF0), "register {spr}");
    }
}

#[test]
fn the_decrementer_reads_what_is_left() {
    let mut guest = Guest::new();
    guest.state().gpr[3] = 700;
    guest.execute(0x100, &[mtspr(22, 3)]);
    for (later, dec, tsr) in [(699, 1, 0), (709, 0, 0x0800_0000)] {
        guest.set_time(1000 + later);
        guest.execute(0x200, &[mfspr(4, 22), mfspr(5, 336)]);
        assert_eq!(guest.state().gpr[4..6], [dec, tsr]);
    }
}

#[test]
fn what_is_a_devices_goes_to_the_monitor() {
    let mut guest = Guest::new();
    let mfdcr = instruction(323, 7, 0xC6 & 31, 0xC6 >> 5);
    let mtdcr = instruction(451, 7, 0xC0 & 31, 0xC0 >> 5);
    for (word, reason, number) in [(mfdcr, ExitReason::DcrRead, 0xC6), (mtdcr, ExitReason::DcrWrite, 0xC0)] {
        assert_eq!(guest.execute(0x100, &[word]), Some(reason));
        let state = guest.state();
        assert_eq!((state.pc, state.exit.instruction, state.exit.physical), (0x100, word, number));
        // Not in user state.
        state.msr = msr::PR;
        assert_eq!((guest.execute(0x100, &[word]), guest.state().esr), (END, msr::ESR_PPR));
        guest.state().msr = 0;
    }
    guest.state().gpr[3] = 0x3000_0000;
    assert_eq!(guest.execute(0x100, &[mtspr(308, 3)]), Some(ExitReason::Reset));
    assert_eq!(guest.state().exit.detail, 3);
}

#[test]
fn an_invalidation_of_data_asks_only_for_the_right() {
    let dcbi = instruction(470, 0, 0, 4);
    for (address, end, dear) in [(0x2010, 0x104, 0), (0x3010, 0x1020, 0x3010), (0x9000, 0x10D0, 0x9000)] {
        let mut guest = Guest::new();
        guest.state().gpr[4] = address;
        assert_eq!(guest.execute(0x100, &[dcbi]), END);
        assert_eq!((guest.state().pc, guest.state().dear), (end, dear));
        assert_eq!(guest.state().esr, if dear == 0 { 0 } else { msr::ESR_ST });
    }
}

#[test]
fn user_state_executes_nothing_privileged() {
    for (word, sent, esr) in [
        (mfspr(3, 272), msr::ESR_PPR, msr::ESR_PPR),
        (mfspr(3, 287), msr::ESR_PPR, msr::ESR_PPR),
        // QEMU's word for a register that does not exist.
        (mfspr(3, 259), msr::ESR_PPR, msr::ESR_PIL),
        (4, msr::ESR_PIL, msr::ESR_PIL),
        (0x7C63_0008, msr::ESR_PTR, msr::ESR_PTR),
    ] {
        let mut guest = Guest::new();
        guest.run();
        guest.state().msr = msr::PR;
        guest.time.borrow_mut().esr = sent;
        assert_eq!(guest.execute(0x100, &[word]), END);
        assert_eq!(guest.vector(), 6);
        assert_eq!((guest.state().esr, guest.state().srr), (esr, [0x100, msr::PR]));
    }
}

#[test]
fn a_syndrome_that_the_kernel_has_lost_is_found_again() {
    for (word, esr) in [
        (mfspr(3, 272), msr::ESR_PPR),
        (MFMSR_6, msr::ESR_PPR),
        (RFI, msr::ESR_PPR),
        (4, msr::ESR_PIL),
        (0x7C63_0008, msr::ESR_PTR),
        (0x0C63_0000, msr::ESR_PTR),
        (0xFC21_082A, msr::ESR_FP),
    ] {
        let mut guest = Guest::new();
        guest.run();
        guest.state().msr = msr::PR;
        guest.time.borrow_mut().esr = 0;
        assert_eq!((guest.execute(0x100, &[word]), guest.state().esr), (END, esr), "{word:#x}");
        assert_eq!(guest.vector(), 6);
    }
}

#[test]
fn an_instruction_that_the_kernel_could_not_read_is_read() {
    let mut guest = Guest::new();
    guest.state().gpr[4] = 9;
    guest.processor.memory().write_u32(0x100, mtspr(272, 4)).unwrap();
    guest.time.borrow_mut().next = Some(|state| {
        state.pc = 0x100;
        state.msr = msr::DS;
        state.exit = abi::vcpu::Exit { reason: ExitReason::Instruction as u32, ..Default::default() };
    });
    assert_eq!((guest.run(), guest.state().sprg[0], guest.state().msr), (END, 9, msr::DS));
    // Where nothing translates, the guest itself is to find that out.
    guest.time.borrow_mut().next = Some(|state| {
        state.pc = 0x8000;
        state.exit = abi::vcpu::Exit { reason: ExitReason::Instruction as u32, ..Default::default() };
    });
    assert_eq!((guest.run(), guest.state().pc), (END, 0x8000));
}

#[test]
fn breakpoints_are_the_guests_unless_the_monitor_wants_them() {
    let mut guest = Guest::new();
    guest.time.borrow_mut().esr = msr::ESR_PTR;
    guest.state().options = OPTION_BREAKPOINTS;
    assert_eq!(guest.execute(0x100, &[0x7FE0_0008]), Some(ExitReason::Breakpoint));
    assert_eq!(guest.state().pc, 0x100);
    guest.state().options = 0;
    assert_eq!((guest.run(), guest.state().esr), (END, msr::ESR_PTR));
    assert_eq!(guest.vector(), 6);
}

#[test]
fn the_machine_state_keeps_its_own_bits() {
    let mut guest = Guest::new();
    guest.state().gpr[3] = !(msr::WE | msr::PR);
    assert_eq!(guest.execute(0x100, &[mtmsr(3)]), END);
    assert_eq!(guest.state().msr, 0x0002_BF30);
}

proptest::proptest! {
    /// Whatever the instruction, the run ends, and nothing panics.
    #[test]
    fn every_word_is_executed_or_reported(word: u32, user: bool, esr: u32, registers: [u32; 32]) {
        let mut guest = Guest::new();
        guest.run();
        guest.state().gpr = registers;
        guest.state().msr = if user { msr::PR } else { 0 };
        guest.time.borrow_mut().esr = esr;
        guest.processor.inner().idle = Box::new(|| runtime::Bits(1));
        guest.processor.memory().write_u32(0x100, word).unwrap();
        guest.state().pc = 0x100;
        guest.processor.run();
        let state = guest.state();
        proptest::prop_assert!(ExitReason::from_number(state.exit.reason).is_some());
    }
}
