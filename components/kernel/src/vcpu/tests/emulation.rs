//! Privileged instructions.

use super::*;
use abi::vcpu::VcpuCounter;

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
