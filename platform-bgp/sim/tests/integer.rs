//! Every integer instruction that users have, held bit for bit against QEMU's 440, with random and corner operands.
//!
//! One program holds all cases as straight code: it loads registers from a record, executes the instruction, and
//! stores registers to another. The same file runs under `qemu-ppc` and here; then the records are compared.
//! `FUGUE_CASES` says how many cases to try, and `FUGUE_SEED` which.

mod support;

use bgp_isa::{Class, Op};
use support::random::Random;
use support::{DATA, elf};

/// Words in a record: XER, CR, r5 to r8, LR, CTR.
const RECORD: usize = 8;
/// Words of memory that a case has for itself.
const SCRATCH: usize = 16;

/// Instructions that this test cannot make cases of.
fn is_left_out(op: Op) -> bool {
    // Branches and calls go elsewhere; reservations and multiple loads have tests of their own; `mfspr` and `mftb`
    // depend on the register; `dcbz` on the length of a line.
    matches!(
        op,
        Op::B | Op::Bc | Op::Bclr | Op::Bcctr | Op::Sc | Op::Tw | Op::Twi | Op::Lwarx | Op::StwcxRecord
    ) || matches!(op, Op::Lmw | Op::Stmw)
        || is_wrong_there(op)
}

/// QEMU 7.2 drops the results of multiply-accumulates that neither saturate nor record overflow, and has the
/// conditions of overflow the wrong way round (docs/design/simulator.md). `multiply`'s own tests hold ours to
/// the manual.
fn is_wrong_there(op: Op) -> bool {
    let name = op.row().mnemonic;
    name.starts_with("mac") || name.starts_with("nmac")
}

fn uses_memory(op: Op) -> bool {
    matches!(op.row().class, Class::Load | Class::Store)
}

/// One case: the instruction, and what is in the registers.
struct Case {
    word: u32,
    record: [u32; RECORD],
    scratch: [u32; SCRATCH],
}

/// Registers 5 to 8, at random.
fn register(random: &mut Random) -> u32 {
    5 + random.below(4)
}

fn case(op: Op, random: &mut Random, scratch_at: u32) -> Case {
    let row = op.row();
    let mut record = [0; RECORD].map(|_: u32| random.operand());
    record[0] &= 0xE000_007F;
    let scratch = [0; SCRATCH].map(|_: u32| random.operand());
    let mut word = random.word() & !row.encoding.mask;
    let put = |word: u32, shift: u32, register: u32| word & !(31 << shift) | register << shift;
    word = put(put(put(word, 21, register(random)), 16, register(random)), 11, register(random));
    match row.operands {
        _ if uses_memory(op) => {
            // Base r6, index r7 or displacement: inside the scratch. Updates must not name one register twice.
            let offset = random.below(24);
            let target = [5, 8][random.below(2) as usize];
            word = put(put(put(word, 21, target), 16, 6), 11, 7);
            let index = random.below(17);
            record[3] = scratch_at + offset;
            record[4] = index;
            if row.operands.ends_with(",d") {
                word = word & 0xFFFF_0000 | (index as i32 - 8) as u32 & 0xFFFF;
                record[3] = scratch_at + offset + 8;
            }
            if row.operands.ends_with("nb") {
                word = put(word, 11, 1 + random.below(4));
            }
            // Strings: at most one register.
            record[0] = record[0] & !0x7F | random.below(5);
        }
        operands if operands.contains("si") || operands.contains("ui") => {
            word = word & 0xFFFF_0000 | random.operand() & 0xFFFF
        }
        operands if operands.contains("sh") || operands.contains("mb") => {
            let free = random.word() & 0xFFFF;
            word = word & 0xFFFF_0001 | free & 0xFFFE & !row.encoding.mask;
            if operands.contains("rb") {
                word = put(word, 11, register(random));
            }
        }
        operands if operands.starts_with("bt") => word = random.word() & 0x03FF_F800,
        "bf,bfa" => word = random.word() & 0x039C_0000,
        "bf" => word = random.word() & 0x0380_0000,
        "fxm,rs" => word = word & 0x03E0_0000 | random.word() & 0x000F_F000,
        _ => {}
    }
    if row.operands.starts_with("bf,l") {
        // A comparison of words; 64 bits there are none.
        word = word & !0x0060_0000 & !0x0380_0000 | random.word() & 0x0380_0000;
    }
    // What is not an operand is 0.
    if matches!(row.operands, "rt,ra" | "ra,rs") {
        word &= !0xF800;
    }
    if row.operands == "rt" {
        word &= !0x001F_F800;
    }
    Case { word: word & !row.encoding.mask | row.encoding.value, record, scratch }
}

