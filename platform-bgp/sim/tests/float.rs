//! Every scalar floating-point instruction, held bit for bit against QEMU's 440: results, FPSCR, CR, memory.
//!
//! Left out, because QEMU does not do them or the architecture leaves them open: FPSCR\[FR\]; enabled exceptions, which
//! end a program there and whose wrapped exponents it does not have; the estimates' bits.
//! `FUGUE_CASES` says how many cases to try, and `FUGUE_SEED` which.

mod support;

use bgp_isa::{Class, Disassembly, Op, Word};
use support::random::Random;
use support::{DATA, elf};

/// Double words in a record: FPSCR, f1 to f4, CR in the upper half of the last.
const RECORD: usize = 6;
/// Double words of memory that a case has for itself.
const SCRATCH: usize = 4;
/// FPSCR\[C\]: the first bit of the result's class.
const CLASS: u64 = 0x0001_0000;
/// FPSCR\[VXSNAN\].
const SIGNALLING: u64 = 0x0100_0000;
/// FPSCR\[FR\].
const FR: u64 = 0x0004_0000;

struct Case {
    op: Op,
    word: u32,
    base: u32,
    index: u32,
    record: [u64; RECORD],
    scratch: [u64; SCRATCH],
}

fn case(op: Op, random: &mut Random, scratch_at: u32) -> Case {
    let row = op.row();
    let mut record = [0; RECORD].map(|_: u64| random.float());
    // Sticky bits, FPRF, rounding. Enables, NI and the reserved bit stay 0.
    record[0] = u64::from(random.word() & 0x9FF9_F700 | random.below(4));
    if random.below(2) == 0 {
        record[0] &= 3;
    }
    // There FX is set by every exception, not only by those that are new, and never by `mtfsb1`.
    if record[0] & 0x1FF8_0700 != 0 || op == Op::Mtfsb1 {
        record[0] |= 0x8000_0000;
    }
    // There these are negated before they are rounded, which makes a difference where up is not down.
    if row.mnemonic.starts_with("fnm") {
        record[0] &= !2;
    }
    record[5] = u64::from(random.word()) << 32;
    let scratch =
        [0; SCRATCH].map(|_: u64| if random.below(2) == 0 { random.float() } else { random.double() });
    let register = |random: &mut Random| 1 + random.below(4);
    let mut word = 0;
    let mut base = scratch_at + random.below(12);
    let mut index = random.below(12);
    for operand in row.operands.split(',') {
        word |= match operand {
            "ft" => register(random) << 21,
            "fa" => register(random) << 16,
            "fb" => register(random) << 11,
            "fc" => register(random) << 6,
            "bf" => random.below(8) << 23,
            "bfa" => random.below(8) << 18,
            // Not the summaries, the reserved bit, NI, nor enables.
            "t" => {
                const BITS: [u32; 23] =
                    [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 30, 31];
                BITS[random.below(23) as usize] << 21
            }
            "u" => random.below(16) << 12,
            "flm" => (random.word() & 0xFF) << 17,
            "ra" | "ra0" => 6 << 16,
            "rb" => 7 << 11,
            "d" => 6 << 16 | index,
            other => panic!("operand {other}"),
        };
    }
    if row.operands.ends_with(",d") {
        base += 4;
        word = word & !0xFFFF | index.wrapping_sub(4) & 0xFFFF;
        index = 0;
    }
    match op {
        // The fields of enables and NI are left out.
        Op::Mtfsfi => word = word & !0x0380_0000 | random.below(6) << 23,
        Op::Mtfsf => {
            word &= !0x0006_0000;
            for value in &mut record[1..5] {
                *value &= !0x800;
            }
        }
        _ => {}
    }
    let suffix = random.word() & u32::from(row.encoding.record);
    Case { op, word: word | suffix | row.encoding.value, base, index, record, scratch }
}

fn set(code: &mut Vec<u32>, register: u32, value: u32) {
    code.push(0x3C00_0000 | register << 21 | value >> 16);
    code.push(0x6000_0000 | register << 21 | register << 16 | value & 0xFFFF);
}

/// The code around all cases: r31 walks over the records, r30 over the results.
fn code(cases: &[Case], records_at: u32, results_at: u32, bytes: u32) -> Vec<u32> {
    let mut code = Vec::new();
    let load = |register: u32, offset: u32| 0xC81F_0000 | register << 21 | offset;
    let store = |register: u32, offset: u32| 0xD81E_0000 | register << 21 | offset;
    set(&mut code, 31, records_at);
    set(&mut code, 30, results_at);
    for case in cases {
        set(&mut code, 6, case.base);
        set(&mut code, 7, case.index);
        code.extend((1..5).map(|register| load(register, 8 * register)));
        // CR by r9, FPSCR by f9.
        code.extend([0x813F_0028, 0x7D2F_F120, load(9, 0), 0xFDFE_4D8E]);
        code.push(case.word);
        code.extend((1..5).map(|register| store(register, 8 * register)));
        code.extend([0x7D20_0026, 0x913E_0028, 0x90DE_002C, 0xFD20_048E, store(9, 0)]);
        code.extend([0x3BFF_0030, 0x3BDE_0030]);
    }
    set(&mut code, 4, DATA);
    set(&mut code, 5, bytes);
    code.extend([0x3800_0004, 0x3860_0001, 0x4400_0002, 0x3800_0001, 0x3860_0000, 0x4400_0002]);
    code
}

