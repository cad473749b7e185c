//! Legacy images of U-Boot: a header of 64 bytes, then the data.

use super::{Error, Kind, Loaded, place};
use crate::memory::Memory;
use flate2::read::GzDecoder;
use std::io::Read;

/// The first four bytes.
pub(super) const MAGIC: [u8; 4] = [0x27, 0x05, 0x19, 0x56];

/// The kind of compression that is gzip.
const GZIP: u8 = 1;

/// Bytes of the header.
const HEADER: usize = 64;

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Loads the data to the address that the header says.
pub(super) fn load(memory: &mut Memory, bytes: &[u8]) -> Result<Loaded, Error> {
    let header = bytes.get(..HEADER).ok_or(Error::Truncated)?;
    let mut without = header.to_vec();
    without[4..8].fill(0);
    if crc32fast::hash(&without) != word(header, 4) {
        return Err(Error::Checksum("header"));
    }
    let data = bytes.get(HEADER..HEADER + word(header, 12) as usize).ok_or(Error::Truncated)?;
    if crc32fast::hash(data) != word(header, 24) {
        return Err(Error::Checksum("data"));
    }
    let unpacked;
    let data = match header[31] {
        0 => data,
        GZIP => {
            let mut bytes = Vec::new();
            GzDecoder::new(data).read_to_end(&mut bytes).map_err(|_| Error::Checksum("packed data"))?;
            unpacked = bytes;
            &unpacked
        }
        kind => return Err(Error::Compressed(kind)),
    };
    let at = u64::from(word(header, 16));
    place(memory, at, data)?;
    Ok(Loaded { entry: word(header, 20), end: at + data.len() as u64, kind: Kind::UImage })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Vec<u8> {
        wrapped(b"code", 0)
    }

    fn wrapped(data: &[u8], compression: u8) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[31] = compression;
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[12..16].copy_from_slice(&(data.len() as u32).to_be_bytes());
        bytes[16..20].copy_from_slice(&0x1000_u32.to_be_bytes());
        bytes[20..24].copy_from_slice(&0x1004_u32.to_be_bytes());
        bytes[24..28].copy_from_slice(&crc32fast::hash(data).to_be_bytes());
        let sum = crc32fast::hash(&bytes);
        bytes[4..8].copy_from_slice(&sum.to_be_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn data_goes_where_the_header_says() {
        let mut memory = Memory::new();
        memory.add(0, 0x2000);
        let loaded = load(&mut memory, &image()).expect("an image");
        assert_eq!(loaded, Loaded { entry: 0x1004, end: 0x1004, kind: Kind::UImage });
        let mut bytes = [0; 4];
        assert!(memory.copy_out(0x1000, &mut bytes));
        assert_eq!(&bytes, b"code");
    }

    #[test]
    fn packed_data_is_unpacked() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packer, &[7; 0x800]).expect("packed");
        let packed = packer.finish().expect("packed");
        let mut memory = Memory::new();
        memory.add(0, 0x2000);
        let loaded = load(&mut memory, &wrapped(&packed, GZIP)).expect("an image");
        assert_eq!(loaded, Loaded { entry: 0x1004, end: 0x1800, kind: Kind::UImage });
        let mut bytes = [0; 1];
        assert!(memory.copy_out(0x17FF, &mut bytes));
        assert_eq!(bytes, [7]);
        let cut = wrapped(&packed[..packed.len() / 2], GZIP);
        assert_eq!(load(&mut memory, &cut), Err(Error::Checksum("packed data")));
        assert_eq!(load(&mut memory, &wrapped(&packed, 2)), Err(Error::Compressed(2)));
    }

    #[test]
    fn damage_is_told() {
        let mut memory = Memory::new();
        memory.add(0, 0x2000);
        let mut damaged = image();
        damaged[66] ^= 1;
        assert_eq!(load(&mut memory, &damaged), Err(Error::Checksum("data")));
        damaged[20] ^= 1;
        assert_eq!(load(&mut memory, &damaged), Err(Error::Checksum("header")));
        assert_eq!(load(&mut memory, &image()[..66]), Err(Error::Truncated));
    }
}
