//! Programs of Linux users under the simulator: enough of Linux for a program that computes and writes.

#![allow(dead_code, reason = "each test uses a part")]

pub(crate) mod elf;
pub(crate) mod linux;
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

/// `mfspr` of the processor's version, into any register.
const MOVE_FROM_PVR: u32 = 0x7C1F_42A6;

/// A user's program on one core, which the node leaves at each system call.
pub(crate) struct User {
    pub(crate) node: Node,
}

impl User {
    /// A program that has not begun yet.
    pub(crate) fn new(program: &[u8]) -> Self {
        let mut node = Node::new(Configuration { dram: 1 << 30, ..Configuration::default() });
        let image = loader::load(&mut node.bus.memory, program, 0).expect("the program fits");
        // `mtspr SPRG0,3; lis 3,0x3000; mtspr DBCR0,3`: a system reset, which ends the stretch.
        for vector in 0..16 {
            let stub: Vec<u8> = [0x7C70_43A6_u32, 0x3C60_3000, 0x7C74_4BA6]
                .iter()
                .flat_map(|word| word.to_be_bytes())
                .collect();
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
        Self { node }
    }

    /// Runs to the next system call; answers its number and arguments.
    pub(crate) fn next_call(&mut self) -> (u32, [u32; 6]) {
        loop {
            let events = self.node.run_until(u64::MAX / 2);
            assert!(matches!(events[..], [Event::Reset { core: 0, kind: 3 }]), "{events:?}");
            let core = &mut self.node.cores[0];
            core.registers.special.dbcr[0] = 0;
            core.registers.gpr[3] = core.registers.special.sprg[0];
            let vector = (core.registers.pc - VECTORS) >> 8;
            if vector == 8 {
                let registers = &core.registers;
                return (registers.gpr[0], [3, 4, 5, 6, 7, 8].map(|register| registers.gpr[register]));
            }
            let special = &core.registers.special;
            let mut word = [0; 4];
            assert!(self.node.bus.memory.copy_out(special.srr0.into(), &mut word));
            let word = u32::from_be_bytes(word);
            assert!(
                vector == 6 && word & 0xFC1F_FFFE == MOVE_FROM_PVR,
                "exception {vector} at {:#x}, {word:#010x}: {:#x}, {:#x}",
                special.srr0,
                special.esr,
                special.dear
            );
            // Linux does this for its users: the number of a processor that nobody has.
            core.registers.gpr[(word >> 21 & 31) as usize] = 0;
            self.go_on(4);
        }
    }

    fn go_on(&mut self, further: u32) {
        let core = &mut self.node.cores[0];
        core.registers.pc = core.registers.special.srr0 + further;
        core.registers.msr = core.registers.special.srr1;
        core.refresh();
    }

    /// Answers it, with a value or an error's number.
    pub(crate) fn answer(&mut self, answer: Result<u32, u32>) {
        let registers = &mut self.node.cores[0].registers;
        let (value, error) = match answer {
            Ok(value) => (value, 0),
            Err(number) => (number, 0x1000_0000),
        };
        registers.gpr[3] = value;
        registers.cr = registers.cr & !0x1000_0000 | error;
        self.go_on(0);
    }
}

/// Runs a program until it exits; answers what it wrote to its standard output.
pub(crate) fn run(program: &[u8]) -> Vec<u8> {
    let mut user = User::new(program);
    let mut written = Vec::new();
    loop {
        let (number, [a, b, c, ..]) = user.next_call();
        match number {
            1 | 234 => {
                assert_eq!(a, 0, "the program failed");
                return written;
            }
            4 => {
                assert_eq!(a, 1, "to standard output");
                let mut bytes = vec![0; c as usize];
                assert!(user.node.bus.memory.copy_out(b.into(), &mut bytes));
                written.extend(bytes);
                user.answer(Ok(c));
            }
            other => panic!("the program calls {other}"),
        }
    }
}
