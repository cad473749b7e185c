//! The registers as gdb has them: those of every PowerPC with a floating-point unit, the secondary file of the Double
//! Hummer, and special registers.

use bgp_sim::core::{Core, Xer};
use gdbstub::arch::{Arch, Registers};
use std::fmt::Write;
use std::sync::LazyLock;

/// Special registers by gdb's names, and their numbers.
const SPECIAL: [(&str, u32); 30] = [
    ("srr0", 0x01A),
    ("srr1", 0x01B),
    ("csrr0", 0x03A),
    ("csrr1", 0x03B),
    ("mcsrr0", 0x23A),
    ("mcsrr1", 0x23B),
    ("dear", 0x03D),
    ("esr", 0x03E),
    ("mcsr", 0x23C),
    ("pid", 0x030),
    ("mmucr", 0x3B2),
    ("ivpr", 0x03F),
    ("sprg0", 0x110),
    ("sprg1", 0x111),
    ("sprg2", 0x112),
    ("sprg3", 0x113),
    ("sprg4", 0x114),
    ("sprg5", 0x115),
    ("sprg6", 0x116),
    ("sprg7", 0x117),
    ("usprg0", 0x100),
    ("dec", 0x016),
    ("tbl", 0x10C),
    ("tbu", 0x10D),
    ("tcr", 0x154),
    ("tsr", 0x150),
    ("dbcr0", 0x134),
    ("dbsr", 0x130),
    ("pir", 0x11E),
    ("pvr", 0x11F),
];

/// A core's registers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct File {
    gpr: [u32; 32],
    fpr: [u64; 32],
    /// pc, msr, cr, lr, ctr, xer, fpscr.
    user: [u32; 7],
    special: [u32; SPECIAL.len()],
    secondary: [u64; 32],
}

impl File {
    /// What a core has.
    pub(super) fn of(core: &mut Core) -> Self {
        let special = SPECIAL.map(|(_, number)| core.read_special(number).unwrap_or(0));
        let registers = &core.registers;
        Self {
            gpr: registers.gpr,
            fpr: registers.fpr,
            user: [
                registers.pc,
                registers.msr,
                registers.cr,
                registers.lr,
                registers.ctr,
                registers.xer.value(),
                registers.fpscr,
            ],
            special,
            secondary: registers.secondary,
        }
    }

    /// Gives a core these. Special registers are written only where gdb has changed them.
    pub(super) fn give(&self, core: &mut Core) {
        let before = Self::of(core);
        let registers = &mut core.registers;
        (registers.gpr, registers.fpr, registers.secondary) = (self.gpr, self.fpr, self.secondary);
        let [pc, msr, cr, lr, ctr, xer, fpscr] = self.user;
        (registers.pc, registers.msr, registers.cr) = (pc & !3, msr, cr);
        (registers.lr, registers.ctr, registers.fpscr) = (lr, ctr, fpscr);
        registers.xer = Xer::from_value(xer);
        for (((_, number), value), had) in SPECIAL.iter().zip(self.special).zip(before.special) {
            if value != had {
                core.write_special(*number, value);
            }
        }
        core.refresh();
    }
}

/// The bytes of a file one after the other.
fn words<'a>(bytes: &mut impl Iterator<Item = &'a u8>, into: &mut [u32]) -> Option<()> {
    for word in into {
        let mut value = 0;
        for _ in 0..4 {
            value = value << 8 | u32::from(*bytes.next()?);
        }
        *word = value;
    }
    Some(())
}

fn doubles<'a>(bytes: &mut impl Iterator<Item = &'a u8>, into: &mut [u64]) -> Option<()> {
    for double in into {
        let mut halves = [0; 2];
        words(bytes, &mut halves)?;
        *double = u64::from(halves[0]) << 32 | u64::from(halves[1]);
    }
    Some(())
}

impl Registers for File {
    type ProgramCounter = u32;

    fn pc(&self) -> u32 {
        self.user[0]
    }

    fn gdb_serialize(&self, mut write: impl FnMut(Option<u8>)) {
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
        let doubles = |doubles: &[u64]| doubles.iter().flat_map(|one| one.to_be_bytes()).collect::<Vec<_>>();
        let all = [
            words(&self.gpr),
            doubles(&self.fpr),
            words(&self.user),
            words(&self.special),
            doubles(&self.secondary),
        ];
        all.iter().flatten().for_each(|byte| write(Some(*byte)));
    }

