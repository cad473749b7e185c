//! The ELF kernel: `vmlinux`, linked for virtual addresses and loaded at physical ones.
//!
//! A 44x kernel is linked at 0xC000_0000 and loaded at physical address 0; its entry point is virtual.
//! The guest's processor starts with translation that maps every address to itself, so what counts is
//! where the entry lies physically.

use object::elf::{ELFCLASS32, ELFDATA2MSB, ELFMAG, EM_PPC, ET_EXEC, FileHeader32, PT_LOAD};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{BigEndian, U32};

use super::{BadImage, Image, MAXIMUM};

/// Whether a file calls itself ELF.
pub(super) fn is_one(file: &[u8]) -> bool {
    file.starts_with(&ELFMAG)
}

/// A segment that is loaded.
#[derive(Clone, Copy, Debug)]
struct Segment<'f> {
    /// Virtual and physical address.
    virt: u32,
    load: u32,
    bytes: &'f [u8],
    memory: u32,
}

impl Segment<'_> {
    fn end(&self) -> u64 {
        u64::from(self.load) + u64::from(self.memory)
    }

    /// The physical address of a virtual one inside.
    fn physical(&self, virt: u32) -> Option<u32> {
        let offset = virt.checked_sub(self.virt).filter(|offset| *offset < self.memory)?;
        self.load.checked_add(offset)
    }
}

/// Reads an ELF kernel.
///
/// # Errors
///
/// What is wrong with the file.
pub(super) fn read(file: &[u8]) -> Result<Image, BadImage> {
    let found = file.len() as u64;
    let truncated = |what, wanted| BadImage::Truncated { what, wanted, found };
    if file.len() < size_of::<FileHeader32<BigEndian>>() {
        return Err(truncated("header", size_of::<FileHeader32<BigEndian>>() as u64));
    }
    if file[4] != ELFCLASS32.0 {
        return Err(BadImage::Format { what: "64-bit ELF" });
    }
    if file[5] != ELFDATA2MSB.0 {
        return Err(BadImage::Format { what: "little-endian ELF" });
    }
    let broken = |_| BadImage::NotAKernel { what: "an ELF file of an unknown version".to_owned() };
    let header = FileHeader32::<BigEndian>::parse(file).map_err(broken)?;
    if header.e_machine(BigEndian) != EM_PPC {
        return Err(BadImage::Machine { number: header.e_machine(BigEndian).0 });
    }
    if header.e_type(BigEndian) != ET_EXEC {
        return Err(BadImage::NotAKernel { what: "an object file or a library".to_owned() });
    }
    let table = u64::from(header.e_phoff(BigEndian)) + u64::from(header.e_phnum.get(BigEndian)) * 32;
    let headers = header.program_headers(BigEndian, file).map_err(|_| truncated("program headers", table))?;
    let mut segments = Vec::new();
    for one in headers.iter().filter(|one| one.p_type(BigEndian) == PT_LOAD) {
        let field = |value: U32<BigEndian>| value.get(BigEndian);
        let end = u64::from(field(one.p_offset)) + u64::from(field(one.p_filesz));
        let bytes = one.data(BigEndian, file).map_err(|()| truncated("contents", end))?;
        let (virt, load) = (field(one.p_vaddr), field(one.p_paddr));
        let memory = field(one.p_memsz);
        if field(one.p_filesz) > memory {
            return Err(BadImage::Segments { at: load });
        }
        if memory > 0 {
            segments.push(Segment { virt, load, bytes, memory });
        }
    }
    flatten(segments, header.e_entry(BigEndian))
}

