//! The string instructions: bytes to and from consecutive registers, which wrap from 31 to 0.

use super::{Core, Fault};
use crate::bus::Bus;
use bgp_isa::Word;

impl Core {
    /// How many bytes an immediate form moves.
    fn immediate_count(word: Word) -> u32 {
        if word.b() == 0 { 32 } else { word.b() as u32 }
    }

    /// `lswi`.
    pub(super) fn get_string_immediate(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        self.get_string(bus, word, self.registers.a_or_zero(word), Self::immediate_count(word))
    }

    /// `lswx`: XER says how many bytes.
    pub(super) fn get_string_indexed(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        self.get_string(bus, word, self.indexed(word), self.registers.xer.count.into())
    }

    /// `stswi`.
    pub(super) fn set_string_immediate(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        self.set_string(bus, word, self.registers.a_or_zero(word), Self::immediate_count(word))
    }

    /// `stswx`.
    pub(super) fn set_string_indexed(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        self.set_string(bus, word, self.indexed(word), self.registers.xer.count.into())
    }

    /// Registers change only once all bytes are there; the last is filled up with zeros.
    fn get_string(&mut self, bus: &mut Bus, word: Word, address: u32, count: u32) -> Result<(), Fault> {
        let mut bytes = [0; 128];
        for number in 0..count {
            [bytes[number as usize]] = self.load(bus, address.wrapping_add(number))?;
        }
        for (number, four) in bytes.chunks_exact(4).take(count.div_ceil(4) as usize).enumerate() {
            let value = four.iter().fold(0, |value, byte| value << 8 | u32::from(*byte));
            self.registers.gpr[(word.t() + number) % 32] = value;
        }
        Ok(())
    }

    fn set_string(&mut self, bus: &mut Bus, word: Word, address: u32, count: u32) -> Result<(), Fault> {
        for number in 0..count {
            let register = self.registers.gpr[(word.t() + number as usize / 4) % 32];
            self.store(bus, address.wrapping_add(number), [register.to_be_bytes()[number as usize % 4]])?;
        }
        Ok(())
    }
}
