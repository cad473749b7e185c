//! The ten-gigabit Ethernet of I/O nodes as storage: TOMAL, its DMA, and XEMAC (sections 9.1 and 9.2).
//!
//! Nothing is ever sent or received. Registers keep what is written, resets clear themselves and everything else,
//! status stays quiet, and no PHY answers. What would start a transmission is reported, and so is what reads as
//! something that no source says: revision, free space in the buffers, and registers of channel 1, whose offsets are
//! not known (open question 28).

use crate::bus::Unknown;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// First address of XEMAC's registers behind TOMAL's.
const XEMAC: u32 = 0x4000;

/// TOMAL's soft reset.
const TOMAL_RESET: u32 = 0x1;
/// XEMAC's, in MR0.
const XEMAC_RESET: u32 = 0x2000_0000;
/// MR0: both directions are idle.
const IDLE: u32 = 0xC000_0000;
/// STACR: go, and what comes of it: no PHY answers.
const GO: u32 = 0x8000;
const NO_PHY: u32 = 0x4000;

/// What a register does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Keeps what is written; holds this after reset.
    Kept(u32),
    /// Reads this, always; writes are dropped, as they are of a counter or status in which nothing happens.
    Quiet(u32),
    /// Asks for work that is not done: takes only 0.
    Work,
    /// TOMAL's control, XEMAC's MR0 and STACR.
    TomalControl,
    XemacControl,
    Phy,
}

use Kind::{Kept, Phy, Quiet, TomalControl, Work, XemacControl};

/// Registers by offset, TOMAL's then XEMAC's.
const REGISTERS: [(u32, Kind); 88] = [
    (0x0000, TomalControl),
    (0x0200, Kept(0)),
    (0x0400, Kept(0)),
    (0x0600, Kept(0)),
    (0x0610, Kept(0)),
    (0x0620, Kept(0)),
    (0x0650, Kept(0)),
    (0x0660, Kept(0)),
    (0x0670, Kept(0)),
    (0x0690, Quiet(0)),
    (0x06A0, Work),
    (0x06B0, Quiet(0)),
    (0x06C0, Kept(0)),
    (0x06D0, Kept(0)),
    (0x06E0, Quiet(0)),
    (0x06F0, Kept(0)),
    (0x0F00, Kept(0)),
    (0x0F10, Kept(0)),
    (0x0F20, Kept(0)),
    (0x1020, Kept(0)),
    (0x1030, Kept(0)),
    (0x1040, Kept(0)),
    (0x1050, Kept(0)),
    (0x1060, Quiet(0)),
    (0x1070, Quiet(0)),
    (0x1080, Kept(0)),
    (0x1090, Kept(0)),
    (0x10A0, Quiet(0)),
    (0x10B0, Kept(0)),
    // Errors: status, enable, mask each.
    (0x1800, Quiet(0)),
    (0x1810, Kept(0)),
    (0x1820, Kept(0)),
    (0x1B20, Quiet(0)),
    (0x1B30, Kept(0)),
    (0x1B40, Kept(0)),
    (0x1B50, Quiet(0)),
    (0x1B60, Kept(0)),
    (0x1B70, Kept(0)),
    (0x1D00, Quiet(0)),
    (0x1D10, Kept(0)),
    (0x1D20, Kept(0)),
    (0x1D60, Quiet(0)),
    (0x1D70, Kept(0)),
    (0x1D80, Kept(0)),
    (0x1D90, Quiet(0)),
    (0x1DA0, Quiet(0)),
    (0x1E00, Quiet(0)),
    (0x1E10, Kept(0)),
    (0x1E20, Kept(0)),
    (0x1F00, Quiet(0)),
    (0x1F10, Kept(0)),
    (0x1F20, Kept(0)),
    (0x1F30, Quiet(0)),
    (0x1F40, Quiet(0)),
    (0x1F80, Quiet(0)),
    (0x1F90, Kept(0)),
    (0x2060, Quiet(0)),
    (XEMAC, XemacControl),
    (XEMAC + 0x04, Kept(0x0012_0020)),
    (XEMAC + 0x08, Kept(7)),
    (XEMAC + 0x0C, Kept(0x0220_0420)),
    (XEMAC + 0x10, Kept(7)),
    (XEMAC + 0x14, Quiet(0)),
    (XEMAC + 0x18, Kept(0)),
    (XEMAC + 0x1C, Kept(0)),
    (XEMAC + 0x20, Kept(0)),
    (XEMAC + 0x24, Kept(0x8100)),
    (XEMAC + 0x28, Kept(0)),
    (XEMAC + 0x2C, Kept(0xFFFF)),
    (XEMAC + 0x30, Kept(0)),
    (XEMAC + 0x34, Kept(0)),
    (XEMAC + 0x38, Kept(0)),
    (XEMAC + 0x3C, Kept(0)),
    (XEMAC + 0x40, Kept(0)),
    (XEMAC + 0x44, Kept(0)),
    (XEMAC + 0x48, Kept(0)),
    (XEMAC + 0x4C, Kept(0)),
    (XEMAC + 0x50, Quiet(0)),
    (XEMAC + 0x54, Quiet(0)),
    (XEMAC + 0x58, Kept(0x0C0D_0000)),
    (XEMAC + 0x5C, Phy),
    (XEMAC + 0x60, Kept(0)),
    (XEMAC + 0x64, Kept(0x0600_0700)),
    (XEMAC + 0x68, Kept(0)),
    (XEMAC + 0x6C, Kept(0)),
    (XEMAC + 0x70, Kept(0)),
    (XEMAC + 0x74, Quiet(0)),
    (XEMAC + 0x84, Quiet(0x10)),
];

