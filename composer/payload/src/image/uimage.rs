//! The uImage: U-Boot's legacy image, a header of 64 bytes before a kernel that may be compressed.
//!
//! The format is that of U-Boot's `include/image.h`: big-endian words, checksums by CRC-32 (the one of
//! Ethernet and gzip), the header's computed with its own field zero.
//!
//! | offset | what               | offset | what                        |
//! |-------:|--------------------|-------:|-----------------------------|
//! |      0 | magic 0x27051956   |     24 | checksum of the contents    |
//! |      4 | checksum of header |     28 | operating system (5: Linux) |
//! |      8 | time of making     |     29 | architecture (7: PowerPC)   |
//! |     12 | bytes of contents  |     30 | kind (2: kernel)            |
//! |     16 | load address       |     31 | compression (0, 1: gzip)    |
//! |     20 | entry              |     32 | name, 32 bytes              |

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::{BadImage, Image, MAXIMUM, word};

const MAGIC: u32 = 0x2705_1956;
const HEADER: usize = 64;
const LINUX: u8 = 5;
const POWERPC: u8 = 7;
const KERNEL: u8 = 2;
const PLAIN: u8 = 0;
const GZIP: u8 = 1;

/// Kinds by number, as far as people meet them.
const KINDS: [&str; 9] = [
    "of no kind",
    "a stand-alone program",
    "a kernel",
    "an initial file system",
    "a set of several files",
    "firmware",
    "a script",
    "a file system",
    "a device tree",
];

/// Compressions by number.
const COMPRESSIONS: [&str; 7] = ["nothing", "gzip", "bzip2", "LZMA", "LZO", "LZ4", "Zstandard"];

/// Whether a file calls itself a uImage.
pub fn is_one(file: &[u8]) -> bool {
    word(file, 0) == Some(MAGIC)
}

/// Reads a uImage that holds a kernel.
///
/// # Errors
///
/// What is wrong with the file.
pub fn read(file: &[u8]) -> Result<Image, BadImage> {
    let found = file.len() as u64;
    let Some(header) = file.first_chunk::<HEADER>() else {
        return Err(BadImage::Truncated { what: "header", wanted: HEADER as u64, found });
    };
    let field = |at: usize| word(header, at).unwrap_or_default();
    let mut blank = *header;
    blank[4..8].fill(0);
    check("header", field(4), &blank)?;
    let size = field(12);
    let wanted = HEADER as u64 + u64::from(size);
    let Some(contents) = file[HEADER..].get(..size as usize) else {
        return Err(BadImage::Truncated { what: "contents", wanted, found });
    };
    check("contents", field(24), contents)?;
    if header[29] != POWERPC {
        return Err(BadImage::Machine { number: u16::from(header[29]) });
    }
    if header[30] != KERNEL {
        let kind = KINDS.get(usize::from(header[30])).copied().unwrap_or("something unknown");
        return Err(BadImage::NotAKernel { what: kind.to_owned() });
    }
    let bytes = match header[31] {
        PLAIN => contents.to_vec(),
        GZIP => inflate(contents)?,
        other => {
            let name = COMPRESSIONS.get(usize::from(other)).copied().unwrap_or("something unknown");
            return Err(BadImage::Compression { name: name.to_owned() });
        }
    };
    let memory = u32::try_from(bytes.len()).ok().filter(|size| *size <= MAXIMUM).ok_or(BadImage::TooLarge)?;
    Ok(Image { bytes, load: field(16), entry: field(20), memory })
}

