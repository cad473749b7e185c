//! Programs of Linux users under the simulator: enough of Linux for a program that computes and writes.

#![allow(dead_code, reason = "each test uses a part")]

pub(crate) mod elf;
pub(crate) mod random;

use bgp_sim::core::Activity;
use bgp_sim::core::tlb::{self, Entry};
use bgp_sim::{Configuration, Event, Node, loader};

/// Where programs have code and data, 16 MiB each.
pub(crate) const CODE: u32 = 0x1000_0000;
pub(crate) const DATA: u32 = 0x2000_0000;
/// The kernel's stand-in: every vector leads to a stub there, which stops the node.
const VECTORS: u32 = 0x0F00_0000;
/// MSR: user, floating point.
const USER: u32 = 0x0000_6000;

/// Cases of an instruction in a program.
pub(crate) const EACH: usize = 100;

/// How many cases a test tries unless it is told: both tests together a hundred thousand.
const CASES: usize = 50_000;

/// Calls a function with one seed after another until there have been as many cases as `FUGUE_CASES` says, or somewhat
/// more; `FUGUE_SEED` is the first, so that a night's cases are not the next night's.
pub(crate) fn in_batches(instructions: usize, mut batch: impl FnMut(u64)) {
    let number = |name, otherwise| {
        std::env::var(name)
            .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
    };
    let first = number("FUGUE_SEED", 0);
    for seed in first..first + number("FUGUE_CASES", CASES).div_ceil(instructions * EACH) {
        batch(seed as u64);
    }
}

/// Runs a program until it exits; answers what it wrote to its standard output.
pub(crate) fn run(program: &[u8]) -> Vec<u8> {
    let mut node = Node::new(Configuration { dram: 1 << 30, ..Configuration::default() });
    let image = loader::load(&mut node.bus.memory, program, 0).expect("the program fits");
    // `mtspr SPRG0,3; lis 3,0x3000; mtspr DBCR0,3`: a system reset, which ends the stretch.
    for vector in 0..16 {
        let stub: Vec<u8> =
            [0x7C70_43A6_u32, 0x3C60_3000, 0x7C74_4BA6].iter().flat_map(|word| word.to_be_bytes()).collect();
        assert!(node.bus.memory.copy_in(u64::from(VECTORS) + 0x100 * vector, &stub));
    }
    let core = &mut node.cores[0];
    let all = tlb::UX | tlb::UW | tlb::UR;
    for (number, at) in (0..).zip([CODE, DATA]) {
        for page in 0..4 {
            let at = at + (page << 24);
            core.tlb.set(number * 4 + page, Entry::new(at, at.into(), 7, all));
        }
    }
    core.tlb.set(63, Entry::new(VECTORS, VECTORS.into(), 7, tlb::SX));
    core.registers.special.ivpr = VECTORS;
    for vector in 0..16 {
        core.registers.special.ivor[vector] = 0x100 * vector as u32;
    }
    core.registers.pc = image.entry;
    core.registers.msr = USER;
    core.registers.gpr[1] = DATA + 0x03FF_0000;
    core.activity = Activity::Running;
    node.start(0);
    let mut written = Vec::new();
    loop {
        let events = node.run_until(u64::MAX / 2);
        assert!(matches!(events[..], [Event::Reset { core: 0, kind: 3 }]), "{events:?}");
        let core = &mut node.cores[0];
        core.registers.special.dbcr[0] = 0;
        core.registers.gpr[3] = core.registers.special.sprg[0];
        let vector = (core.registers.pc - VECTORS) >> 8;
        let (number, [a, b, c]) =
            (core.registers.gpr[0], [3, 4, 5].map(|register| core.registers.gpr[register]));
        assert_eq!(
            vector, 8,
            "exception {vector} at {:#x}: {:#x}",
            core.registers.special.srr0, core.registers.special.esr
        );
        match number {
            1 | 234 => {
                assert_eq!(a, 0, "the program failed");
                return written;
            }
            4 => {
                assert_eq!(a, 1, "to standard output");
                let mut bytes = vec![0; c as usize];
                assert!(node.bus.memory.copy_out(b.into(), &mut bytes));
                written.extend(bytes);
                let core = &mut node.cores[0];
                core.registers.gpr[3] = c;
                // No error.
                core.registers.cr &= !0x1000_0000;
            }
            other => panic!("the program calls {other}"),
        }
        let core = &mut node.cores[0];
        core.registers.pc = core.registers.special.srr0;
        core.registers.msr = core.registers.special.srr1;
        core.refresh();
    }
}