/// The code around all cases.
fn code(cases: &[Case], records_at: u32, results_at: u32, bytes: u32) -> Vec<u32> {
    let mut code = Vec::new();
    let set = |code: &mut Vec<u32>, register: u32, value: u32| {
        code.push(0x3C00_0000 | register << 21 | value >> 16);
        code.push(0x6000_0000 | register << 21 | register << 16 | value & 0xFFFF);
    };
    let load = |register: u32, offset: usize| 0x801F_0000 | register << 21 | offset as u32;
    let store = |register: u32, offset: usize| 0x901E_0000 | register << 21 | offset as u32;
    set(&mut code, 31, records_at);
    set(&mut code, 30, results_at);
    for case in cases {
        // XER, CR, LR, CTR through r9.
        code.extend([
            load(9, 0),
            0x7D21_03A6,
            load(9, 4),
            0x7D2F_F120,
            load(9, 24),
            0x7D28_03A6,
            load(9, 28),
            0x7D29_03A6,
        ]);
        code.extend((5..9).map(|register| load(register, 4 * (register as usize - 3))));
        code.push(case.word);
        code.extend((5..9).map(|register| store(register, 4 * (register as usize - 3))));
        code.extend([
            0x7D20_0026,
            store(9, 4),
            0x7D21_02A6,
            store(9, 0),
            0x7D28_02A6,
            store(9, 24),
            0x7D29_02A6,
            store(9, 28),
        ]);
        code.extend([0x3BFF_0020, 0x3BDE_0020]);
    }
    // write(1, data, bytes), exit(0).
    set(&mut code, 4, DATA);
    set(&mut code, 5, bytes);
    code.extend([0x3800_0004, 0x3860_0001, 0x4400_0002, 0x3800_0001, 0x3860_0000, 0x4400_0002]);
    code
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]])).collect()
}

#[test]
fn integer_instructions_do_what_they_do_under_qemu() {
    let ops: Vec<_> = Op::ALL
        .iter()
        .copied()
        .filter(|op| matches!(op.row().class, Class::Integer | Class::Condition | Class::Load | Class::Store))
        .filter(|op| !op.row().privileged && !is_left_out(*op))
        .collect();
    support::in_batches(ops.len(), |seed| batch(&ops, seed));
}

/// As many cases of each instruction as fit into one program.
fn batch(ops: &[Op], seed: u64) {
    let mut random = Random::new(0x0440 + (seed << 16));
    let count = ops.len() * support::EACH;
    let scratch_at = DATA + (2 * RECORD * count * 4) as u32;
    let cases: Vec<_> = (0..count)
        .map(|number| case(ops[number % ops.len()], &mut random, scratch_at + (number * SCRATCH * 4) as u32))
        .collect();
    let mut data: Vec<u8> = cases.iter().flat_map(|case| case.record).flat_map(u32::to_be_bytes).collect();
    data.resize(2 * data.len(), 0);
    data.extend(cases.iter().flat_map(|case| case.scratch).flat_map(u32::to_be_bytes));
    let results_at = DATA + (RECORD * count * 4) as u32;
    let program = elf::program(&code(&cases, DATA, results_at, data.len() as u32), &data);
    let (ours, theirs) = (words(&support::run(&program)), words(&elf::run_with_qemu(&program)));
    assert_eq!(ours.len(), theirs.len());
    let mut differences = std::collections::BTreeMap::<_, Vec<String>>::new();
    for (number, case) in cases.iter().enumerate() {
        let result = |words: &[u32]| words[RECORD * (count + number)..][..RECORD].to_vec();
        let scratch = |words: &[u32]| words[2 * RECORD * count + SCRATCH * number..][..SCRATCH].to_vec();
        let (mine, other) = ((result(&ours), scratch(&ours)), (result(&theirs), scratch(&theirs)));
        if mine != other {
            let text = bgp_isa::Disassembly::new(bgp_isa::Word(case.word), 0);
            let line =
                format!("{text}: from {:x?}\n   ours {:x?}\n theirs {:x?}", case.record, mine.0, other.0);
            differences.entry(ops[number % ops.len()]).or_default().push(line);
        }
    }
    let shown: Vec<_> = differences
        .iter()
        .map(|(op, lines)| format!("{op:?}, {} times: {}", lines.len(), lines[0]))
        .collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}
