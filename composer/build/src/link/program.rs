//! A linked program, as its file describes it.

use composer_layout::{DomainImage, KernelImage, LinkedRights, LinkedSegment, StackNeed};
use composer_model::DomainId;
use object::BigEndian;
use object::elf::{EM_PPC, FileHeader32, PF_R, PF_W, PF_X, PT_LOAD};
use object::read::elf::{FileHeader, ProgramHeader};

/// A linked program for the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Where it starts, as an effective address.
    pub(crate) entry: u32,
    /// What is loaded, in the order of the file.
    pub(crate) segments: Vec<LoadSegment>,
}

/// A loadable segment with its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoadSegment {
    /// Effective address.
    pub(crate) virt: u32,
    /// Physical address, or where its first contents lie.
    pub(crate) load: u32,
    /// Contents.
    pub(crate) bytes: Vec<u8>,
    /// Bytes in memory.
    pub(crate) memory: u32,
    /// What the file asks for.
    pub(crate) rights: LinkedRights,
}

impl Program {
    /// Reads an ELF file; says what is wrong with it.
    pub(crate) fn read(file: &[u8]) -> Result<Self, String> {
        let header = FileHeader32::<BigEndian>::parse(file).map_err(|error| error.to_string())?;
        let endian = header.endian().map_err(|error| error.to_string())?;
        if header.e_machine(endian) != EM_PPC {
            return Err("it is no program for PowerPC".to_owned());
        }
        let headers = header.program_headers(endian, file).map_err(|error| error.to_string())?;
        let segments = headers
            .iter()
            .filter(|segment| segment.p_type(endian) == PT_LOAD && segment.p_memsz(endian) > 0)
            .map(|segment| {
                let bytes =
                    segment.data(endian, file).map_err(|()| "a segment lies outside the file".to_owned())?;
                let flags = segment.p_flags(endian);
                Ok(LoadSegment {
                    virt: segment.p_vaddr.get(endian),
                    load: segment.p_paddr.get(endian),
                    bytes: bytes.to_vec(),
                    memory: segment.p_memsz.get(endian),
                    rights: LinkedRights {
                        read: flags.contains(PF_R),
                        write: flags.contains(PF_W),
                        execute: flags.contains(PF_X),
                    },
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        if segments.is_empty() {
            return Err("it loads nothing".to_owned());
        }
        Ok(Self { entry: header.e_entry.get(endian), segments })
    }

    /// The measurements that layout places a domain by.
    pub(crate) fn domain(&self, domain: DomainId, stack: StackNeed) -> DomainImage {
        let segments = self.segments.iter().map(LoadSegment::measure).collect();
        DomainImage { domain, entry: self.entry, segments, stack }
    }

    /// The measurements that layout holds the kernel to.
    pub(crate) fn kernel(&self, stack: StackNeed) -> KernelImage {
        let end = |write| {
            let ends = self.segments.iter().filter(|segment| segment.rights.write == write);
            ends.map(|segment| u64::from(segment.virt) + u64::from(segment.memory)).max().unwrap_or(0)
        };
        KernelImage { text_end: end(false), data_end: end(true), stack }
    }

    /// The physical address of the entry; None if no segment holds it.
    pub(crate) fn physical_entry(&self) -> Option<u32> {
        self.segments.iter().find_map(|segment| {
            let offset = self.entry.checked_sub(segment.virt).filter(|offset| *offset < segment.memory)?;
            segment.load.checked_add(offset)
        })
    }
}

impl LoadSegment {
    fn measure(&self) -> LinkedSegment {
        let name = match self.rights {
            LinkedRights { execute: true, .. } => "text",
            LinkedRights { write: true, .. } => "data",
            _ => "rodata",
        };
        LinkedSegment {
            name: name.to_owned(),
            virt: self.virt.into(),
            load: self.load.into(),
            file_bytes: self.bytes.len() as u64,
            memory_bytes: self.memory.into(),
            rights: self.rights,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Image, Segment};
    use super::*;

    #[test]
    fn an_image_reads_back_as_a_program() {
        let segments = vec![
            Segment { physical: 0x10_0000, bytes: vec![1, 2, 3, 4], memory: 8 },
            Segment { physical: 0x20_0000, bytes: vec![], memory: 0x1000 },
        ];
        let image = Image { entry: 0x10_0000, segments, note: "x".into() };
        let program = Program::read(&image.to_bytes()).expect("a program");
        assert_eq!(program.entry, 0x10_0000);
        assert_eq!(program.physical_entry(), Some(0x10_0000));
        assert_eq!(program.segments.len(), 2);
        assert_eq!(program.segments[0].bytes, [1, 2, 3, 4]);
        assert_eq!((program.segments[1].virt, program.segments[1].memory), (0x20_0000, 0x1000));
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(Program::read(b"").is_err());
        assert!(Program::read(&[0x7F; 100]).is_err());
        let mut other = Image { entry: 0, segments: vec![], note: String::new() }.to_bytes();
        assert_eq!(Program::read(&other), Err("it loads nothing".to_owned()));
        other[19] = 62;
        assert_eq!(Program::read(&other), Err("it is no program for PowerPC".to_owned()));
    }
}