/// Makes a uImage of a kernel, compressed. It carries no time: the same kernel gives the same file.
pub fn write(image: &Image, name: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to a vector has no way to fail.
    let contents = encoder.write_all(&image.bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    let mut file = Vec::with_capacity(HEADER + contents.len());
    let size = u32::try_from(contents.len()).unwrap_or(u32::MAX);
    for word in [MAGIC, 0, 0, size, image.load, image.entry, crc32fast::hash(&contents)] {
        file.extend_from_slice(&word.to_be_bytes());
    }
    file.extend_from_slice(&[LINUX, POWERPC, KERNEL, GZIP]);
    // The last byte of the name stays zero.
    file.extend(name.bytes().chain(std::iter::repeat(0)).take(31).chain([0]));
    let checksum = crc32fast::hash(&file);
    file[4..8].copy_from_slice(&checksum.to_be_bytes());
    file.extend_from_slice(&contents);
    file
}

fn check(what: &'static str, said: u32, bytes: &[u8]) -> Result<(), BadImage> {
    let computed = crc32fast::hash(bytes);
    if said == computed { Ok(()) } else { Err(BadImage::Checksum { what, said, computed }) }
}

/// Inflates no more than a guest could hold, whatever the file promises.
fn inflate(contents: &[u8]) -> Result<Vec<u8>, BadImage> {
    let mut bytes = Vec::new();
    let mut bounded = GzDecoder::new(contents).take(u64::from(MAXIMUM) + 1);
    bounded.read_to_end(&mut bytes).map_err(|error| BadImage::Inflate { why: error.to_string() })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn image(bytes: Vec<u8>, load: u32) -> Image {
        let memory = u32::try_from(bytes.len()).expect("a small image");
        Image { bytes, load, entry: load, memory }
    }

    /// A header with other bytes at 28, and a checksum that fits.
    fn sealed(words: [u8; 4], contents: &[u8]) -> Vec<u8> {
        let mut file = write(&image(vec![1], 0), "x")[..HEADER].to_vec();
        file[4..8].fill(0);
        file[12..16].copy_from_slice(&u32::try_from(contents.len()).expect("small").to_be_bytes());
        file[24..28].copy_from_slice(&crc32fast::hash(contents).to_be_bytes());
        file[28..32].copy_from_slice(&words);
        let checksum = crc32fast::hash(&file);
        file[4..8].copy_from_slice(&checksum.to_be_bytes());
        file.extend_from_slice(contents);
        file
    }

    #[test]
    fn each_thing_that_is_wrong_has_its_name() {
        let good = [LINUX, POWERPC, KERNEL, PLAIN];
        assert_eq!(read(&sealed(good, b"code")).map(|image| image.bytes), Ok(b"code".to_vec()));
        let with = |at: usize, byte: u8| {
            let mut words = good;
            words[at] = byte;
            read(&sealed(words, b"code")).expect_err("something is wrong")
        };
        assert_eq!(with(1, 2), BadImage::Machine { number: 2 });
        assert_eq!(with(2, 3), BadImage::NotAKernel { what: "an initial file system".into() });
        assert_eq!(with(2, 99), BadImage::NotAKernel { what: "something unknown".into() });
        assert_eq!(with(3, 3), BadImage::Compression { name: "LZMA".into() });
        assert!(matches!(with(3, GZIP), BadImage::Inflate { .. }));
        let file = sealed(good, b"code");
        assert!(matches!(read(&file[..20]), Err(BadImage::Truncated { what: "header", .. })));
        assert!(matches!(read(&file[..66]), Err(BadImage::Truncated { what: "contents", .. })));
    }

    #[test]
    fn what_inflates_without_end_is_refused() {
        let zeroes = vec![0; MAXIMUM as usize + 1];
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&zeroes).expect("written");
        let bomb = encoder.finish().expect("written");
        assert!(bomb.len() < 4 << 20);
        assert_eq!(read(&sealed([LINUX, POWERPC, KERNEL, GZIP], &bomb)), Err(BadImage::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in prop::collection::vec(any::<u8>(), 1..2000), load in any::<u32>()) {
            let image = image(bytes, load);
            prop_assert_eq!(read(&write(&image, "a kernel with a name that is far too long to fit")), Ok(image));
        }

        #[test]
        fn no_changed_bit_goes_unnoticed(
            bytes in prop::collection::vec(any::<u8>(), 1..200),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u32,
        ) {
            let mut file = write(&image(bytes, 0), "kernel");
            let at = at.index(file.len());
            file[at] ^= 1_u8 << bit;
            prop_assert!(!is_one(&file) || read(&file).is_err());
        }

        #[test]
        fn no_bytes_panic(mut file in prop::collection::vec(any::<u8>(), 0..300), valid in any::<bool>()) {
            if valid && file.len() >= HEADER {
                // Past the checksums, so that the rest of the reader sees it.
                file[..4].copy_from_slice(&MAGIC.to_be_bytes());
                let words = [file[28], file[29], file[30], file[31]];
                file = sealed(words, &file[HEADER..]);
            }
            let _ = Image::read(&file);
        }
    }
}