/// Lays segments out as one run of bytes.
fn flatten(mut segments: Vec<Segment<'_>>, entry: u32) -> Result<Image, BadImage> {
    segments.sort_by_key(|segment| segment.load);
    if let Some(pair) = segments.windows(2).find(|pair| pair[0].end() > u64::from(pair[1].load)) {
        return Err(BadImage::Segments { at: pair[1].load });
    }
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return Err(BadImage::Empty) };
    let load = first.load;
    let size = |address: u64| {
        u32::try_from(address - u64::from(load))
            .ok()
            .filter(|size| *size <= MAXIMUM)
            .ok_or(BadImage::TooLarge)
    };
    let memory = size(last.end())?;
    // A loader that maps every address to itself starts at the virtual address, if the file has one there.
    let at = segments.iter().find_map(|segment| segment.physical(entry)).unwrap_or(entry);
    let mut bytes = Vec::new();
    for segment in segments.iter().filter(|segment| !segment.bytes.is_empty()) {
        bytes.resize(size(u64::from(segment.load))? as usize, 0);
        bytes.extend_from_slice(segment.bytes);
    }
    Ok(Image { bytes, load, entry: at, memory })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Virtual address, physical address, contents, bytes in memory.
    type Wanted = (u32, u32, Vec<u8>, u32);

    /// An ELF file.
    fn file(segments: &[Wanted], entry: u32) -> Vec<u8> {
        let mut file = vec![0x7F, b'E', b'L', b'F', 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let count = u16::try_from(segments.len()).expect("few segments");
        for half in [2, 20] {
            file.extend_from_slice(&u16::to_be_bytes(half));
        }
        for word in [1, entry, 52, 0, 0] {
            file.extend_from_slice(&u32::to_be_bytes(word));
        }
        for half in [52, 32, count, 40, 0, 0] {
            file.extend_from_slice(&u16::to_be_bytes(half));
        }
        let mut offset = 52 + 32 * u32::from(count);
        for (virt, load, bytes, memory) in segments {
            let size = u32::try_from(bytes.len()).expect("small segments");
            for word in [1, offset, *virt, *load, size, *memory, 7, 4] {
                file.extend_from_slice(&u32::to_be_bytes(word));
            }
            offset += size;
        }
        segments.iter().for_each(|(_, _, bytes, _)| file.extend_from_slice(bytes));
        file
    }

    fn linux() -> Vec<u8> {
        file(&[(0xC000_0000, 0, b"kernel".to_vec(), 100)], 0xC000_0000)
    }

    #[test]
    fn a_virtual_entry_becomes_a_physical_one() {
        let image = Image::read(&linux()).expect("a kernel");
        assert_eq!(image, Image { bytes: b"kernel".to_vec(), load: 0, entry: 0, memory: 100 });
    }

    #[test]
    fn several_segments_lie_at_their_places() {
        let segments = [(0x30, 0x30, b"cd".to_vec(), 8), (0x10, 0x10, b"ab".to_vec(), 2)];
        let image = Image::read(&file(&segments, 0x31)).expect("a kernel");
        assert_eq!((image.load, image.entry, image.memory), (0x10, 0x31, 0x28));
        assert_eq!((&image.bytes[..2], &image.bytes[0x20..]), (&b"ab"[..], &b"cd"[..]));
        assert!(image.bytes[2..0x20].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn each_thing_that_is_wrong_has_its_name() {
        let changed = |at: usize, byte: u8| {
            let mut file = linux();
            file[at] = byte;
            Image::read(&file).expect_err("something is wrong")
        };
        assert_eq!(changed(4, 2), BadImage::Format { what: "64-bit ELF" });
        assert_eq!(changed(5, 1), BadImage::Format { what: "little-endian ELF" });
        assert_eq!(changed(19, 62), BadImage::Machine { number: 62 });
        assert!(matches!(changed(17, 1), BadImage::NotAKernel { .. }));
        assert!(matches!(changed(45, 9), BadImage::Truncated { what: "program headers", .. }));
        assert!(matches!(changed(52 + 19, 99), BadImage::Truncated { what: "contents", .. }));
        assert_eq!(changed(52 + 3, 4), BadImage::Empty);
        assert_eq!(changed(27, 50), BadImage::EntryOutside { entry: 50 });
        assert!(matches!(Image::read(&linux()[..30]), Err(BadImage::Truncated { what: "header", .. })));
        let small = file(&[(0, 0, b"kernel".to_vec(), 2)], 0);
        assert_eq!(Image::read(&small), Err(BadImage::Segments { at: 0 }));
        let twice = file(&[(0, 0, b"kernel".to_vec(), 6), (4, 4, b"x".to_vec(), 1)], 0);
        assert_eq!(Image::read(&twice), Err(BadImage::Segments { at: 4 }));
        let apart = file(&[(0, 0, b"k".to_vec(), 1), (0, 0xF000_0000, b"x".to_vec(), 1)], 0);
        assert_eq!(Image::read(&apart), Err(BadImage::TooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(changes in prop::collection::vec((0..200_usize, any::<u8>()), 0..12), cut in 0..400_usize) {
            let segments = [(0xC000_0000, 0, vec![1; 40], 100), (0x80, 0x80, vec![2; 9], 9)];
            let mut file = file(&segments, 0xC000_0004);
            for (at, byte) in changes {
                if let Some(place) = file.get_mut(at) {
                    *place = byte;
                }
            }
            file.truncate(cut);
            if let Ok(image) = Image::read(&file) {
                prop_assert!(image.bytes.len() as u64 <= u64::from(image.memory));
                prop_assert!(image.memory <= MAXIMUM);
                prop_assert!(image.entry - image.load < image.memory);
            }
        }
    }
}
