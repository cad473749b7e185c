//! One step: registers full of what might hurt, then one instruction.

use abi::Call;
use raw::{Random, Registers};

use crate::{machine, sign};

/// Calls that end the domain or may wait for ever; they take long to recover from, so few are made.
const SLOW: [Call; 4] = [Call::Exit, Call::Wait, Call::Recv, Call::ReplyRecv];

/// Does the steps of a seed, and says how many.
pub(crate) extern "C" fn steps(seed: u32) -> u32 {
    let mut random = Random::new(seed);
    for _ in 0..sign::STEPS {
        let mut registers = Registers::ZERO;
        for register in &mut registers.gpr {
            *register = value(&mut random);
        }
        registers.cr = random.next();
        registers.lr = value(&mut random);
        registers.xer = random.next();
        match random.below(16) {
            0..4 => {
                call(&mut random, &mut registers);
                machine::execute(machine::SYSTEM_CALL, &mut registers);
            }
            4 => machine::jump(value(&mut random), &mut registers),
            _ => machine::execute(random.below(machine::INSTRUCTIONS), &mut registers),
        }
    }
    sign::STEPS
}

/// A system call that might even be one.
fn call(random: &mut Random, registers: &mut Registers) {
    registers.gpr[0] = match random.below(16) {
        0 => random.next(),
        1..6 => Call::Call as u32,
        _ => random.below(26),
    };
    if SLOW.iter().any(|call| *call as u32 == registers.gpr[0]) && random.below(32) != 0 {
        registers.gpr[0] = Call::Null as u32;
    }
    registers.gpr[11] = if random.below(16) == 0 { random.next() } else { random.below(8) };
    if random.below(2) == 0 {
        // A timer's deadline that comes.
        registers.gpr[3] = 0;
    }
}

/// A register's content: numbers that programs and kernels are afraid of, and others.
fn value(random: &mut Random) -> u32 {
    let near = random.below(64).wrapping_sub(32);
    match random.below(12) {
        0 => near,
        // Its own text, read-only data, data and stack, about the ends of pages.
        1 => (0x0010_0000 + (random.below(8) << 12)).wrapping_add(near),
        2 => (0x0011_0000 + (random.below(8) << 12)).wrapping_add(near),
        3 => (0x2000_0000 + (random.below(4) << 12)).wrapping_add(near),
        4 => (0x4000_0000 + (random.below(8) << 12)).wrapping_add(near),
        5 => 0x4000_0000 + random.below(0x6000),
        // The kernel's text, data, devices and core page.
        6 => 0xF000_0000 + (random.next() & 0x000F_FFFF),
        7 => 0xFFFF_C000u32.wrapping_add(random.below(0x4100)),
        8 => 0xFFF0_0000 + random.below(0x1000),
        9 => 1 << random.below(32),
        _ => random.next(),
    }
}
