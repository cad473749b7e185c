//! The symbols and line tables of one linked program.

use std::fmt;
use std::path::Path;
use std::rc::Rc;

use addr2line::Context;
use gimli::{EndianRcSlice, RunTimeEndian, SectionId};
use object::{Object, ObjectSection, ObjectSymbol, SectionKind, SymbolKind};

type Reader = EndianRcSlice<RunTimeEndian>;

/// A linked program's symbols and line tables.
pub struct Program {
    functions: Vec<Function>,
    lines: Context<Reader>,
    /// Code, as it lies at ascending addresses.
    code: Vec<(u64, Vec<u8>)>,
}

#[derive(Debug)]
struct Function {
    start: u64,
    size: u64,
    name: String,
}

/// A function and the place in it that an address belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The function; with the offset in it, if the function was not inlined: `greeter::run+0x34`.
    pub name: String,
    /// File and line, as the compiler recorded them.
    pub place: Option<(String, u32)>,
}

impl fmt::Debug for Program {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Program").field("functions", &self.functions.len()).finish_non_exhaustive()
    }
}

impl Program {
    /// Reads a linked program; None if it is not there or not one.
    pub fn open(path: &Path) -> Option<Self> {
        let bytes = std::fs::read(path).ok()?;
        let file = object::File::parse(bytes.as_slice()).ok()?;
        let endian = if file.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
        let section = |id: SectionId| -> Result<Reader, gimli::Error> {
            let data = file
                .section_by_name(id.name())
                .and_then(|section| section.uncompressed_data().ok())
                .unwrap_or_default();
            Ok(EndianRcSlice::new(Rc::from(&*data), endian))
        };
        let lines = Context::from_dwarf(gimli::Dwarf::load(section).ok()?).ok()?;
        Some(Self { functions: functions(&file), lines, code: code(&file) })
    }

    /// The instruction word at an address; None where the program has no code.
    pub(crate) fn word(&self, address: u32) -> Option<u32> {
        let address = u64::from(address);
        let after = self.code.partition_point(|(start, _)| *start <= address);
        let (start, bytes) = self.code[..after].last()?;
        let offset = usize::try_from(address - start).ok()?;
        let word = bytes.get(offset..)?.first_chunk()?;
        Some(u32::from_be_bytes(*word))
    }

    /// The functions that an address of the program lies in, innermost first: those inlined there, and
    /// the one that they were inlined into. Empty for an address without code.
    pub fn at(&self, address: u32) -> Vec<Frame> {
        let address = u64::from(address);
        let mut frames = self.inlined(address);
        if let Some(name) = self.function(address) {
            // The outermost frame is the function itself; its symbol also tells the offset.
            match frames.last_mut() {
                Some(outermost) => outermost.name = name,
                None => frames.push(Frame { name, place: None }),
            }
        }
        frames
    }

    /// The function at an address, with the offset there: `greeter::run+0x34`.
    pub(crate) fn function(&self, address: u64) -> Option<String> {
        let after = self.functions.partition_point(|function| function.start <= address);
        let function = self.functions[..after].last()?;
        // Assembly often gives no size; its symbol then reaches to the next one.
        let inside = function.size == 0 || address < function.start + function.size;
        inside.then(|| format!("{}+{:#x}", function.name, address - function.start))
    }

    fn inlined(&self, address: u64) -> Vec<Frame> {
        let mut found = Vec::new();
        let Ok(mut frames) = self.lines.find_frames(address).skip_all_loads() else { return found };
        while let Ok(Some(frame)) = frames.next() {
            let name = frame.function.and_then(|function| Some(function.demangle().ok()?.into_owned()));
            let place = frame.location.and_then(|location| Some((location.file?.to_owned(), location.line?)));
            found.push(Frame { name: name.map(|name| short(&name)).unwrap_or_default(), place });
        }
        found
    }
}

/// Sections of code, by ascending address.
fn code(file: &object::File<'_>) -> Vec<(u64, Vec<u8>)> {
    let mut code: Vec<_> = file
        .sections()
        .filter(|section| section.kind() == SectionKind::Text)
        .filter_map(|section| Some((section.address(), section.data().ok()?.to_vec())))
        .collect();
    code.sort_by_key(|(start, _)| *start);
    code
}

/// Functions, by ascending address.
fn functions(file: &object::File<'_>) -> Vec<Function> {
    let mut functions: Vec<Function> = file
        .symbols()
        .filter(|symbol| symbol.is_definition() && in_code(file, symbol))
        .filter_map(|symbol| {
            let name = addr2line::demangle_auto(symbol.name().ok()?.into(), None);
            Some(Function { start: symbol.address(), size: symbol.size(), name: short(&name) })
        })
        .filter(|function| !function.name.is_empty())
        .collect();
    functions.sort_by_key(|function| (function.start, function.size));
    functions
}

/// Whether a symbol names code. Assembly often leaves a label without a type.
fn in_code(file: &object::File<'_>, symbol: &object::Symbol<'_, '_>) -> bool {
    let section = || symbol.section_index().and_then(|index| file.section_by_index(index).ok());
    match symbol.kind() {
        SymbolKind::Text => true,
        SymbolKind::Label | SymbolKind::Unknown => {
            section().is_some_and(|section| section.kind() == SectionKind::Text)
        }
        _ => false,
    }
}

/// A Rust name without the hash that the older mangling leaves at its end.
fn short(name: &str) -> String {
    match name.rsplit_once("::h") {
        Some((path, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            path.to_owned()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn hashes_are_cut_and_nothing_else() {
        assert_eq!(short("greeter::run::h0123456789abcdef"), "greeter::run");
        assert_eq!(short("greeter::h2o::hello"), "greeter::h2o::hello");
        assert_eq!(short("_start"), "_start");
    }
}