fn doubles(bytes: &[u8]) -> Vec<u64> {
    bytes.chunks_exact(8).map(|eight| u64::from_be_bytes(eight.try_into().expect("eight"))).collect()
}

/// Hides what is open, or wrong there, in a result.
fn mask(case: &Case, result: &mut [u64]) {
    let target = (case.word >> 21 & 31) as usize;
    result[0] &= !FR;
    match case.op {
        // The register that holds FPSCR has FR in it, too.
        Op::Mffs => result[target] &= !FR,
        // The upper half is open, and so is the class.
        Op::Fctiw | Op::Fctiwz => {
            result[target] &= 0xFFFF_FFFF;
            result[0] &= !0x1_F000;
        }
        // There an invalid comparison changes the class.
        Op::Fcmpo => result[0] &= !CLASS,
        _ => {}
    }
    // There a signalling NaN added to what is infinity times zero is not told.
    let operand = |shift: u32| case.record[(case.word >> shift & 31) as usize % RECORD];
    let is_infinity = |bits: u64| bits << 1 == 0x7FF0_0000_0000_0000 << 1;
    let product = [operand(16), operand(6)];
    let impossible =
        product.iter().any(|bits| is_infinity(*bits)) && product.iter().any(|bits| bits << 1 == 0);
    if impossible
        && matches!(case.op.row().mnemonic.trim_end_matches('s'), "fmadd" | "fmsub" | "fnmadd" | "fnmsub")
    {
        result[0] &= !SIGNALLING;
    }
    // There results that are denormalised as singles count as normal.
    let single = case.word >> 26 == 59 || case.op == Op::Frsp;
    if single && (874..897).contains(&(result[target] >> 52 & 0x7FF)) {
        result[0] &= !CLASS;
    }
}

#[test]
fn float_instructions_do_what_they_do_under_qemu() {
    let ops: Vec<_> = Op::ALL
        .iter()
        .copied()
        .filter(|op| op.row().class == Class::Float && !matches!(op, Op::Fres | Op::Frsqrte))
        .collect();
    support::in_batches(ops.len(), |seed| batch(&ops, seed));
}

/// As many cases of each instruction as fit into one program.
fn batch(ops: &[Op], seed: u64) {
    let mut random = Random::new(0x0450 + (seed << 16));
    let count = ops.len() * support::EACH;
    let scratch_at = DATA + (2 * RECORD * count * 8) as u32;
    let cases: Vec<_> = (0..count)
        .map(|number| case(ops[number % ops.len()], &mut random, scratch_at + (number * SCRATCH * 8) as u32))
        .collect();
    let mut data: Vec<u8> = cases.iter().flat_map(|case| case.record).flat_map(u64::to_be_bytes).collect();
    data.resize(2 * data.len(), 0);
    data.extend(cases.iter().flat_map(|case| case.scratch).flat_map(u64::to_be_bytes));
    let results_at = DATA + (RECORD * count * 8) as u32;
    let program = elf::program(&code(&cases, DATA, results_at, data.len() as u32), &data);
    let (ours, theirs) = (doubles(&support::run(&program)), doubles(&elf::run_with_qemu(&program)));
    assert_eq!(ours.len(), theirs.len());
    let mut differences = std::collections::BTreeMap::<_, Vec<String>>::new();
    for (number, case) in cases.iter().enumerate() {
        let result = |words: &[u64]| {
            let mut result = words[RECORD * (count + number)..][..RECORD].to_vec();
            mask(case, &mut result);
            result.extend(&words[2 * RECORD * count + SCRATCH * number..][..SCRATCH]);
            result
        };
        let (mine, other) = (result(&ours), result(&theirs));
        if mine != other {
            let text = Disassembly::new(Word(case.word), 0);
            let line = format!("{text}: from {:x?}\n   ours {mine:x?}\n theirs {other:x?}", case.record);
            differences.entry(case.op).or_default().push(line);
        }
    }
    let shown: Vec<_> = differences
        .iter()
        .map(|(op, lines)| format!("{op:?}, {} times: {}", lines.len(), lines[0]))
        .collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}
