//! The DMA's device control registers, from 0xD00 on (section 6.8).

use crate::bus::Unknown;
use serde::{Deserialize, Serialize};

/// Reset, a bit a unit.
pub(super) const RESET: usize = 0x00;
/// What runs.
pub(super) const BASE_CONTROL: usize = 0x01;
/// Bounds of the regions that may be read, two registers a region.
pub(super) const INJECTION_REGIONS: usize = 0x02;
/// Bounds of the regions that may be written.
pub(super) const RECEPTION_REGIONS: usize = 0x14;
/// Injection FIFOs that are enabled, a register a group.
pub(super) const INJECTION_ENABLE: usize = 0x2C;
/// Reception FIFOs that are enabled, by their number over all groups.
pub(super) const RECEPTION_ENABLE: usize = 0x30;
/// Header FIFOs that are enabled, bits 28 to 31.
pub(super) const HEADER_ENABLE: usize = 0x31;
/// Injection FIFOs with priority, a register a group.
pub(super) const PRIORITY: usize = 0x32;
/// Of an injection FIFO that remote gets fill.
pub(super) const REMOTE_GET_THRESHOLD: usize = 0x36;
/// Of each reception FIFO which threshold counts.
pub(super) const RECEPTION_TYPE: usize = 0x38;
/// The same for header FIFOs, bits 28 to 31.
pub(super) const HEADER_TYPE: usize = 0x39;
/// Two thresholds in quads.
pub(super) const RECEPTION_THRESHOLD: usize = 0x3A;
/// Torus FIFOs of each injection FIFO, a byte each, eight registers a group.
pub(super) const FIFO_MAP: usize = 0x3C;
/// Injection FIFOs whose data does not leave the node, a register a group.
pub(super) const LOCAL: usize = 0x5C;
/// Reception FIFO by group and receiver, a byte each, two registers a group.
pub(super) const RECEPTION_MAP: usize = 0x60;
/// What a group may clear of the thresholds crossed, a register a group.
pub(super) const CLEAR_MASK: usize = 0x68;
/// The same for header FIFOs, a byte a group.
pub(super) const HEADER_CLEAR_MASK: usize = 0x6C;
/// Interrupts of injection FIFOs' thresholds, a register a group.
pub(super) const INJECTION_THRESHOLD_INTERRUPT: usize = 0x6D;
/// Interrupts of reception FIFOs' thresholds, a register a line.
pub(super) const RECEPTION_THRESHOLD_INTERRUPT: usize = 0x71;
/// Interrupts of injection counters that hit zero, a register a line, a bit a subgroup.
pub(super) const INJECTION_ZERO_INTERRUPT: usize = 0x76;
/// The same of reception counters.
pub(super) const RECEPTION_ZERO_INTERRUPT: usize = 0x7A;
/// Fatal errors that interrupt.
pub(super) const FATAL_ENABLE: usize = 0x7E;
const THRESHOLD_OF_CORRECTED: usize = 0x89;
/// Clears errors, so that units go on.
pub(super) const CLEAR: usize = 0xB1;

/// BASE_CONTROL: cores do not use the torus's FIFOs.
const USE_DMA: u32 = 0x8000_0000;
const STORE_HEADERS: u32 = 0x4000_0000;
const INJECTION_TRANSFER: u32 = 0x0800_0000;
const RECEPTION_TRANSFER: u32 = 0x0400_0000;
const INJECTION_FIFOS: u32 = 0x0200_0000;
const RECEPTION_FIFOS: u32 = 0x0100_0000;
const STOP_WHEN_FULL: u32 = 0x0000_0008;
const RECEPTION_NOT_STICKY: u32 = 0x0000_0004;
const INJECTION_NOT_STICKY: u32 = 0x0000_0002;

/// RESET: the link checker alone, which is not one of the units that move data.
const LINK_CHECKER: u32 = 1;

/// The registers that keep what is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Control(Vec<u32>);

impl Default for Control {
    /// As they come out of reset.
    fn default() -> Self {
        let mut registers = vec![0; CLEAR];
        registers[RESET] = u32::MAX;
        registers[THRESHOLD_OF_CORRECTED] = u32::MAX;
        Self(registers)
    }
}

impl Control {
    /// A register that keeps what is written.
    pub(super) fn get(&self, register: usize) -> u32 {
        self.0[register]
    }

