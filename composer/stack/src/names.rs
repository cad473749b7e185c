//! The source's own name of the place of an instruction.

use addr2line::Context;
use gimli::{BigEndian, EndianSlice};
use object::read::elf::ElfFile32;
use object::{Object, ObjectSection};

/// What debug information is read through.
pub(crate) type Reader<'a> = EndianSlice<'a, BigEndian>;

/// A program's debug information.
pub(crate) struct Names<'a> {
    context: Option<Context<Reader<'a>>>,
}

impl std::fmt::Debug for Names<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Names").finish_non_exhaustive()
    }
}

impl<'a> Names<'a> {
    /// Those of a program; without debug information no place has a name.
    pub(crate) fn of(file: &ElfFile32<'a, object::BigEndian>) -> Self {
        Self { context: Context::from_dwarf(dwarf(file)).ok() }
    }

    /// The function whose source holds what became the instruction at `at`: the innermost of those that
    /// were inlined there.
    pub(crate) fn innermost(&self, at: u32) -> Option<String> {
        let context = self.context.as_ref()?;
        let mut frames = context.find_frames(at.into()).skip_all_loads().ok()?;
        let function = frames.next().ok()??.function?;
        Some(function.demangle().ok()?.into_owned())
    }

    /// The file and line of the source that became the instruction at `at`.
    pub(crate) fn place(&self, at: u32) -> Option<(String, u32)> {
        let place = self.context.as_ref()?.find_location(at.into()).ok()??;
        Some((place.file?.to_owned(), place.line?))
    }
}

/// All debug information of a file.
pub(crate) fn dwarf<'a>(file: &ElfFile32<'a, object::BigEndian>) -> gimli::Dwarf<Reader<'a>> {
    let section = |id: gimli::SectionId| {
        let data = file.section_by_name(id.name()).and_then(|section| section.data().ok());
        Ok::<_, std::convert::Infallible>(EndianSlice::new(data.unwrap_or_default(), BigEndian))
    };
    match gimli::Dwarf::load(section) {
        Ok(dwarf) => dwarf,
        Err(never) => match never {},
    }
}
