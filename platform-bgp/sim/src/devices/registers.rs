//! Registers that keep what is written and do nothing.
//!
//! Open questions 2, 20 and 27 of the hardware reference leave what these do to whoever finds out: no system
//! software that has been read depends on more than getting back what it wrote.

use crate::bus::Unknown;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Ranges of device control registers that are storage: caches, memory controllers, arbiters, link electronics,
/// test interface (section 4.3).
const STORAGE: [(u32, u32); 11] = [
    (0x000, 0x1FF), // the BIC's coherence unit
    (0x200, 0x3FF), // SerDes
    (0x400, 0x47F), // test interface
    (0x500, 0x57F), // L3
    (0x580, 0x5BF), // XAUI
    (0x610, 0x65F), // SRAM, arbiters of DevBus, NetBus, DMA, DCR
    (0x670, 0x68F), // clock stop, environmental monitor
    (0x700, 0x7FF), // FPU, L2
    (0x800, 0xBFF), // snoop filters
    (0xE00, 0xEFF), // DDR controller 0
    (0xF00, 0xFFF), // DDR controller 1
];

/// The registers that have been written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registers {
    dcrs: BTreeMap<u32, u32>,
    bytes: BTreeMap<u64, u8>,
}

fn is_storage(number: u32) -> bool {
    STORAGE.iter().any(|(first, last)| (*first..=*last).contains(&number))
}

/// What reads as something before it is written: SerDes PLL lock and ready, byte boundaries of all six links
/// (section 7.6).
const fn initial(number: u32) -> u32 {
    match number {
        0x3F4 => 0x00C0_0000,
        0x3AD => 0xFC00_0000,
        _ => 0,
    }
}

impl Registers {
    /// A device control register: what was written last.
    pub fn read_dcr(&self, number: u32) -> Result<u32, Unknown> {
        if !is_storage(number) {
            return Err(Unknown);
        }
        Ok(match self.dcrs.get(&number) {
            Some(value) if initial(number) == 0 => *value,
            _ => initial(number),
        })
    }

    /// Keeps what is written to a device control register.
    pub fn write_dcr(&mut self, number: u32, value: u32) -> Result<(), Unknown> {
        if !is_storage(number) {
            return Err(Unknown);
        }
        self.dcrs.insert(number, value);
        Ok(())
    }

    /// Bytes of a page that is storage.
    pub fn read(&self, physical: u64, into: &mut [u8]) -> Result<(), Unknown> {
        for (place, byte) in (physical..).zip(into) {
            *byte = self.bytes.get(&place).copied().unwrap_or(0);
        }
        Ok(())
    }

    /// Keeps bytes of a page that is storage.
    pub fn write(&mut self, physical: u64, bytes: &[u8]) -> Result<(), Unknown> {
        self.bytes.extend((physical..).zip(bytes.iter().copied()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_keep_what_is_written() {
        let mut registers = Registers::default();
        assert_eq!(registers.write_dcr(0x50A, 7), Ok(()));
        assert_eq!(registers.read_dcr(0x50A), Ok(7));
        assert_eq!(registers.read_dcr(0x54A), Ok(0));
        assert_eq!(registers.read_dcr(0x3F4), Ok(0x00C0_0000));
        assert_eq!(registers.read_dcr(0x600), Err(Unknown));
        assert_eq!(registers.write_dcr(0x1000, 1), Err(Unknown));
    }
}
