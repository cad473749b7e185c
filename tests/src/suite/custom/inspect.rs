//! A look into ELF files.

use object::read::elf::{FileHeader, ProgramHeader};
use object::{BigEndian, Object, ObjectSymbol};

/// What an image loads.
pub(super) struct Image {
    /// Where it starts.
    pub(super) entry: u32,
    /// Physical addresses and sizes in memory.
    pub(super) segments: Vec<(u32, u32)>,
}

impl Image {
    /// Reads an image.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let words = |error: object::Error| error.to_string();
        let header = object::elf::FileHeader32::<BigEndian>::parse(bytes).map_err(words)?;
        let endian = header.endian().map_err(words)?;
        let segments = header.program_headers(endian, bytes).map_err(words)?;
        let loaded = segments.iter().filter(|segment| segment.p_type(endian) == object::elf::PT_LOAD);
        Ok(Self {
            entry: header.e_entry.get(endian),
            segments: loaded
                .map(|segment| (segment.p_paddr.get(endian), segment.p_memsz.get(endian)))
                .collect(),
        })
    }
}

/// Names of symbols that hold a word.
pub(super) fn symbols(bytes: &[u8], word: &str) -> Result<Vec<String>, String> {
    let file = object::File::parse(bytes).map_err(|error| error.to_string())?;
    let names = file.symbols().filter_map(|symbol| Some(symbol.name().ok()?.to_owned()));
    Ok(names.filter(|name| name.contains(word)).collect())
}
