//! Privileged instructions.

use super::*;
use abi::vcpu::{ExitReason, VcpuCounter};

const fn extended(opcode: u32, target: u32, first: u32, second: u32) -> u32 {
    31 << 26 | target << 21 | first << 16 | second << 11 | opcode << 1
}

pub(super) const fn mfspr(target: u32, spr: u32) -> u32 {
    extended(339, target, spr & 31, spr >> 5)
}

pub(super) const fn mtspr(spr: u32, source: u32) -> u32 {
    extended(467, source, spr & 31, spr >> 5)
}

pub(super) const fn mfmsr(target: u32) -> u32 {
    extended(83, target, 0, 0)
}

const MTMSR_3: u32 = extended(146, 3, 0, 0);
const WRTEEI_1: u32 = extended(163, 0, 0, 16);
const WRTEEI_0: u32 = extended(163, 0, 0, 0);
const RFI: u32 = 19 << 26 | 50 << 1;
const NOP: u32 = 0x6000_0000;

fn count(guest: &Guest, counter: VcpuCounter) -> u32 {
    guest.state.counters[counter as usize]
}

#[test]
fn a_run_of_adjacent_instructions_takes_one_trap() {
    let mut guest = Guest::new();
    guest.state.gpr[4] = 0x1234;
    assert_eq!(guest.execute(0x100, &[mtspr(272, 4), mfspr(5, 272), mfmsr(6), NOP]), Next::Enter);
    assert_eq!((guest.state.pc, guest.state.gpr[5], guest.state.gpr[6]), (0x10C, 0x1234, 0));
    assert_eq!(count(&guest, VcpuCounter::Adjacent), 2);
}

#[test]
fn a_run_ends_at_the_page_and_where_something_is_pending() {
    let mut guest = Guest::new();
    assert_eq!(guest.execute(0xFFC, &[mfmsr(3), mfmsr(4)]), Next::Enter);
    assert_eq!((guest.state.pc, count(&guest, VcpuCounter::Adjacent)), (0x1000, 0));

    let mut guest = Guest::new();
    guest.state.ivpr = 0x10_0000;
    guest.state.ivor[4] = 0x500;
    guest.state.lines = abi::vcpu::LINE_EXTERNAL;
    assert_eq!(guest.execute(0x100, &[WRTEEI_1, WRTEEI_0, NOP]), Next::Enter);
    assert_eq!((guest.state.pc, guest.state.srr), (0x10_0500, [0x104, msr::EE]));
    assert_eq!(guest.state.msr, 0);
}

#[test]
fn a_return_restores_what_the_manual_keeps_and_may_wait() {
    let mut guest = Guest::new();
    guest.state.srr = [0x203, !(msr::PR | msr::IS | msr::DS | msr::WE)];
    assert_eq!(guest.execute(0x100, &[RFI]), Next::Enter);
    assert_eq!((guest.state.pc, guest.state.msr), (0x200, 0x0002_BF00));
    guest.state.gpr[3] = msr::WE | msr::EE;
    assert_eq!(guest.execute(0x100, &[MTMSR_3]), Next::Idle);
    assert_eq!(guest.state.pc, 0x104);
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
            guest.state.gpr[3] = value;
            assert_eq!(guest.execute(0x100, &[mtspr(*spr, 3)]), Next::Enter);
            assert_eq!(guest.execute(0x200, &[mfspr(4, *spr)]), Next::Enter);
            assert_eq!(guest.state.gpr[4], value & bits, "register {spr}");
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
        (extended(259, 3, 3, 0), false),
        (extended(978, 3, 3, 3), false),
    ] {
        let mut guest = Guest::new();
        guest.state.ivpr = 0x10_0000;
        guest.execute(0x100, &[word]);
        let illegal =
            (guest.state.pc, guest.state.esr, guest.state.srr[0]) == (0x10_0000, msr::ESR_PIL, 0x100);
        assert_eq!(illegal, !legal, "{word:#x}");
        assert_eq!(guest.state.pc == 0x104, legal, "{word:#x}");
    }
}

#[test]
fn status_registers_are_cleared_by_ones() {
    for (spr, register) in [(304, 0), (336, 1), (572, 2)] {
        let mut guest = Guest::new();
        (guest.state.dbsr, guest.state.tsr, guest.state.mcsr) = (0xFF, 0xFF, 0xFF);
        guest.state.gpr[3] = 0x0F;
        guest.execute(0x100, &[mtspr(spr, 3), mfspr(4, spr)]);
        let held = [guest.state.dbsr, guest.state.tsr, guest.state.mcsr];
        assert_eq!((held[register], guest.state.gpr[4]), (0xF0, 0xF0), "register {spr}");
    }
}

#[test]
fn the_decrementer_reads_what_is_left() {
    let mut guest = Guest::new();
    guest.state.gpr[3] = 700;
    guest.execute(0x100, &[mtspr(22, 3)]);
    guest.hardware.now += 699;
    guest.execute(0x200, &[mfspr(4, 22), mfspr(5, 336)]);
    assert_eq!((guest.state.gpr[4], guest.state.gpr[5]), (1, 0));
    guest.hardware.now += 10;
    guest.execute(0x200, &[mfspr(4, 22), mfspr(5, 336)]);
    assert_eq!((guest.state.gpr[4], guest.state.gpr[5]), (0, 0x0800_0000));
}

