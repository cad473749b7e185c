//! The parts of a linked kernel.

use object::elf::{SHF_ALLOC, SHF_EXECINSTR};
use object::read::elf::ElfFile32;
use object::{BigEndian, Object, ObjectSection, SectionFlags};
use serde::Serialize;

/// Bytes of a linked kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bytes {
    /// Instructions.
    pub text: u64,
    /// Constants; most of them are the tables of the system.
    pub constants: u64,
    /// Variables.
    pub data: u64,
}

impl Bytes {
    /// Those of a linked file.
    ///
    /// # Errors
    ///
    /// What is wrong with the file.
    pub fn of(file: &[u8]) -> Result<Self, String> {
        let file = ElfFile32::<BigEndian>::parse(file).map_err(|error| error.to_string())?;
        let mut bytes = Self::default();
        for section in file.sections() {
            let SectionFlags::Elf { sh_flags, .. } = section.flags() else { continue };
            if !sh_flags.contains(SHF_ALLOC) {
                continue;
            }
            // The linker marks constants as writable where some of them hold addresses.
            let constant = section.name().is_ok_and(|name| name == ".rodata");
            let part = match (sh_flags.contains(SHF_EXECINSTR), constant) {
                (true, _) => &mut bytes.text,
                (false, true) => &mut bytes.constants,
                (false, false) => &mut bytes.data,
            };
            *part += section.size();
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(Bytes::of(b"no program").is_err());
    }
}
