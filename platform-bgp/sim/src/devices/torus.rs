//! The torus's device control registers, from 0xC80 on, and what it checks of packets (sections 6.2, 6.3 and 6.5).
//!
//! Where the node is comes from the configuration: the layout of the registers that say so is not known (open question
//! 5), and they only keep what is written. The FIFOs that cores use while the DMA is off are not modelled.

use super::bic::Bic;
use super::dma::header::Header;
use crate::bus::Unknown;
use crate::network::Place;
use serde::{Deserialize, Serialize};

/// Interrupt: a fatal error of the torus.
const FATAL: usize = 0x20;
/// Registers of errors that are not recovered from, of the two groups of injection FIFOs, and their masks.
const INJECTION_ERRORS: usize = 0x64;
const INJECTION_MASKS: usize = 0x28;
const REGISTERS: usize = 0x80;

/// What is wrong with a header: bits of a FIFO's byte.
mod wrong {
    pub(super) const BOTH_WAYS: u32 = 0x10;
    pub(super) const NO_WAY: u32 = 0x08;
    pub(super) const CHANNEL: u32 = 0x04;
    pub(super) const OUTSIDE: u32 = 0x02;
    pub(super) const DEPOSIT: u32 = 0x01;
}

/// One of the eight torus FIFOs for injection: normal ones 0 to 2 and that with priority of group 0, then of group 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FifoNumber(u32);

impl FifoNumber {
    /// The first that a map of FIFOs names.
    pub const fn first_of(map: u8) -> Self {
        Self(map.leading_zeros() & 7)
    }
}

/// The registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Torus {
    place: Place,
    registers: Vec<u32>,
}

impl Torus {
    /// The torus's end at a place.
    pub fn new(place: Place) -> Self {
        Self { place, registers: vec![0; REGISTERS] }
    }

    /// Reads a register, by its distance from 0xC80.
    pub fn read(&self, register: u32) -> Result<u32, Unknown> {
        match register {
            // Back door to the SRAM; what only clears.
            0x0F..=0x11 | 0x1E => Err(Unknown),
            0x00..=0x1B | 0x20..=0x2C | 0x30 | 0x32..=0x68 | 0x6C..=0x7F => {
                Ok(self.registers[register as usize])
            }
            _ => Err(Unknown),
        }
    }

    /// Writes a register.
    ///
    /// # Errors
    /// It cannot be written, or does what is not modelled: the SRAM's back door, stops and loopbacks of links.
    pub fn write(&mut self, register: u32, value: u32, bic: &mut Bic) -> Result<(), Unknown> {
        match register {
            0x0F..=0x11 => return Err(Unknown),
            0x0B | 0x12 if value != 0 => return Err(Unknown),
            0x00 => {
                if value != 0 {
                    self.registers.fill(0);
                }
                self.registers[0] = value;
            }
            // Clears counters of what is recovered from: nothing ever happens.
            0x1E => {}
            0x01..=0x1B | 0x20..=0x2C | 0x30 | 0x6C..=0x7F => self.registers[register as usize] = value,
            _ => return Err(Unknown),
        }
        self.interrupt(bic);
        Ok(())
    }

    /// Whether packets are taken: not in reset, and not after a fatal error.
    pub fn runs(&self) -> bool {
        self.registers[0] == 0 && self.registers[INJECTION_ERRORS] | self.registers[INJECTION_ERRORS + 1] == 0
    }

    fn interrupt(&self, bic: &mut Bic) {
        let fatal = (0..2).any(|group| {
            self.registers[INJECTION_ERRORS + group] & !self.registers[INJECTION_MASKS + group] != 0
        });
        bic.set_level(FATAL, fatal);
    }

    /// Looks at a packet that is injected, and completes its hints. `false`: it breaks a rule, and the torus stops.
    pub fn check(&mut self, packet: &mut [u8], fifo: FifoNumber, bic: &mut Bic) -> bool {
        let Some(mut header) = Header::of(packet) else { return false };
        let wrong = self.mistakes(header);
        if wrong != 0 {
            let FifoNumber(number) = fifo;
            self.registers[INJECTION_ERRORS + number as usize / 4] |= wrong << (24 - 8 * (number % 4));
            self.interrupt(bic);
            return false;
        }
        header.set_hints(self.hints(header));
        packet[..16].copy_from_slice(&header.0);
        true
    }

