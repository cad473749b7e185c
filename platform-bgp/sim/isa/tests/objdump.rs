//! The table held against the GNU disassembler, for the 440: every row it knows, with random operands, word
//! for word; and random words, in the other direction.

use bgp_isa::{Class, Disassembly, Op, Word, decode};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use std::process::Command;

/// Random numbers, the same in each run.
struct Random(TestRunner);

impl Random {
    fn new(seed: u64) -> Self {
        Self(TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() }))
    }

    fn word(&mut self) -> u32 {
        proptest::num::u32::ANY.new_tree(&mut self.0).expect("any number will do").current()
    }
}

/// What the GNU disassembler makes of the words, the first of which stands at 0.
fn objdump(words: &[u32]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("words");
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    std::fs::write(&file, bytes).expect("the folder takes a file");
    let output = Command::new("powerpc-linux-gnu-objdump")
        .args(["-D", "-z", "-b", "binary", "-m", "powerpc", "-EB", "-M", "440,raw"])
        .arg(&file)
        .output()
        .expect("powerpc-linux-gnu-objdump runs (Debian's binutils-powerpc-linux-gnu)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<_> = text
        .lines()
        .filter_map(|line| line.split_once(":\t")?.1.split_once('\t'))
        .map(|(_, instruction)| instruction.replace('\t', " ").trim_end().to_owned())
        .collect();
    assert_eq!(lines.len(), words.len());
    lines
}

/// The bits that an operand takes.
fn bits(operand: &str) -> u32 {
    match operand {
        "rt" | "rs" | "ft" | "to" | "bo" | "bt" | "t" | "mo" => 0x03E0_0000,
        "ct" => 0x01E0_0000,
        "ra" | "ra0" | "fa" | "bi" | "ba" => 0x001F_0000,
        "rb" | "fb" | "bb" | "sh" | "nb" => 0x0000_F800,
        "fc" | "mb" => 0x0000_07C0,
        "me" => 0x0000_003E,
        "si" | "sis" | "ui" => 0x0000_FFFF,
        "d" => 0x001F_FFFF,
        "bd" => 0x0000_FFFC,
        "li" => 0x03FF_FFFC,
        "bh" => 0x0000_1800,
        "l" => 0,
        "e" => 0x0000_8000,
        "u" => 0x0000_F000,
        "ws" => 0x0000_1800,
        "bf" => 0x0380_0000,
        "bfa" => 0x001C_0000,
        "fxm" => 0x000F_F000,
        "flm" => 0x01FE_0000,
        "spr" | "dcr" => 0x001F_F800,
        "lev" => 0,
        _ => panic!("no operand `{operand}`"),
    }
}

/// Words that the assembler's rules forbid, which the disassembler therefore refuses.
fn is_refused(op: Op, word: Word) -> bool {
    match op {
        Op::Lwzu | Op::Lbzu | Op::Lhzu | Op::Lhau | Op::Lwzux | Op::Lbzux | Op::Lhzux | Op::Lhaux => {
            word.a() == 0 || word.a() == word.t()
        }
        Op::Stwu | Op::Stbu | Op::Sthu | Op::Stwux | Op::Stbux | Op::Sthux => word.a() == 0,
        Op::Lfsu | Op::Lfdu | Op::Stfsu | Op::Stfdu | Op::Lfsux | Op::Lfdux | Op::Stfsux | Op::Stfdux => {
            word.a() == 0
        }
        Op::Lmw if word.t() == 0 => true,
        Op::Lmw => word.a() >= word.t() && word.a() != 0,
        Op::Lswi => {
            word.b() == 0 || (0..word.b().div_ceil(4)).any(|number| (word.t() + number) % 32 == word.a())
        }
        Op::Lswx => word.a() == word.t() || word.b() == word.t(),
        Op::Tlbre | Op::Tlbwe => word.b() > 2,
        // Branches always or never with the reserved or hint bits set have no encoding there.
        Op::Bc | Op::Bclr | Op::Bcctr => !matches!(word.t(), 0..=5 | 8..=13 | 16..=19 | 20),
        _ => false,
    }
}

/// Whether two texts say the same: theirs may write an operand more that is 0, or -1 for `mfcr`.
fn agree(ours: &str, theirs: &str) -> bool {
    theirs.strip_prefix(ours).is_some_and(|rest| matches!(rest, "" | ",0" | ",-1"))
}

/// What they decode for the 440 and the core does not have: external control (eciwx, ecowx), segment
/// registers and APU identifiers of other cores, `isel` (not in the PPC440x5's list; QEMU's 440 has none
/// either), user-defined instructions of an APU that the node lacks. And the hint of `lwarx`, which is new.
const NOT_OURS: [&str; 6] = ["eciwx", "ecowx", "isel", "lwarx", "mfapidi", "mtsrin"];

#[test]
fn every_row_is_written_as_the_gnu_disassembler_does() {
    let mut random = Random::new(440);
    let mut words = Vec::new();
    for op in Op::ALL {
        let row = op.row();
        // They have no Double Hummer, and write `mftb` as the `mfspr` that newer assemblers emit.
        if row.class == Class::Double || *op == Op::Mftb {
            continue;
        }
        let encoding = row.encoding;
        let mut free =
            row.operands.split(',').filter(|name| !name.is_empty()).map(bits).fold(0, |all, bits| all | bits);
        free |= u32::from(encoding.record || encoding.link) | u32::from(encoding.absolute) << 1;
        free |= u32::from(encoding.overflow) << 10;
        let before = words.len();
        while words.len() < before + 60 {
            let word = random.word() & free | encoding.value;
            if !is_refused(*op, Word(word)) {
                words.push(word);
            }
        }
    }
    let mut differences = String::new();
    for (number, (word, theirs)) in words.iter().zip(objdump(&words)).enumerate() {
        let ours = Disassembly::new(Word(*word), number as u32 * 4).to_string();
        if !agree(&ours, &theirs) {
            differences += &format!("{word:#010x}: ours `{ours}`, theirs `{theirs}`\n");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn what_the_gnu_disassembler_knows_is_in_the_table() {
    let mut random = Random::new(450);
    let words: Vec<_> = (0..60_000)
        .map(|number| {
            let word = random.word();
            // Half of them in the opcodes that have extended ones.
            if number % 2 == 0 {
                word
            } else {
                word & 0x03FF_FFFF | [4, 19, 31, 59, 63][number / 2 % 5] << 26
            }
        })
        .collect();
    let mut unknown = std::collections::BTreeMap::new();
    for (word, theirs) in words.iter().zip(objdump(&words)) {
        let name = theirs.split(' ').next().unwrap_or_default().trim_end_matches(['.', 'o']);
        let ours = decode(Word(*word)).map(|op| op.row().mnemonic.trim_end_matches(['.', 'o']));
        let same = ours.is_some_and(|ours| {
            let theirs = theirs.split(' ').next().unwrap_or_default();
            Disassembly::new(Word(*word), 0).to_string().split(' ').next() == Some(theirs) || ours == name
        });
        if name != ".long" && !same && !NOT_OURS.contains(&name) && !name.starts_with("udi") {
            unknown.insert(name.to_owned(), format!("{word:#010x} {theirs}: {ours:?}"));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}
