//! ELF executables.

use super::{Error, Kind, Loaded, place};
use crate::devices::SRAM;
use crate::memory::Memory;

/// From here on addresses are in the SRAM: firmware images carry its contents as segments (section 8.6).
const HIGH: u64 = 0xFFFF_8000;

fn half(bytes: &[u8], at: usize) -> Result<u16, Error> {
    let field = bytes.get(at..at + 2).ok_or(Error::Truncated)?;
    Ok(u16::from_be_bytes([field[0], field[1]]))
}

fn word(bytes: &[u8], at: usize) -> Result<u32, Error> {
    let field = bytes.get(at..at + 4).ok_or(Error::Truncated)?;
    Ok(u32::from_be_bytes([field[0], field[1], field[2], field[3]]))
}

/// Loads the segments to their physical addresses.
pub(super) fn load(memory: &mut Memory, bytes: &[u8]) -> Result<Loaded, Error> {
    match bytes.get(4..6).ok_or(Error::Truncated)? {
        [1, 2] => {}
        [1, _] => return Err(Error::NotPowerPc("it is little-endian")),
        _ => return Err(Error::NotPowerPc("it has 64 bits")),
    }
    if half(bytes, 18)? != 20 {
        return Err(Error::NotPowerPc("it is for another processor"));
    }
    let (entry, headers) = (word(bytes, 24)?, word(bytes, 28)? as usize);
    let (size, count) = (usize::from(half(bytes, 42)?), usize::from(half(bytes, 44)?));
    let mut end = 0;
    let mut entry_physical = entry;
    for number in 0..count {
        let header = headers + number * size;
        if word(bytes, header)? != 1 {
            continue;
        }
        let offset = word(bytes, header + 4)? as usize;
        let (effective, physical) = (word(bytes, header + 8)?, u64::from(word(bytes, header + 12)?));
        let (in_file, in_memory) = (word(bytes, header + 16)? as usize, word(bytes, header + 20)?);
        let contents = bytes.get(offset..offset + in_file).ok_or(Error::Truncated)?;
        let at = if physical >= HIGH { physical - HIGH + SRAM } else { physical };
        place(memory, at, contents)?;
        // DRAM is zero at first: what follows the file's bytes needs nothing but to exist.
        if in_memory != 0 && !memory.contains(at + u64::from(in_memory) - 1) {
            return Err(Error::NoMemory { physical: at, bytes: in_memory.into() });
        }
        if at == physical {
            end = end.max(at + u64::from(in_memory));
        }
        if (effective..effective.saturating_add(in_memory)).contains(&entry) {
            entry_physical = (physical as u32).wrapping_add(entry - effective);
        }
    }
    Ok(Loaded { entry: entry_physical, end, kind: Kind::Elf })
}
