//! Invariants of section 11.2 that cores see; `docs/design/simulator.md` says which test holds which.

use super::tests::{node, state, word};
use super::*;
use crate::core::tlb::{self, Entry};
use crate::devices::dma::tests as dma;

/// A page of devices, where cores have it.
const DEVICE: u32 = 0x8000_0000;

fn map(core: &mut Core, physical: u64) {
    core.tlb.set(1, Entry::new(DEVICE, physical, 1, tlb::I | tlb::G | tlb::SW | tlb::SR));
}

#[test]
fn invariant_13_the_command_that_a_core_polls_is_acknowledged() {
    // `sth 4,0x400(7); mtdcrx 8,9; lhz 5,0x400(7); andi. 6,5,0x8000; beq .-8; b .`; or a nop instead of the alert.
    for alert in [0x7D28_0306, 0x6000_0000] {
        let program = [0xB087_0400, alert, 0xA0A7_0400, 0x70A6_8000, 0x4182_FFF8, 0x4800_0000];
        let mut node = node(&program, 1, 1000);
        // The box to the host of core 0: at 0x7400, 0x100 bytes.
        assert!(node.bus.memory.copy_in(SRAM + 0x7FD4, &[0x74, 0, 1, 0]));
        let core = &mut node.cores[0];
        map(core, SRAM + 0x7000);
        (core.registers.gpr[7], core.registers.gpr[4]) = (DEVICE, 2);
        (core.registers.gpr[8], core.registers.gpr[9]) = (0x417, 0x80);
        let events = node.run_until(200_000);
        assert!(matches!(&events[..], [Event::Message(message)] if message.core == 0), "{events:?}");
        assert_eq!(node.cores[0].registers.gpr[5], 0x8002);
        assert_eq!(node.cores[0].registers.pc, 0x1014);
    }
}

/// Writes what software does to the DMA.
fn write(node: &mut Node, writes: Vec<dma::Write>) {
    let Bus { devices, memory, .. } = &mut node.bus;
    for write in writes {
        let done = match write {
            dma::Write::Dcr(register, value) => devices.write_dcr(memory, 0xD00 + register, value),
            dma::Write::Page(offset, value) => {
                devices.write(memory, 0x6_0000_0000 + u64::from(offset), &value.to_be_bytes())
            }
        };
        assert_eq!(done, Ok(()), "{write:?}");
    }
}

/// The DMA puts bytes from one place in memory to another, in a node in which nothing has happened yet.
fn put(node: &mut Node, local: bool, length: u32) {
    write(node, dma::set_up(local));
    write(node, dma::counters(length));
    let third = dma::EIGHT | dma::FOR_DMA | dma::DETERMINISTIC;
    let descriptor = dma::descriptor(local, length, third, 0, 0);
    assert!(node.bus.memory.copy_in(dma::DESCRIPTORS.into(), &descriptor));
    write(node, vec![dma::Write::Page(0x5C, (dma::DESCRIPTORS + 32) >> 4)]);
}

#[test]
fn invariant_14_a_store_by_the_dma_ends_a_reservation() {
    // `lwarx 5,0,3; bdnz .; stwcx. 5,0,3; mfcr 6; b .`.
    let program = [0x7CA0_1828, 0x4200_0000, 0x7CA0_192D, 0x7CC0_0026, 0x4800_0000];
    for (offset, succeeds) in [(0, false), (0x1C, false), (0x20, true)] {
        let mut node = node(&program, 1, 100);
        node.cores[0].registers.gpr[3] = dma::TARGET + offset;
        put(&mut node, true, 32);
        assert_eq!(node.run_until(5_000), []);
        assert_eq!(
            node.cores[0].registers.gpr[6] >> 29 & 1 == 1,
            succeeds,
            "{offset} bytes into what is put"
        );
    }
}

#[test]
fn invariant_15_four_cores_count_in_the_lockbox() {
    // `lwz 5,0x200(7); b .`.
    let mut node = node(&[0x80A7_0200, 0x4800_0000], 4, 100);
    for core in &mut node.cores {
        map(core, 0x7_FFFF_0000);
        core.registers.gpr[7] = DEVICE;
    }
    assert_eq!(node.run_until(1_000), []);
    let mut seen: Vec<_> = node.cores.iter().map(|core| core.registers.gpr[5]).collect();
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2, 3]);
}

#[test]
fn a_run_with_packets_under_way_is_the_same_in_pieces_and_from_checkpoints() {
    // A core that counts what it sees of the target: `lwz 5,0(3); cmpwi 5,0; beq .-8; addi 6,6,1; b .-16`.
    let program = [0x80A3_0000, 0x2C05_0000, 0x4182_FFF8, 0x38C6_0001, 0x4BFF_FFF0];
    for local in [true, false] {
        let start = || {
            let mut node = node(&program, 3, 100);
            assert!(node.bus.memory.copy_in(dma::SOURCE.into(), &[0x5A; 4000]));
            for core in &mut node.cores {
                core.registers.gpr[3] = dma::TARGET + 3000;
            }
            put(&mut node, local, 4000);
            node
        };
        let mut whole = start();
        assert_eq!(whole.run_until(30_000), []);
        assert_eq!(word(&mut whole, u64::from(dma::TARGET) + 3996), 0x5A5A_5A5A);
        let mut pieces = start();
        for time in (0..=30_000).step_by(700) {
            assert_eq!(pieces.run_until(time), []);
            pieces = serde_json::from_str(&state(&pieces)).expect("what was written can be read");
            pieces.refresh();
        }
        assert_eq!(pieces.run_until(30_000), []);
        assert!(state(&whole) == state(&pieces), "local: {local}");
        assert_ne!(whole.cores[0].registers.gpr[6], 0);
    }
}

#[test]
fn an_idle_node_wakes_when_something_arrives() {
    // `mtmsr 4; b .`: WE and EE; the interrupt's handler is where everything else is zero: illegal, again and again.
    let mut node = node(&[0x7C80_0124, 0x4800_0000], 1, 100);
    node.cores[0].registers.gpr[4] = 0x0004_8000;
    node.cores[0].registers.special.ivor[4] = 0x2000;
    assert!(node.bus.memory.copy_in(0x2000, &0x4800_0000_u32.to_be_bytes()));
    put(&mut node, false, 240);
    write(&mut node, vec![dma::Write::Dcr(0x7A, 0x8000_0000)]);
    let Bus { devices, memory, .. } = &mut node.bus;
    // Hit-zero of reception, line 0: group 3 bit 4, to core 0.
    devices.write(memory, 0x7_3000_0000 + 3 * 0x80 + 0x10, &0x0000_4000_u32.to_be_bytes()).expect("a target");
    assert_eq!(node.run_until(1_000_000), []);
    // 512 cycles for the packet, 85 on its way.
    assert_eq!(node.cores[0].registers.pc, 0x2000);
    assert_eq!(node.cores[0].clock.instructions(), node.time() - 597 + 1);
}
