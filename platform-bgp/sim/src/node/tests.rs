//! How cores take turns.

use super::*;
use crate::core::tlb::{self, Entry};

/// `lwarx 5,0,3; addi 5,5,1; stwcx. 5,0,3; bne- .-12; bdnz .-16; b .`: adds 1 to a word, CTR times.
const COUNT: [u32; 6] = [0x7CA0_1828, 0x38A5_0001, 0x7CA0_192D, 0x4082_FFF4, 0x4200_FFF0, 0x4800_0000];

/// A node with a program at 0x1000 of each of some cores.
pub(super) fn node(program: &[u32], cores: usize, quantum: u64) -> Node {
    let mut node = Node::new(Configuration { quantum, ..Configuration::default() });
    let bytes: Vec<u8> = program.iter().flat_map(|word| word.to_be_bytes()).collect();
    assert!(node.bus.memory.copy_in(0x1000, &bytes));
    for number in 0..cores {
        let core = &mut node.cores[number];
        core.tlb.set(0, Entry::new(0, 0, 7, tlb::SX | tlb::SW | tlb::SR));
        core.registers.pc = 0x1000;
        core.registers.gpr[3] = 0x8000;
        core.registers.ctr = 1000;
        node.start(number);
    }
    node
}

pub(super) fn word(node: &mut Node, physical: u64) -> u32 {
    let mut bytes = [0; 4];
    assert!(node.bus.memory.copy_out(physical, &mut bytes));
    u32::from_be_bytes(bytes)
}

pub(super) fn state(node: &Node) -> String {
    serde_json::to_string(node).expect("a node can be written")
}

#[test]
fn four_cores_count_without_losing_any() {
    for quantum in [1, 7, 100, 2000] {
        let mut node = node(&COUNT, 4, quantum);
        assert_eq!(node.run_until(100_000), []);
        assert_eq!(word(&mut node, 0x8000), 4000, "quantum {quantum}");
    }
}

#[test]
fn a_run_is_the_same_in_one_piece_or_in_many() {
    let mut whole = node(&COUNT, 4, 100);
    assert_eq!(whole.run_until(20_000), []);
    let mut pieces = node(&COUNT, 4, 100);
    for time in (0..=20_000).step_by(130) {
        assert_eq!(pieces.run_until(time), []);
    }
    assert_eq!(pieces.run_until(20_000), []);
    assert!(state(&whole) == state(&pieces));
}

#[test]
fn a_checkpoint_goes_on_as_the_node_does() {
    let mut node = node(&COUNT, 4, 100);
    assert_eq!(node.run_until(5_000), []);
    let mut restored: Node = serde_json::from_str(&state(&node)).expect("what was written can be read");
    restored.refresh();
    assert_eq!(node.run_until(30_000), []);
    assert_eq!(restored.run_until(30_000), []);
    assert!(state(&node) == state(&restored));
}

#[test]
fn a_core_that_waits_for_nothing_ends_the_run() {
    // `lis 4,4; mtmsr 4`: WE alone.
    let mut node = node(&[0x3C80_0004, 0x7C80_0124], 1, 100);
    assert_eq!(node.run_until(1_000_000), [Event::Idle]);
    assert_eq!(node.instructions(), 2);
}

#[test]
fn what_is_not_modelled_stops_before_it_or_is_reported_once() {
    // `li 4,0x600; mfdcrx 5,4; b .-4`.
    let program = [0x3880_0600, 0x7CA4_0206, 0x4BFF_FFFC];
    let mut strict = node(&program, 1, 100);
    let events = strict.run_until(1000);
    let report = Unmodelled { core: 0, pc: 0x1004, access: crate::report::Access::ReadDcr(0x600) };
    assert_eq!(events, [Event::Unmodelled(Box::new(report.clone()))]);
    let mut lenient = node(&program, 1, 100);
    lenient.bus.reports.allowed = true;
    assert_eq!(lenient.run_until(1000), [Event::Allowed(Box::new(report.clone()))]);
    assert_eq!(lenient.run_until(2000), []);
    assert_eq!(lenient.bus.reports.sites.into_iter().collect::<Vec<_>>(), [report]);
}