    fn mistakes(&self, header: Header) -> u32 {
        let (hints, destination, own) = (header.hints(), header.destination(), self.place.coordinates);
        let mut wrong = 0;
        let mut note = |holds: bool, bit: u32| wrong |= if holds { bit } else { 0 };
        note((0..3).any(|axis| hints >> (4 - 2 * axis) & 3 == 3), wrong::BOTH_WAYS);
        note((0..3).any(|axis| destination[axis] >= self.place.size[axis]), wrong::OUTSIDE);
        note(header.is_dynamic() != (header.channel() < 2), wrong::CHANNEL);
        if header.deposits() {
            let others = (0..3).filter(|axis| hints >> (4 - 2 * axis) & 3 == 0);
            let straight =
                hints.count_ones() == 1 && others.into_iter().all(|axis| destination[axis] == own[axis]);
            note(!straight || header.channel() != 2, wrong::DEPOSIT);
        }
        note(destination != own && self.hints(header) == 0, wrong::NO_WAY);
        wrong
    }

    /// The hints of a packet, those that software leaves to the torus included: the shorter way.
    fn hints(&self, header: Header) -> u8 {
        let mut hints = header.hints();
        for axis in 0..3 {
            let (to, own) = (header.destination()[axis], self.place.coordinates[axis]);
            let shift = 4 - 2 * axis;
            if to == own || hints >> shift & 3 != 0 {
                continue;
            }
            let size = u16::from(self.place.size[axis].max(1));
            let up = (u16::from(to) + size - u16::from(own) % size) % size;
            hints |= if up <= size - up { 2 } else { 1 } << shift;
        }
        hints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [u8; 3] = [1, 0, 3];

    fn torus() -> Torus {
        Torus::new(Place { node: 0, coordinates: OWN, size: [4, 2, 8] })
    }

    /// A packet of one chunk: hints and deposit, then dynamic and channel, then the destination.
    fn packet(second: u8, third: u8, [x, y, z]: [u8; 3]) -> Vec<u8> {
        let mut packet = vec![0, second, third, x, y, z];
        packet.resize(32, 0);
        packet
    }

    #[test]
    fn each_rule_that_is_broken_is_told_in_the_fifos_byte() {
        for (second, third, destination, wrong) in [
            (0xC0, 2, [2, 0, 3], 0x10),
            (0x00, 2, [4, 0, 3], 0x02),
            (0x00, 6, [2, 0, 3], 0x04),
            (0x00, 1, [2, 0, 3], 0x04),
            (0x02, 2, [2, 0, 3], 0x01),
            (0x82, 2, [2, 1, 3], 0x01),
            (0x82, 3, [2, 0, 3], 0x01),
        ] {
            for number in 0..8 {
                let (mut torus, mut bic) = (torus(), Bic::default());
                let fifo = FifoNumber::first_of(0x80 >> number);
                assert!(!torus.check(&mut packet(second, third, destination), fifo, &mut bic));
                assert_eq!(torus.read(0x64 + number / 4), Ok(wrong << (24 - 8 * (number % 4))));
                assert!(!torus.runs());
                assert_eq!(bic.read(0x80), Ok(0x8000_0000));
                // Only a reset clears it.
                assert_eq!(torus.write(0x64, 0, &mut bic), Err(Unknown));
                assert_eq!(torus.write(0, 1, &mut bic), Ok(()));
                assert_eq!(torus.write(0, 0, &mut bic), Ok(()));
                assert!(torus.runs());
                assert_eq!((bic.write(0x88, u32::MAX), bic.read(0x80)), (Ok(()), Ok(0)));
            }
        }
    }

    #[test]
    fn hints_that_are_left_out_take_the_shorter_way() {
        for (second, destination, hints) in [
            (0, OWN, 0),
            (0, [2, 0, 3], 0x20),
            (0, [0, 0, 3], 0x10),
            (0, [1, 1, 3], 0x08),
            (0, [1, 0, 2], 0x01),
            (0, [1, 0, 7], 0x02),
            (0x40, [2, 0, 0], 0x11),
        ] {
            let mut packet = packet(second, 2, destination);
            assert!(torus().check(&mut packet, FifoNumber::first_of(0x80), &mut Bic::default()));
            assert_eq!(packet[1] >> 2, hints, "{destination:?}");
        }
    }
}