    /// Keeps what is written.
    ///
    /// # Errors
    /// The register does not exist, cannot be written, or does what is not modelled: the back door to the unit's
    /// memory, which the link checker has as well, and interrupts of header FIFOs.
    pub(super) fn set(&mut self, register: usize, value: u32) -> Result<(), Unknown> {
        match register {
            0x75 if value != 0 => return Err(Unknown),
            0x88 if value & 0x0098_0000 != 0 => return Err(Unknown),
            0x00..=0x81 | 0x88..=0x92 => self.0[register] = value,
            _ => return Err(Unknown),
        }
        Ok(())
    }

    fn has(&self, bits: u32) -> bool {
        self.0[BASE_CONTROL] & bits == bits
    }

    fn is_reset(&self) -> bool {
        self.0[RESET] & !LINK_CHECKER != 0
    }

    /// Whether descriptors are served.
    pub(super) fn injects(&self) -> bool {
        self.has(USE_DMA | INJECTION_TRANSFER | INJECTION_FIFOS) && !self.is_reset()
    }

    /// Whether packets are taken from the network.
    pub(super) fn receives(&self) -> bool {
        self.has(USE_DMA | RECEPTION_TRANSFER | RECEPTION_FIFOS) && !self.is_reset()
    }

    /// Whether headers of DMA packets are kept.
    pub(super) fn stores_headers(&self) -> bool {
        self.has(STORE_HEADERS)
    }

    /// Whether reception stops at a full FIFO. Else it tries again, and the network waits.
    pub(super) fn stops_when_full(&self) -> bool {
        self.has(STOP_WHEN_FULL)
    }

    /// Whether thresholds stay crossed until software clears them: of reception and of injection.
    pub(super) fn sticky(&self) -> (bool, bool) {
        (!self.has(RECEPTION_NOT_STICKY), !self.has(INJECTION_NOT_STICKY))
    }

    /// Whether bytes lie in one of the eight regions whose bounds stand from a register on.
    pub(super) fn allows(&self, regions: usize, address: u64, bytes: usize) -> bool {
        let (first, last) = (address >> 4, (address + bytes.max(1) as u64 - 1) >> 4);
        (0..8).any(|region| {
            let bound = |which: usize| u64::from(self.0[regions + 2 * region + which]);
            bound(0) <= first && last <= bound(1)
        })
    }

    /// A bit of one of four registers: of a FIFO by its number over all groups, 32 a group.
    pub(super) fn of_fifo(&self, registers: usize, fifo: usize) -> bool {
        self.0[registers + fifo / 32] & 0x8000_0000 >> (fifo % 32) != 0
    }

    /// The torus FIFOs that an injection FIFO may use.
    pub(super) fn map(&self, fifo: usize) -> u8 {
        self.0[FIFO_MAP + fifo / 4].to_be_bytes()[fifo % 4]
    }

    /// The reception FIFO, by its number over all groups, for a group and a receiver.
    pub(super) fn reception_fifo(&self, group: usize, receiver: usize) -> usize {
        self.0[RECEPTION_MAP + 2 * group + receiver / 4].to_be_bytes()[receiver % 4].into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_allow_what_lies_in_one_of_them() {
        let mut control = Control::default();
        for (register, value) in [(0x02, 0x100), (0x03, 0x1FF), (0x04, 0x200), (0x05, 0x2FF)] {
            assert_eq!(control.set(register, value), Ok(()));
        }
        for region in 2..8 {
            assert_eq!(control.set(0x02 + 2 * region, 1), Ok(()));
        }
        for (address, bytes, allowed) in [
            (0x1000, 16, true),
            (0xFFF, 1, false),
            (0x1FFF, 1, true),
            (0x1FFF, 2, false),
            (0x2FFF, 1, true),
            (0x2FFF, 2, false),
            (0x10, 1, false),
        ] {
            assert_eq!(control.allows(INJECTION_REGIONS, address, bytes), allowed, "{bytes} at {address:#x}");
        }
    }

    #[test]
    fn units_run_when_they_are_out_of_reset_and_enabled() {
        let mut control = Control::default();
        assert_eq!(control.set(BASE_CONTROL, 0x9F00_0000), Ok(()));
        assert!(!control.injects() && !control.receives());
        assert_eq!(control.set(RESET, 0), Ok(()));
        assert!(control.injects() && control.receives() && !control.stores_headers());
        assert_eq!(control.set(BASE_CONTROL, 0x1F00_0000), Ok(()));
        assert!(!control.injects() && !control.receives());
        assert_eq!(control.set(0x82, 0), Err(Unknown));
        assert_eq!(control.set(0x93, 0), Err(Unknown));
    }
}