#[test]
fn invariant_14_a_store_to_the_line_by_another_core_ends_a_reservation() {
    // Core 0: `lwarx 5,0,3; bdnz .; stwcx. 5,0,3; mfcr 6; b .`; core 1: `bdnz .; stw 5,4(3); b .`.
    let program = [
        0x7CA0_1828,
        0x4200_0000,
        0x7CA0_192D,
        0x7CC0_0026,
        0x4800_0000,
        0x4200_0000,
        0x90A3_0004,
        0x4800_0000,
    ];
    for (offset, succeeds) in [(0, false), (32, true)] {
        let mut node = node(&program, 2, 100);
        node.cores[1].registers.pc = 0x1014;
        node.cores[1].registers.ctr = 300;
        node.cores[1].registers.gpr[3] = 0x8000 + offset;
        assert_eq!(node.run_until(5_000), []);
        assert_eq!(node.cores[0].registers.gpr[6] >> 29 & 1 == 1, succeeds, "store {offset} bytes further");
    }
}

#[test]
fn a_loop_that_waits_is_skipped_and_nothing_else_differs() {
    // Core 0: `bdnz .; stw 3,0(3); b .`; the others: `lwz 5,0(3); cmpwi 5,0; beq .-8; addi 6,6,1; b .-4`.
    let program = [
        0x4200_0000,
        0x9063_0000,
        0x4800_0000,
        0x80A3_0000,
        0x2C05_0000,
        0x4182_FFF8,
        0x38C6_0001,
        0x4BFF_FFFC,
    ];
    let run = |never: bool| {
        let mut node = node(&program, 4, 1000);
        for number in 0..4 {
            let core = &mut node.cores[number];
            core.spin.never = never;
            core.registers.ctr = 50_001;
            core.registers.pc = if number == 0 { 0x1000 } else { 0x100C };
        }
        assert_eq!(node.run_until(100_000), []);
        let skipped: Vec<_> = node.cores.iter().map(|core| core.spin.skipped).collect();
        for core in &mut node.cores {
            core.spin.never = false;
        }
        (state(&node), skipped)
    };
    let (executed, none) = run(true);
    let (skipped, some) = run(false);
    assert_eq!(none, [0; 4]);
    assert!(some[1..].iter().all(|count| *count > 40_000), "{some:?}");
    assert!(executed == skipped);
}

#[test]
fn a_loop_that_asks_the_time_is_not_skipped() {
    // `mftb 5; cmplwi 5,50000; blt .-8; b .`.
    let mut node = node(&[0x7CAC_42E6, 0x2805_C350, 0x4180_FFF8, 0x4800_0000], 1, 1000);
    assert_eq!(node.run_until(100_000), []);
    assert_eq!(node.cores[0].registers.gpr[5], 50_001);
    assert_eq!(node.cores[0].registers.pc, 0x100C);
    assert!(node.cores[0].spin.skipped > 25_000);
}

#[test]
fn nodes_that_share_their_memory_run_as_if_each_had_its_own() {
    let mut alone = node(&COUNT, 4, 100);
    assert_eq!(alone.run_until(20_000), []);
    let mut first = node(&COUNT, 4, 100);
    let mut second = node(&COUNT, 4, 100);
    second.bus.memory = first.bus.memory.share();
    // By turns, so that each stores while the other still has the page in common.
    for time in (0..=20_000).step_by(500) {
        assert_eq!(first.run_until(time), []);
        assert_eq!(second.run_until(time / 2), []);
    }
    assert_eq!(second.run_until(20_000), []);
    for node in [&mut first, &mut second] {
        assert_eq!(word(node, 0x8000), word(&mut alone, 0x8000));
        assert_eq!(node.cores[3].registers, alone.cores[3].registers);
    }
}

#[test]
fn parked_and_waiting_cores_are_never_run() {
    // `lis 4,4; mtmsr 4`: WE alone, on core 1; core 0 counts, cores 2 and 3 are parked.
    let mut program = COUNT.to_vec();
    program.extend([0x3C80_0004, 0x7C80_0124]);
    let mut node = node(&program, 2, 100);
    node.cores[1].registers.pc = 0x1018;
    assert_eq!(node.run_until(1_000_000), []);
    let instructions: Vec<_> = node.cores.iter().map(|core| core.clock.instructions()).collect();
    assert_eq!(instructions[1..], [2, 0, 0]);
}