    fn gdb_deserialize(&mut self, bytes: &[u8]) -> Result<(), ()> {
        let bytes = &mut bytes.iter();
        words(bytes, &mut self.gpr)
            .and_then(|()| doubles(bytes, &mut self.fpr))
            .and_then(|()| words(bytes, &mut self.user))
            .and_then(|()| words(bytes, &mut self.special))
            .and_then(|()| doubles(bytes, &mut self.secondary))
            .ok_or(())
    }
}

/// A PowerPC 450, to gdb.
#[derive(Debug)]
pub(super) enum Ppc450 {}

impl Arch for Ppc450 {
    type Usize = u32;
    type Registers = File;
    type BreakpointKind = usize;
    type RegId = ();

    fn target_description_xml() -> Option<&'static str> {
        static TEXT: LazyLock<String> = LazyLock::new(description);
        Some(&TEXT)
    }
}

/// The target description. gdb numbers registers in this order.
fn description() -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">\
         <architecture>powerpc:common</architecture><feature name=\"org.gnu.gdb.power.core\">",
    );
    let mut number = 0;
    let mut register = |text: &mut String, name: &str, bits: u32, kind: &str| {
        // A string takes everything.
        let _ = write!(text, "<reg name=\"{name}\" bitsize=\"{bits}\" type=\"{kind}\" regnum=\"{number}\"/>");
        number += 1;
    };
    // gdb wants the general, the floating-point and the other user registers numbered in this order.
    for one in 0..32 {
        register(&mut text, &format!("r{one}"), 32, "uint32");
    }
    let mut floats = String::from("<feature name=\"org.gnu.gdb.power.fpu\">");
    for one in 0..32 {
        register(&mut floats, &format!("f{one}"), 64, "ieee_double");
    }
    for (name, kind) in [
        ("pc", "code_ptr"),
        ("msr", "uint32"),
        ("cr", "uint32"),
        ("lr", "code_ptr"),
        ("ctr", "uint32"),
        ("xer", "uint32"),
    ] {
        register(&mut text, name, 32, kind);
    }
    register(&mut floats, "fpscr", 32, "uint32");
    let mut own = String::from("<feature name=\"org.fugue.450\">");
    for (name, _) in SPECIAL {
        register(&mut own, name, 32, "uint32");
    }
    for one in 0..32 {
        register(&mut own, &format!("s{one}"), 64, "ieee_double");
    }
    text + "</feature>" + &floats + "</feature>" + &own + "</feature></target>"
}

#[cfg(test)]
mod tests {
    use super::*;
    use bgp_sim::{Configuration, Node};

    #[test]
    fn what_gdb_reads_and_writes_back_changes_nothing_and_what_it_changes_is_changed() {
        let mut node = Node::new(Configuration::default());
        let core = &mut node.cores[1];
        (core.registers.gpr[31], core.registers.secondary[2], core.registers.pc) = (7, 9, 0x1234);
        let file = File::of(core);
        let mut bytes = Vec::new();
        file.gdb_serialize(|byte| bytes.extend(byte));
        assert_eq!(bytes.len(), 32 * 4 + 32 * 8 + 7 * 4 + SPECIAL.len() * 4 + 32 * 8);
        let mut read = File::default();
        assert_eq!(read.gdb_deserialize(&bytes), Ok(()));
        assert_eq!(read, file);
        let before = core.registers.clone();
        read.give(core);
        assert_eq!(core.registers, before);
        let pid = SPECIAL.iter().position(|(name, _)| *name == "pid").expect("it is there");
        (read.gpr[3], read.special[pid]) = (5, 6);
        read.give(core);
        assert_eq!((core.registers.gpr[3], core.registers.special.pid), (5, 6));
        assert_eq!(read.gdb_deserialize(&bytes[..20]), Err(()));
    }

    #[test]
    fn the_description_has_every_register_once() {
        let text = description();
        assert_eq!(text.matches("<reg ").count(), 32 + 32 + 7 + SPECIAL.len() + 32);
        assert!(text.contains("name=\"pc\" bitsize=\"32\" type=\"code_ptr\" regnum=\"64\""), "{text}");
        assert!(text.contains("name=\"fpscr\" bitsize=\"32\" type=\"uint32\" regnum=\"70\""), "{text}");
    }
}
