//! Writing a word out, as the GNU disassembler does with `-M 440,raw`: no extended mnemonics.

use crate::{Op, Word, decode};
use std::fmt;

/// A word at an address, ready to be written. Words that encode nothing are `.long`.
#[derive(Clone, Copy, Debug)]
pub struct Disassembly {
    word: Word,
    address: u32,
}

impl Disassembly {
    /// The word as it stands at an address, from which relative branches count.
    pub const fn new(word: Word, address: u32) -> Self {
        Self { word, address }
    }

    /// The mnemonic with its suffixes.
    fn write_mnemonic(self, op: Op, into: &mut String) {
        let (row, word) = (op.row(), self.word);
        into.push_str(row.mnemonic);
        if row.encoding.overflow && word.overflow() {
            into.push('o');
        }
        if row.encoding.record && word.record() {
            into.push('.');
        }
        if row.encoding.link && word.record() {
            into.push('l');
        }
        if row.encoding.absolute && word.absolute() {
            into.push('a');
        }
    }

    /// One operand by its name in the table.
    fn operand(self, name: &str) -> String {
        let word = self.word;
        let register = |number: usize| format!("r{number}");
        match name {
            "rt" | "rs" => register(word.t()),
            "ra" => register(word.a()),
            "ra0" if word.a() == 0 => "0".to_owned(),
            "ra0" => register(word.a()),
            "rb" => register(word.b()),
            "ft" => format!("f{}", word.t()),
            "fa" => format!("f{}", word.a()),
            "fb" => format!("f{}", word.b()),
            "fc" => format!("f{}", word.c()),
            "si" | "sis" => (word.signed() as i32).to_string(),
            "ui" => word.unsigned().to_string(),
            "d" if word.a() == 0 => format!("{}(0)", word.signed() as i32),
            "d" => format!("{}(r{})", word.signed() as i32, word.a()),
            "to" | "bo" | "t" => word.t().to_string(),
            "ct" => (word.t() & 15).to_string(),
            "sh" => word.b().to_string(),
            "nb" if word.b() == 0 => "32".to_owned(),
            "nb" => word.b().to_string(),
            "mb" => word.c().to_string(),
            "me" => word.e().to_string(),
            "bh" => (word.b() & 3).to_string(),
            "l" => (word.0 >> 21 & 1).to_string(),
            "e" => (word.0 >> 15 & 1).to_string(),
            "u" => (word.0 >> 12 & 15).to_string(),
            "mo" => word.t().to_string(),
            "ws" => word.b().to_string(),
            "lev" => (word.0 >> 5 & 0x7F).to_string(),
            "bf" if self.is_status_field() => word.field().to_string(),
            "bf" => format!("cr{}", word.field()),
            "bfa" => format!("cr{}", word.source_field()),
            "bt" => condition(word.t()),
            "bi" | "ba" => condition(word.a()),
            "bb" => condition(word.b()),
            "fxm" => word.field_mask().to_string(),
            "flm" => (word.0 >> 17 & 0xFF).to_string(),
            "spr" | "tbr" | "dcr" => word.register_number().to_string(),
            "bd" => self.target(word.short_displacement()),
            "li" => self.target(word.long_displacement()),
            _ => unreachable!("the table names no operand `{name}`"),
        }
    }

    /// Whether the field is one of the floating-point status, which is written as a number.
    fn is_status_field(self) -> bool {
        decode(self.word) == Some(Op::Mtfsfi)
    }

    fn target(self, displacement: u32) -> String {
        let base = if self.word.absolute() { 0 } else { self.address };
        format!("{:#x}", base.wrapping_add(displacement))
    }
}

/// A bit of the condition register.
fn condition(bit: usize) -> String {
    let name = ["lt", "gt", "eq", "so"][bit % 4];
    if bit < 4 { name.to_owned() } else { format!("4*cr{}+{name}", bit / 4) }
}

impl fmt::Display for Disassembly {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(op) = decode(self.word) else {
            return write!(formatter, ".long {:#x}", self.word.0);
        };
        let mut mnemonic = String::new();
        self.write_mnemonic(op, &mut mnemonic);
        let operands = op.row().operands;
        if operands.is_empty() {
            return formatter.write_str(&mnemonic);
        }
        let operands: Vec<_> = operands.split(',').map(|name| self.operand(name)).collect();
        write!(formatter, "{mnemonic:<7} {}", operands.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ROWS;

    fn written(word: u32) -> String {
        Disassembly::new(Word(word), 0x100).to_string()
    }

    #[test]
    fn suffixes_and_operands_follow_the_word() {
        assert_eq!(written(0x3864_FFFB), "addi    r3,r4,-5");
        assert_eq!(written(0x7C64_2E15), "addo.   r3,r4,r5");
        assert_eq!(written(0x4182_0008), "bc      12,eq,0x108");
        assert_eq!(written(0x4800_0103), "bla     0x100");
        assert_eq!(written(0x4C00_0064), "rfi");
        assert_eq!(written(0), ".long 0x0");
    }

    #[test]
    fn every_row_can_be_written() {
        for row in ROWS {
            for rest in [0, u32::MAX] {
                let word = rest & !row.encoding.mask | row.encoding.value;
                assert!(written(word).starts_with(row.mnemonic), "{row:?}");
            }
        }
    }
}
