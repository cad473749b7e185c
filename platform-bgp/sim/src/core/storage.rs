//! Loads and stores of general registers.

use super::access::Kind;
use super::bits::{debug, esr};
use super::tlb;
use super::{Core, Exception, Fault};
use crate::bus::Bus;
use crate::memory::PAGE;
use bgp_isa::Word;

/// What a load makes of the bytes.
pub(super) trait Loaded<const N: usize> {
    fn from_memory(bytes: [u8; N]) -> u32;
}

/// A byte.
pub(super) struct Byte;
/// A halfword, extended with zeros.
pub(super) struct Half;
/// A halfword, extended with its sign.
pub(super) struct SignedHalf;
/// A word.
pub(super) struct Whole;

impl Loaded<1> for Byte {
    #[inline(always)]
    fn from_memory(bytes: [u8; 1]) -> u32 {
        bytes[0].into()
    }
}

impl Loaded<2> for Half {
    #[inline(always)]
    fn from_memory(bytes: [u8; 2]) -> u32 {
        u16::from_be_bytes(bytes).into()
    }
}

impl Loaded<2> for SignedHalf {
    #[inline(always)]
    fn from_memory(bytes: [u8; 2]) -> u32 {
        i16::from_be_bytes(bytes) as u32
    }
}

impl Loaded<4> for Whole {
    #[inline(always)]
    fn from_memory(bytes: [u8; 4]) -> u32 {
        u32::from_be_bytes(bytes)
    }
}

impl Core {
    /// The address of a form with displacement.
    #[inline(always)]
    pub(super) fn displaced(&self, word: Word) -> u32 {
        self.registers.a_or_zero(word).wrapping_add(word.signed())
    }

    /// The address of a form with update and displacement.
    #[inline(always)]
    pub(super) fn displaced_update(&self, word: Word) -> u32 {
        self.registers.a(word).wrapping_add(word.signed())
    }

    /// The address of an indexed form.
    #[inline(always)]
    pub(super) fn indexed(&self, word: Word) -> u32 {
        self.registers.a_or_zero(word).wrapping_add(self.registers.b(word))
    }

    /// The address of an indexed form with update.
    #[inline(always)]
    pub(super) fn indexed_update(&self, word: Word) -> u32 {
        self.registers.a(word).wrapping_add(self.registers.b(word))
    }

    #[inline(always)]
    pub(super) fn get<L: Loaded<N>, const N: usize>(
        &mut self,
        bus: &mut Bus,
        word: Word,
        address: u32,
    ) -> Result<(), Fault> {
        self.registers.gpr[word.t()] = L::from_memory(self.load::<N>(bus, address)?);
        Ok(())
    }

    /// A load with update. If base and target are one register, which is an invalid form, the base wins.
    #[inline(always)]
    pub(super) fn get_update<L: Loaded<N>, const N: usize>(
        &mut self,
        bus: &mut Bus,
        word: Word,
        address: u32,
    ) -> Result<(), Fault> {
        self.get::<L, N>(bus, word, address)?;
        self.registers.gpr[word.a()] = address;
        Ok(())
    }

    /// Stores the low bytes of the register.
    #[inline(always)]
    pub(super) fn set<const N: usize>(
        &mut self,
        bus: &mut Bus,
        word: Word,
        address: u32,
    ) -> Result<(), Fault> {
        let bytes = self.registers.t(word).to_be_bytes();
        let mut low = [0; N];
        low.copy_from_slice(&bytes[4 - N..]);
        self.store(bus, address, low)
    }

    #[inline(always)]
    pub(super) fn set_update<const N: usize>(
        &mut self,
        bus: &mut Bus,
        word: Word,
        address: u32,
    ) -> Result<(), Fault> {
        self.set::<N>(bus, word, address)?;
        self.registers.gpr[word.a()] = address;
        Ok(())
    }

    /// `lwbrx`, `lhbrx`: bytes in reverse.
    pub(super) fn get_reversed<const N: usize>(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        let bytes = self.load::<N>(bus, self.indexed(word))?;
        self.registers.gpr[word.t()] =
            bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
        Ok(())
    }

