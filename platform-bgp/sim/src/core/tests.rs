//! Exceptions and interrupts: which registers they set, and when they come.

use super::bits::{esr, msr, timer};
use super::tlb::{self, Entry};
use super::*;
use crate::node::{Configuration, Node};

/// Where programs are, and the vectors: each is a branch to itself.
pub(super) const PROGRAM: u32 = 0x1000;
const VECTORS: u32 = 0x0001_0000;

/// Runs instructions in a state until they have raised an exception; answers the core and the vector's number.
pub(super) fn run(program: &[u32], state: u32, prepare: impl FnOnce(&mut Core)) -> (Core, usize) {
    let mut node = Node::new(Configuration::default());
    let bytes: Vec<u8> = program.iter().flat_map(|word| word.to_be_bytes()).collect();
    assert!(node.bus.memory.copy_in(PROGRAM.into(), &bytes));
    for vector in 0..16 {
        assert!(node.bus.memory.copy_in(u64::from(VECTORS + 0x100 * vector), &0x4800_0000_u32.to_be_bytes()));
    }
    let core = &mut node.cores[0];
    let rights = tlb::UX | tlb::UW | tlb::UR | tlb::SX | tlb::SW | tlb::SR;
    core.tlb.set(0, Entry::new(0, 0, 5, rights));
    // Nobody may write here, and only the supervisor may read.
    core.tlb.set(1, Entry::new(0x0010_0000, 0x0010_0000, 5, tlb::SR));
    core.reset_page = false;
    core.registers.special.ivpr = VECTORS;
    for vector in 0..16 {
        core.registers.special.ivor[vector] = 0x100 * vector as u32;
    }
    core.registers.msr = state;
    core.registers.pc = PROGRAM;
    prepare(core);
    node.start(0);
    assert_eq!(node.run_until(100_000), []);
    let core = node.cores.swap_remove(0);
    let vector = (core.registers.pc - VECTORS) as usize / 0x100;
    (core, vector)
}

/// Vector, SRR0, ESR, DEAR after an exception.
fn outcome(program: &[u32], state: u32, r3: u32) -> (usize, u32, u32, u32) {
    let (core, vector) = run(program, state, |core| core.registers.gpr[3] = r3);
    let special = &core.registers.special;
    assert_eq!(special.srr1, state);
    assert_eq!(core.registers.msr, state & (msr::CE | msr::ME | msr::DE));
    (vector, special.srr0, special.esr, special.dear)
}

const LOAD: u32 = 0x8083_0000; // lwz 4,0(3)
const STORE: u32 = 0x9083_0000; // stw 4,0(3)
const LOAD_FLOAT: u32 = 0xC823_0000; // lfd 1,0(3)
const NOP: u32 = 0x6000_0000;

#[test]
fn storage_exceptions_tell_address_and_syndrome() {
    let user = msr::PR | msr::CE | msr::ME;
    assert_eq!(outcome(&[NOP, LOAD], user, 0x8000_0000), (13, 0x1004, 0, 0x8000_0000));
    assert_eq!(outcome(&[STORE], 0, 0x8000_0004), (13, 0x1000, esr::ST, 0x8000_0004));
    assert_eq!(outcome(&[LOAD_FLOAT], msr::FP, 0x8000_0000), (13, 0x1000, esr::FP, 0x8000_0000));
    assert_eq!(outcome(&[LOAD], user, 0x0010_0000), (2, 0x1000, 0, 0x0010_0000));
    assert_eq!(outcome(&[STORE], 0, 0x0010_0000), (2, 0x1000, esr::ST, 0x0010_0000));
    // The second half of an access is another page's.
    assert_eq!(outcome(&[STORE], 0, 0x000F_FFFE), (2, 0x1000, esr::ST, 0x0010_0000));
    // DS alone selects the other address space.
    assert_eq!(outcome(&[LOAD], msr::DS, 0), (13, 0x1000, 0, 0));
    // lwarx 4,0,3.
    assert_eq!(outcome(&[0x7C80_1828], 0, 2), (5, 0x1000, 0, 2));
}

#[test]
fn fetches_raise_exceptions_of_their_own() {
    // mtctr 3; bctr.
    let jump = [0x7C69_03A6, 0x4E80_0420];
    assert_eq!(outcome(&jump, 0, 0x8000_0000), (14, 0x8000_0000, 0, 0));
    assert_eq!(outcome(&jump, msr::PR, 0x0010_0000), (3, 0x0010_0000, 0, 0));
}

#[test]
fn program_exceptions_tell_why() {
    let mfmsr = 0x7C80_00A6;
    let read_pid = 0x7C90_0AA6; // mfspr 4,48
    assert_eq!(outcome(&[0], 0, 0), (6, 0x1000, esr::PIL, 0));
    assert_eq!(outcome(&[mfmsr], msr::PR, 0), (6, 0x1000, esr::PPR, 0));
    assert_eq!(outcome(&[read_pid], msr::PR, 0), (6, 0x1000, esr::PPR, 0));
    // tw 31,0,0: a trap always.
    assert_eq!(outcome(&[NOP, 0x7FE0_0008], msr::PR, 0), (6, 0x1004, esr::PTR, 0));
    assert_eq!(outcome(&[LOAD_FLOAT], 0, 0), (7, 0x1000, 0, 0));
    assert_eq!(outcome(&[0x4400_0002], msr::PR, 0), (8, 0x1004, 0, 0));
}

#[test]
fn the_decrementer_interrupts_on_its_cycle() {
    // bdnz . until it comes; CTR tells when.
    let prepare = |enabled: bool| {
        move |core: &mut Core| {
            core.registers.ctr = 1_000_000;
            assert!(core.write_special(0x16, 5000));
            assert!(core.write_special(0x154, if enabled { timer::DIE } else { 0 }));
        }
    };
    let (core, vector) = run(&[0x4200_0000], msr::EE, prepare(true));
    assert_eq!((vector, core.registers.ctr, core.registers.special.srr0), (10, 1_000_000 - 5000, PROGRAM));
    let (core, _) = run(&[0x4200_0000], msr::EE, prepare(false));
    assert_eq!(core.registers.pc, PROGRAM);
}

#[test]
fn a_waiting_core_wakes_on_its_timer() {
    // lis 4,4; ori 4,4,0x8000; mtmsr 4: WE and EE; then nop.
    let (core, vector) = run(&[0x3C80_0004, 0x6084_8000, 0x7C80_0124, NOP], 0, |core| {
        assert!(core.write_special(0x16, 7000) && core.write_special(0x154, timer::DIE));
    });
    assert_eq!((vector, core.registers.special.srr0), (10, 0x100C));
    assert_eq!(core.registers.special.srr1, msr::WE | msr::EE);
    assert_eq!(core.clock.instructions() - (core.time() - 7000), 3);
}

#[test]
fn a_written_tlb_counts_from_the_next_synchronisation() {
    // lwz 4,0(3); tlbwe 5,6,0 (entry 2 becomes invalid); lwz 4,0(3); isync; lwz 4,0(3).
    let (core, vector) = run(&[LOAD, 0x7CA6_07A4, LOAD, 0x4C00_012C, LOAD], 0, |core| {
        core.tlb.set(2, Entry::new(0x8000_0000, 0x0020_0000, 5, tlb::SR));
        core.registers.gpr[3] = 0x8000_0000;
        core.registers.gpr[6] = 2;
    });
    assert_eq!((vector, core.registers.special.srr0), (13, 0x1010));
}