fn kind(offset: u32) -> Result<Kind, Unknown> {
    // Octet counters follow each other.
    let offset = if (XEMAC + 0x74..=XEMAC + 0x80).contains(&offset) { XEMAC + 0x74 } else { offset };
    let found = REGISTERS.binary_search_by_key(&offset, |(register, _)| *register);
    found.map(|at| REGISTERS[at].1).map_err(|_| Unknown)
}

/// TOMAL's and XEMAC's registers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ethernet {
    /// What was written, by offset from TOMAL's first register.
    written: BTreeMap<u32, u32>,
}

impl Ethernet {
    /// Reads a register, by its offset from TOMAL's first.
    pub fn read(&self, offset: u32) -> Result<u32, Unknown> {
        let reset = match kind(offset)? {
            Quiet(value) => return Ok(value),
            Work => return Ok(0),
            Kept(value) => value,
            TomalControl => 0,
            XemacControl => return Ok(IDLE | self.written.get(&offset).unwrap_or(&0)),
            Phy => 0x1000,
        };
        Ok(self.written.get(&offset).copied().unwrap_or(reset))
    }

    /// Writes a register.
    pub fn write(&mut self, offset: u32, value: u32) -> Result<(), Unknown> {
        match kind(offset)? {
            Quiet(_) => return Ok(()),
            Work if value == 0 => return Ok(()),
            Work => return Err(Unknown),
            TomalControl if value & TOMAL_RESET != 0 => self.written.retain(|register, _| *register >= XEMAC),
            XemacControl if value & XEMAC_RESET != 0 => self.written.retain(|register, _| *register < XEMAC),
            Phy if value & GO != 0 => {
                self.written.insert(offset, value & !GO | NO_PHY);
            }
            _ => {
                self.written.insert(offset, value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_is_in_order_and_each_register_reads() {
        assert!(REGISTERS.is_sorted_by(|one, other| one.0 < other.0));
        for (offset, _) in REGISTERS {
            assert!(Ethernet::default().read(offset).is_ok(), "{offset:#x}");
        }
        assert_eq!(Ethernet::default().read(XEMAC + 0x80), Ok(0));
        // Revision, free space, debugging, a register of channel 1.
        for offset in [0x0060, 0x1900, 0x3000, 0x0700, XEMAC + 0x88, XEMAC + 2] {
            assert_eq!(Ethernet::default().read(offset), Err(Unknown), "{offset:#x}");
        }
    }

    #[test]
    fn resets_clear_themselves_and_their_unit() {
        let mut ethernet = Ethernet::default();
        for (offset, value) in [(0x0200, 5), (XEMAC + 0x04, 6), (XEMAC, 0x1800_0000)] {
            assert_eq!(ethernet.write(offset, value), Ok(()));
        }
        assert_eq!(ethernet.read(XEMAC), Ok(0xD800_0000));
        assert_eq!(ethernet.write(0, TOMAL_RESET), Ok(()));
        assert_eq!(
            (ethernet.read(0), ethernet.read(0x0200), ethernet.read(XEMAC + 4)),
            (Ok(0), Ok(0), Ok(6))
        );
        assert_eq!(ethernet.write(XEMAC, XEMAC_RESET), Ok(()));
        assert_eq!((ethernet.read(XEMAC), ethernet.read(XEMAC + 4)), (Ok(IDLE), Ok(0x0012_0020)));
    }

    #[test]
    fn no_phy_answers_and_nothing_is_sent() {
        let mut ethernet = Ethernet::default();
        assert_eq!(ethernet.write(XEMAC + 0x5C, 0x9000), Ok(()));
        assert_eq!(ethernet.read(XEMAC + 0x5C), Ok(0x5000));
        assert_eq!(ethernet.write(0x06A0, 1), Err(Unknown));
        assert_eq!(ethernet.read(0x06B0), Ok(0));
    }

    proptest! {
        #[test]
        fn no_access_panics(accesses in proptest::collection::vec((0_u32..0x1800, any::<u32>(), any::<bool>()), 0..100)) {
            let mut ethernet = Ethernet::default();
            for (register, value, writes) in accesses {
                let offset = register * 4;
                if writes {
                    let known = ethernet.write(offset, value).is_ok();
                    prop_assert!(!known || ethernet.read(offset).is_ok());
                } else {
                    prop_assert_eq!(ethernet.read(offset).is_ok(), kind(offset).is_ok());
                }
            }
        }
    }
}