    /// `stwbrx`, `sthbrx`.
    pub(super) fn set_reversed<const N: usize>(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        let bytes = self.registers.t(word).to_le_bytes();
        let mut low = [0; N];
        low.copy_from_slice(&bytes[..N]);
        self.store(bus, self.indexed(word), low)
    }

    /// `lmw`: registers from the target to 31. The base is not loaded before the others are safe: an exception in
    /// the middle leaves it for the repetition.
    pub(super) fn get_multiple(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        let address = self.displaced(word);
        let mut values = [0; 32];
        for (number, value) in (0..).zip(&mut values[word.t()..]) {
            *value = u32::from_be_bytes(self.load(bus, address.wrapping_add(4 * number))?);
        }
        self.registers.gpr[word.t()..].copy_from_slice(&values[word.t()..]);
        Ok(())
    }

    /// `stmw`.
    pub(super) fn set_multiple(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        let address = self.displaced(word);
        for register in word.t()..32 {
            let place = address.wrapping_add(4 * (register - word.t()) as u32);
            self.store(bus, place, self.registers.gpr[register].to_be_bytes())?;
        }
        Ok(())
    }

    /// `dcbz`: zeros a line. Alignment, if the page is written through or not cached (section 1.2).
    pub(super) fn zero_line(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        let address = self.indexed(word);
        let to = self.translate(address, Kind::Write, 0)?;
        if to.entry.word2 & (tlb::W | tlb::I | tlb::WL1) != 0 {
            return Err(Exception::Alignment { address, syndrome: esr::ST }.into());
        }
        self.store(bus, address & !31, [0_u8; 32])
    }

    /// Checks that a cache instruction's address can be read: the rest of it concerns caches alone, and memory
    /// here has none.
    pub(super) fn touch_line(&mut self, word: Word, kind: Kind) -> Result<(), Fault> {
        match self.translate(self.indexed(word), kind, 0) {
            Ok(_) => Ok(()),
            // Cache instructions count as stores in the syndrome, with reads' rights.
            Err(Fault::Exception(Exception::DataTlb { address, .. })) => {
                Err(Exception::DataTlb { address, syndrome: esr::ST }.into())
            }
            Err(Fault::Exception(Exception::DataStorage { address, .. })) => {
                Err(Exception::DataStorage { address, syndrome: esr::ST }.into())
            }
            Err(other) => Err(other),
        }
    }

    /// `lwarx`: loads a word and reserves its line.
    pub(super) fn load_reserving(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        let address = self.indexed(word);
        if address & 3 != 0 {
            return Err(Exception::Alignment { address, syndrome: 0 }.into());
        }
        self.get::<Whole, 4>(bus, word, address)?;
        let physical = self.translate(address, Kind::Read, 0)?.physical;
        bus.memory.reservations.set(self.number, physical);
        Ok(())
    }

    /// `stwcx.`: stores a word if the reservation still stands.
    pub(super) fn store_conditional(&mut self, bus: &mut Bus, word: Word) -> Result<(), Fault> {
        let address = self.indexed(word);
        if address & 3 != 0 {
            return Err(Exception::Alignment { address, syndrome: esr::ST }.into());
        }
        let physical = self.translate(address, Kind::Write, 0)?.physical;
        self.watch_address(address, debug::DAC1R >> 1)?;
        self.watch_value(address, debug::DAC1R >> 1, &self.registers.t(word).to_be_bytes())?;
        let mut relation = u32::from(self.registers.xer.so);
        if bus.memory.reservations.take(self.number, physical) {
            if let Some(frame) = bus.memory.frame(physical) {
                // Not the fast way: other cores' reservations on the line end as well.
                let bytes = self.registers.t(word).to_be_bytes();
                bus.memory.write(frame, physical as u32 & (PAGE as u32 - 1), &bytes, Some(self.number));
            } else {
                self.set::<4>(bus, word, address)?;
            }
            relation |= 2;
        }
        self.registers.set_field(0, relation);
        Ok(())
    }
}