#[test]
fn what_is_a_devices_goes_to_the_monitor() {
    let mut guest = Guest::new();
    let mfdcr = extended(323, 7, 0xC6 & 31, 0xC6 >> 5);
    let mtdcr = extended(451, 7, 0xC0 & 31, 0xC0 >> 5);
    for (word, reason, number) in [(mfdcr, ExitReason::DcrRead, 0xC6), (mtdcr, ExitReason::DcrWrite, 0xC0)] {
        assert_eq!(guest.execute(0x100, &[word]), Next::Exit(reason));
        let exit = guest.state.exit;
        assert_eq!((guest.state.pc, exit.instruction, exit.physical), (0x100, word, number));
    }
    guest.state.gpr[3] = 0x3000_0000;
    assert_eq!(guest.execute(0x100, &[mtspr(308, 3)]), Next::Exit(ExitReason::Reset));
    assert_eq!(guest.state.exit.detail, 3);
}

#[test]
fn the_tlb_is_written_read_and_searched_with_mmucr() {
    let mut guest = Guest::new();
    let tlbwe = |source, word| extended(978, source, 2, word);
    let tlbre = |target, word| extended(946, target, 2, word);
    guest.state.gpr[2] = 0xFF85;
    guest.state.gpr[3..6].copy_from_slice(&[0x9000_031F, 0x8000_1402, 0xFFFF_FFFF]);
    guest.state.mmucr = 0x77;
    guest.execute(0x100, &[tlbwe(3, 0), tlbwe(4, 1), tlbwe(5, 2)]);
    guest.state.mmucr = 0x1_0000;
    guest.execute(0x200, &[tlbre(6, 0), tlbre(7, 1), tlbre(8, 2)]);
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
        guest.execute(0x300, &[search]);
        let expected = if found { (5, 0x3765_4321) } else { (0x55, 0x1765_4321) };
        assert_eq!((guest.state.gpr[9], guest.state.cr), expected);
    }
}

#[test]
fn an_invalidation_of_data_asks_only_for_the_right() {
    let mut guest = Guest::new();
    guest.state.ivpr = 0x10_0000;
    let dcbi = extended(470, 0, 0, 4);
    for (address, vector, dear) in [(0x2000, 0x104, 0), (0x900_0000, 0x10_0000 | 0xD0, 0x900_0000)] {
        guest.state.ivor[13] = 0xD0;
        (guest.state.gpr[4], guest.state.dear) = (address, 0);
        guest.execute(0x100, &[dcbi]);
        assert_eq!((guest.state.pc, guest.state.dear), (vector, dear));
    }
}

/// Linux's loop over its TLB, from r3 to r5.
const FLUSH: [u32; 4] = [extended(978, 3, 3, 0), 0x3863_0001, extended(0, 0, 3, 5), 0x4081_FFF4];

proptest::proptest! {
    /// The reference executes the loop's instructions one after the other.
    #[test]
    fn a_flush_loop_ends_as_if_executed(first in 0..80_u32, limit in -5..90_i32, hint: bool, at_end: bool) {
        let mut guest = Guest::new();
        guest.state.first_entry = [0x270, 0, 7, 0];
        // What holds the loop moves to the last entry, and others are filled.
        for (word, value) in [0xC000_0290, 0, 7].into_iter().enumerate() {
            guest.vcpu.tlb.write(63, word, value, 0);
        }
        for index in 0..63 {
            guest.vcpu.tlb.write(index, 0, (index as u32) << 12 | 0x210, 1);
        }
        let address: u32 = if at_end { 0xFF0 } else { 0x100 };
        let words = [FLUSH[0], FLUSH[1], FLUSH[2], FLUSH[3] | u32::from(hint) << 21];
        for (place, word) in words.iter().enumerate() {
            guest.hardware.memory.insert(0x1000_0000 + u64::from(address) + 4 * place as u64, *word);
        }
        (guest.state.gpr[3], guest.state.gpr[5]) = (first, limit as u32);
        let head = 0xC000_0000 + address;
        guest.state.pc = head;
        guest.prepare();
        proptest::prop_assert_eq!(guest.trap(GuestTrap::FetchMiss), Next::Enter);

        let mut expected = guest.vcpu.tlb.clone();
        let (mut value, mut pc, mut turns) = (first, head + 16, 0);
        let condition = loop {
            expected.write(value as usize, 0, value, 0);
            if value & 63 == 63 {
                pc = head + 4;
                break None;
            }
            value += 1;
            turns += 1;
            let condition = match (value as i32).cmp(&limit) {
                core::cmp::Ordering::Less => 8,
                core::cmp::Ordering::Equal => 2,
                core::cmp::Ordering::Greater => break Some(4),
            };
            if turns == 64 {
                pc = head;
                break Some(condition);
            }
        };
        guest.state.xer = 0x8000_0000;
        let next = guest.trap(GuestTrap::Program { instruction: words[0], esr: msr::ESR_PPR });
        proptest::prop_assert_eq!(next, Next::Enter);
        proptest::prop_assert_eq!((guest.state.pc, guest.state.gpr[3]), (pc, value));
        if let Some(condition) = condition {
            proptest::prop_assert_eq!(guest.state.cr >> 28, condition | 1);
        }
        for index in 0..64 {
            let (held, expected) = (guest.vcpu.tlb.entry(index), expected.entry(index));
            proptest::prop_assert_eq!((held.words(), held.tid()), (expected.words(), expected.tid()));
        }
    }
}

#[test]
fn what_only_resembles_a_flush_loop_is_none() {
    for (place, word) in [
        (1, 0x3863_0002),
        (1, 0x3883_0001),
        (2, extended(0, 4, 3, 5)),
        (2, extended(32, 0, 3, 5)),
        (3, 0x4080_FFF4),
        (3, 0x4081_FFF0),
        (3, 0x4081_FFF5),
    ] {
        let mut words = FLUSH;
        words[place] = word;
        let mut guest = Guest::new();
        (guest.state.gpr[3], guest.state.gpr[5]) = (1, 60);
        guest.execute(0x100, &words);
        assert_eq!((guest.state.pc, guest.state.gpr[3]), (0x104, 1), "{word:#x}");
    }
}
