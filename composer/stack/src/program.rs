//! A linked program: its functions, and what it tells of them.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use object::elf::{EM_PPC, FileHeader32, SHF_EXECINSTR};
use object::read::elf::{ElfFile32, FileHeader};
use object::{BigEndian, Object, ObjectSection, ObjectSymbol, SectionFlags, SymbolKind};

use crate::claim::Claim;
use crate::frames::{self, Switches};
use crate::names::{self, Names};
use crate::rules::{self, Holder, Said};
use crate::{relocations, vtables};

/// A function, or a piece of assembly with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name, as people read it.
    pub(crate) name: String,
    /// Its first instruction.
    pub(crate) start: u32,
    /// The address behind its last.
    pub(crate) end: u32,
    /// Bytes of its frame, if they are fixed.
    pub(crate) frame: Option<u32>,
    /// Whether it is assembly: the compiler does not know it.
    pub(crate) by_hand: bool,
}

/// A linked program.
#[derive(Debug)]
pub(crate) struct Program<'a> {
    /// Where it starts.
    pub(crate) entry: u32,
    /// Functions, by address.
    pub(crate) functions: Vec<Function>,
    /// How often a function can be on a stack at once, where its source guards that.
    pub(crate) limits: BTreeMap<usize, u32>,
    /// What it means that assembly sets the stack pointer.
    pub(crate) switches: Switches,
    code: Vec<(u32, &'a [u8])>,
    file: ElfFile32<'a, BigEndian>,
    pointers: Vec<relocations::Pointer>,
    names: OnceCell<Names<'a>>,
    held: OnceCell<Vec<(usize, Holder)>>,
}

impl<'a> Program<'a> {
    /// Reads a linked program.
    pub(crate) fn read(bytes: &'a [u8], switches: Switches) -> Result<Self, String> {
        let said = |error: object::Error| error.to_string();
        let header = FileHeader32::<BigEndian>::parse(bytes).map_err(said)?;
        if header.e_machine(BigEndian) != EM_PPC {
            return Err("it is no program for PowerPC".to_owned());
        }
        let file = ElfFile32::<BigEndian>::parse(bytes).map_err(said)?;
        let pointers = relocations::pointers(bytes).map_err(said)?;
        let pointers = pointers.ok_or("it was linked without word of the addresses that it holds")?;
        let sizes = section(&file, ".stack_sizes").and_then(read_sizes);
        let sizes = sizes.ok_or("it was linked without the sizes of its frames")?;
        let mut code = Vec::new();
        for section in file.sections().filter(|section| is_code(section.flags())) {
            code.push((section.address() as u32, section.data().map_err(said)?));
        }
        let mut program = Self {
            entry: header.e_entry(BigEndian),
            functions: Vec::new(),
            limits: BTreeMap::new(),
            switches,
            code,
            file,
            pointers,
            names: OnceCell::new(),
            held: OnceCell::new(),
        };
        program.functions = program.find(&sizes);
        let notes = section(&program.file, ".fugue.stack").unwrap_or_default();
        for note in notes.chunks_exact(8) {
            let (start, most) = (word(&note[..4]), word(&note[4..]));
            // The linker has dropped a function that nothing reaches.
            if start == 0 {
                continue;
            }
            let function = program.functions.binary_search_by_key(&start, |function| function.start);
            let function = function.map_err(|_| format!("a note names {start:#x}, where nothing begins"))?;
            program.limits.insert(function, most);
        }
        Ok(program)
    }

    /// The function that holds an address.
    pub(crate) fn at(&self, address: u32) -> Option<usize> {
        let after = self.functions.partition_point(|function| function.start <= address);
        let function = after.checked_sub(1)?;
        (address < self.functions[function].end).then_some(function)
    }

