//! Where the program holds addresses, as the linker was told to leave word of.

use object::BigEndian;
use object::elf::{
    FileHeader32, R_PPC_REL14, R_PPC_REL14_BRNTAKEN, R_PPC_REL14_BRTAKEN, R_PPC_REL24, SHF_ALLOC,
    SHF_EXECINSTR,
};
use object::read::elf::{FileHeader, SectionHeader, Sym};

/// An address that an instruction or a datum holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    /// Where it is held.
    pub(crate) at: u32,
    /// The address.
    pub(crate) to: u32,
}

/// All addresses that loaded parts of the program hold, branches apart; none if the linker left no word of
/// those in its code.
pub(crate) fn pointers(file: &[u8]) -> Result<Option<Vec<Pointer>>, object::Error> {
    let header = FileHeader32::<BigEndian>::parse(file)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, file)?;
    let mut pointers = Vec::new();
    let mut of_code = false;
    for section in sections.iter() {
        let Some((relocations, link)) = section.rela(endian, file)? else { continue };
        let target = sections.section(object::SectionIndex(section.sh_info(endian) as usize))?;
        let flags = target.sh_flags(endian);
        if !flags.contains(SHF_ALLOC) {
            continue;
        }
        of_code |= flags.contains(SHF_EXECINSTR);
        let symbols = sections.symbol_table_by_index(endian, file, link)?;
        for relocation in relocations {
            if matches!(
                relocation.r_type(endian),
                R_PPC_REL24 | R_PPC_REL14 | R_PPC_REL14_BRTAKEN | R_PPC_REL14_BRNTAKEN
            ) {
                continue;
            }
            let symbol = object::SymbolIndex(relocation.r_sym(endian) as usize);
            let base = if symbol.0 == 0 { 0 } else { symbols.symbol(symbol)?.st_value(endian) };
            let to = base.wrapping_add_signed(relocation.r_addend.get(endian));
            pointers.push(Pointer { at: relocation.r_offset.get(endian), to });
        }
    }
    Ok(of_code.then_some(pointers))
}
