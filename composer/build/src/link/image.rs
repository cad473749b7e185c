//! The image: one bootable file.
//!
//! ELF, 32 bits, big-endian, PowerPC, executable. Every address in it is physical, since loaders run before
//! any translation does. It has no sections: the programs with symbols lie beside it.

/// `e_ident` up to the padding: magic, 32 bits, most significant byte first, version 1.
const IDENT: [u8; 7] = [0x7F, b'E', b'L', b'F', 1, 2, 1];
const HEADER: u32 = 52;
const PROGRAM_HEADER: u32 = 32;
const EXECUTABLE: u16 = 2;
const POWERPC: u16 = 20;
const LOAD: u32 = 1;
const NOTE: u32 = 4;
const READ_WRITE_EXECUTE: u32 = 7;
const READ: u32 = 4;
/// Contents start at multiples of this in the file.
const ALIGNMENT: u32 = 16;

/// An image to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    /// Physical address of the first instruction.
    pub(crate) entry: u32,
    /// What is loaded, ascending and disjoint.
    pub(crate) segments: Vec<Segment>,
    /// What the image was made from and by: system, board, compiler.
    pub(crate) note: String,
}

/// A loaded segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Physical address.
    pub(crate) physical: u32,
    /// Contents.
    pub(crate) bytes: Vec<u8>,
    /// Bytes in memory; those behind the contents are zero.
    pub(crate) memory: u32,
}

impl Image {
    /// The two neighbours that claim the same memory, if any do.
    pub(crate) fn overlap(&self) -> Option<(&Segment, &Segment)> {
        self.segments.windows(2).find_map(|pair| match pair {
            [low, high] => {
                let end = u64::from(low.physical) + u64::from(low.memory);
                (end > u64::from(high.physical)).then_some((low, high))
            }
            _ => None,
        })
    }

    /// The file.
    ///
    /// # Panics
    ///
    /// With more than 65,000 segments or 4 GiB of contents, which no layout gives.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let note = note(&self.note);
        let count = u32::try_from(self.segments.len() + 1).expect("few segments");
        let mut at = aligned(HEADER + PROGRAM_HEADER * count);
        let mut file = Vec::new();
        header(&mut file, self.entry, count);
        let mut contents = Vec::new();
        for segment in &self.segments {
            let size = u32::try_from(segment.bytes.len()).expect("contents below 4 GiB");
            let (physical, memory) = (segment.physical, segment.memory);
            words(&mut file, &[LOAD, at, physical, physical, size, memory, READ_WRITE_EXECUTE, ALIGNMENT]);
            contents.push((at, &segment.bytes));
            at = aligned(at + size);
        }
        let size = u32::try_from(note.len()).expect("a short note");
        words(&mut file, &[NOTE, at, 0, 0, size, 0, READ, 4]);
        contents.push((at, &note));
        for (at, bytes) in contents {
            file.resize(at as usize, 0);
            file.extend_from_slice(bytes);
        }
        file
    }
}

fn header(file: &mut Vec<u8>, entry: u32, segments: u32) {
    file.extend_from_slice(&IDENT);
    file.resize(16, 0);
    halves(file, &[EXECUTABLE, POWERPC]);
    words(file, &[1, entry, HEADER, 0, 0]);
    let segments = u16::try_from(segments).expect("few segments");
    halves(file, &[HEADER as u16, PROGRAM_HEADER as u16, segments, 0, 0, 0]);
}

/// A note of owner `Fugue` and type 1.
fn note(text: &str) -> Vec<u8> {
    let mut note = Vec::new();
    words(&mut note, &[6, u32::try_from(text.len()).expect("a short note"), 1]);
    note.extend_from_slice(b"Fugue\0\0\0");
    note.extend_from_slice(text.as_bytes());
    note.resize(note.len().next_multiple_of(4), 0);
    note
}

fn aligned(at: u32) -> u32 {
    at.next_multiple_of(ALIGNMENT)
}

fn words(file: &mut Vec<u8>, words: &[u32]) {
    words.iter().for_each(|word| file.extend_from_slice(&word.to_be_bytes()));
}

fn halves(file: &mut Vec<u8>, halves: &[u16]) {
    halves.iter().for_each(|half| file.extend_from_slice(&half.to_be_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(physical: u32, memory: u32) -> Segment {
        Segment { physical, bytes: vec![0xAB; 5], memory }
    }

    #[test]
    fn the_layout_of_the_file_is_fixed() {
        let image = Image { entry: 0x1234, segments: vec![segment(0x1000, 0x20)], note: "hi".into() };
        let bytes = image.to_bytes();
        assert_eq!(bytes, image.to_bytes());
        assert_eq!(&bytes[..8], &[0x7F, b'E', b'L', b'F', 1, 2, 1, 0]);
        assert_eq!(&bytes[24..28], &0x1234_u32.to_be_bytes());
        // Header 52, two program headers of 32, rounded up to 16.
        assert_eq!(&bytes[128..133], &[0xAB; 5]);
        assert_eq!(&bytes[144..156], &[0, 0, 0, 6, 0, 0, 0, 2, 0, 0, 0, 1]);
        assert_eq!(&bytes[156..], b"Fugue\0\0\0hi\0\0");
    }

    #[test]
    fn overlaps_are_seen() {
        let image = |second| Image {
            entry: 0,
            segments: vec![segment(0x1000, 0x20), segment(second, 0x20)],
            note: String::new(),
        };
        assert!(image(0x1020).overlap().is_none());
        assert!(image(0x101F).overlap().is_some());
    }
}