    /// The instructions between two addresses.
    pub(crate) fn words(&self, start: u32, end: u32) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        let piece = self.code.iter().find_map(|&(base, bytes)| {
            let from = start.checked_sub(base)? as usize;
            bytes.get(from..bytes.len().min(from + (end - start) as usize))
        });
        (start..).step_by(4).zip(piece.unwrap_or_default().chunks_exact(4).map(word))
    }

    /// The functions that a call through a pointer at `at` can reach, if anybody says it.
    pub(crate) fn reached(&self, at: u32, claims: &[Claim]) -> Option<Vec<usize>> {
        let said = rules::said(&self.names().innermost(at)?, claims)?;
        let held = self.held.get_or_init(|| self.holders());
        let reached = held.iter().filter(|(_, holder)| said.reaches(holder));
        let reached: Vec<usize> = reached.map(|&(function, _)| function).collect();
        // A call is there, so claims under which nothing falls are mistaken.
        (!reached.is_empty() || matches!(said, Said::Rule(_))).then_some(reached)
    }

    /// The names of the source.
    pub(crate) fn names(&self) -> &Names<'a> {
        self.names.get_or_init(|| Names::of(&self.file))
    }

    /// Every function whose address the program holds, with each way in which it does.
    fn holders(&self) -> Vec<(usize, Holder)> {
        let tables = vtables::of(&names::dwarf(&self.file));
        let holder = |at| {
            let method = tables.iter().find_map(|table| table.method(at));
            method.map_or(Holder::Pointer, Holder::Method)
        };
        let held = self.pointers.iter();
        held.filter_map(|pointer| Some((self.at(pointer.to)?, holder(pointer.at)))).collect()
    }

    /// Functions by the symbols of the file; code between them has a name of its own.
    fn find(&self, sizes: &BTreeMap<u32, u32>) -> Vec<Function> {
        let mut functions = Vec::new();
        for &(base, bytes) in &self.code {
            let end = base + bytes.len() as u32;
            let symbols = self.symbols(base, end);
            let starts = symbols.keys().copied().chain([end]);
            let first = symbols.keys().next().copied().unwrap_or(end);
            if self.is_used(base, first) {
                functions.push(self.function(format!("code at {base:#x}"), base, first, None));
            }
            for ((&start, (name, size)), next) in symbols.iter().zip(starts.skip(1)) {
                let stated = start.saturating_add(*size).min(next);
                let frame = sizes.get(&start).copied();
                // Without a size it reaches to the next one, and so it does if only padding follows.
                let rest = *size > 0 && self.is_used(stated, next);
                let last = if rest { stated } else { next };
                functions.push(self.function(name.clone(), start, last, frame));
                if rest {
                    functions.push(self.function(format!("code behind {name}"), stated, next, None));
                }
            }
        }
        functions.sort_by_key(|function| function.start);
        functions
    }

    fn function(&self, name: String, start: u32, end: u32, frame: Option<u32>) -> Function {
        let by_hand = frame.is_none();
        let frame = frame.or_else(|| frames::of(self.words(start, end), self.switches));
        Function { name, start, end, frame, by_hand }
    }

    /// Name and size of what begins where; of several names the last in the order of the file.
    fn symbols(&self, start: u32, end: u32) -> BTreeMap<u32, (String, u32)> {
        let symbols = self.file.symbols().filter(|symbol| {
            let is_label = matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Unknown);
            symbol.is_definition()
                && is_label
                && (u64::from(start)..u64::from(end)).contains(&symbol.address())
        });
        let named = symbols.filter_map(|symbol| {
            let name = addr2line::demangle_auto(symbol.name().ok()?.into(), None).into_owned();
            Some((symbol.address() as u32, (name, symbol.size() as u32)))
        });
        named.collect()
    }

    /// Whether anything but padding lies there.
    fn is_used(&self, start: u32, end: u32) -> bool {
        const NOTHING: u32 = 0x6000_0000;
        start < end && self.words(start, end).any(|(_, word)| word != 0 && word != NOTHING)
    }
}

fn is_code(flags: SectionFlags) -> bool {
    matches!(flags, SectionFlags::Elf { sh_flags, .. } if sh_flags.contains(SHF_EXECINSTR))
}

fn section<'a>(file: &ElfFile32<'a, BigEndian>, name: &str) -> Option<&'a [u8]> {
    file.section_by_name(name)?.data().ok()
}

/// Frames by the address of their function: an address and a LEB128 number each.
fn read_sizes(mut rest: &[u8]) -> Option<BTreeMap<u32, u32>> {
    let mut sizes = BTreeMap::new();
    while let Some((start, after)) = rest.split_first_chunk::<4>() {
        let length = after.iter().position(|byte| byte & 0x80 == 0)? + 1;
        let (number, after) = after.split_at(length);
        let size = number
            .iter()
            .rev()
            .try_fold(0_u32, |size, byte| size.checked_mul(128)?.checked_add(u32::from(byte & 0x7F)))?;
        sizes.insert(u32::from_be_bytes(*start), size);
        rest = after;
    }
    rest.is_empty().then_some(sizes)
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_be_bytes(bytes.try_into().expect("four bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_whole_or_not_at_all() {
        let sizes = read_sizes(&[0, 0x10, 0, 0, 0x10, 0, 0x10, 0, 0x40, 0x90, 0x03]);
        assert_eq!(sizes, Some(BTreeMap::from([(0x10_0000, 16), (0x10_0040, 400)])));
        assert_eq!(read_sizes(&[]), Some(BTreeMap::new()));
        assert_eq!(read_sizes(&[0, 0x10, 0, 0, 0x90]), None);
        assert_eq!(read_sizes(&[0, 0x10, 0]), None);
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(Program::read(b"no program", Switches::Refused).is_err());
    }
}
