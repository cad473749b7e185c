//! The universal interrupt controller of the 440's peripherals, UIC0.
//!
//! PPC440EP user's manual, chapter 10 (interrupt controller operations). Device control registers from its base:
//!
//! | offset | register | read                         | written                                          |
//! |--------|----------|------------------------------|--------------------------------------------------|
//! | 0      | SR       | status                       | ones clear; a level that is still there comes back |
//! | 1      | SRS      | status                       | ones set                                         |
//! | 2      | ER       | enable                       | the same                                         |
//! | 3      | CR       | critical, not external       | the same                                         |
//! | 4      | PR       | polarity                     | the same, without effect: inputs are 'active' or not |
//! | 5      | TR       | trigger: ones are edges      | the same                                         |
//! | 6      | MSR      | status of those enabled      | ignored                                          |
//! | 7      | VR       | vector of the critical interrupts | ignored                                     |
//! | 8      | VCR      | vector base, and which end comes first | the same                               |
//!
//! The bit of input *n* is the *n*th from the left.

use abi::vcpu::{LINE_CRITICAL, LINE_EXTERNAL};

/// Its registers.
pub const REGISTERS: u32 = 9;

/// VCR: input 0 comes first, not input 31.
const FIRST_IS_ZERO: u32 = 1;
/// VCR: the vector base.
const VECTOR_BASE: u32 = !3;
/// Bytes between two vectors.
const VECTOR_BYTES: u32 = 512;

/// The controller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uic {
    status: u32,
    enable: u32,
    critical: u32,
    polarity: u32,
    trigger: u32,
    vector: u32,
    /// Inputs that are active now.
    inputs: u32,
}

/// The bit of an input, 0 to 31, in all registers.
pub const fn bit(input: u32) -> u32 {
    1 << (31 - input % 32)
}

impl Uic {
    /// As after power-on: nothing enabled.
    pub const fn new() -> Self {
        Self { status: 0, enable: 0, critical: 0, polarity: 0, trigger: 0, vector: 0, inputs: 0 }
    }

    /// After a reset of the machine; what the inputs carry is not the controller's to forget.
    pub fn reset(&mut self) {
        let inputs = self.inputs;
        *self = Self { status: inputs, inputs, ..Self::new() };
    }

    /// Says what an input carries. A level stands in the status while it lasts, an edge until it is cleared, and so does
    /// what software has set, unless its own input changes.
    #[inline]
    pub fn set_input(&mut self, input: u32, active: bool) {
        self.set_inputs(bit(input), if active { bit(input) } else { 0 });
    }

    /// Says what several inputs carry: of the bits in `inputs`, those in `active` are active.
    #[inline]
    pub fn set_inputs(&mut self, inputs: u32, active: u32) {
        let before = self.inputs;
        self.inputs = before & !inputs | active & inputs;
        let fallen = before & !self.inputs & !self.trigger;
        self.status = self.status & !fallen | self.inputs & !before;
    }

    /// Levels that are still there stand in the status.
    fn hold(&mut self) {
        self.status |= self.inputs & !self.trigger;
    }

    /// The processor's inputs: [`LINE_EXTERNAL`] and [`LINE_CRITICAL`].
    #[inline]
    pub const fn lines(&self) -> u32 {
        let pending = self.status & self.enable;
        let external = if pending & !self.critical != 0 { LINE_EXTERNAL } else { 0 };
        let critical = if pending & self.critical != 0 { LINE_CRITICAL } else { 0 };
        external | critical
    }

    /// Reads a register; nothing beyond the last one.
    #[inline]
    pub fn read(&self, register: u32) -> Option<u32> {
        Some(match register {
            0 | 1 => self.status,
            2 => self.enable,
            3 => self.critical,
            4 => self.polarity,
            5 => self.trigger,
            6 => self.status & self.enable,
            7 => self.vector_of_first(),
            8 => self.vector,
            _ => return None,
        })
    }

    /// Writes a register; nothing beyond the last one.
    #[inline]
    pub fn write(&mut self, register: u32, value: u32) -> Option<()> {
        match register {
            0 => {
                self.status &= !value;
                self.hold();
            }
            1 => self.status |= value,
            2 => self.enable = value,
            3 => self.critical = value,
            4 => self.polarity = value,
            5 => {
                self.trigger = value;
                self.hold();
            }
            6 | 7 => {}
            8 => self.vector = value & (VECTOR_BASE | FIRST_IS_ZERO),
            _ => return None,
        }
        Some(())
    }

    /// Where the first critical interrupt's handler lies; 0 if there is none.
    fn vector_of_first(&self) -> u32 {
        let pending = self.status & self.enable & self.critical;
        if pending == 0 {
            return 0;
        }
        let ahead =
            if self.vector & FIRST_IS_ZERO != 0 { pending.leading_zeros() } else { pending.trailing_zeros() };
        (self.vector & VECTOR_BASE).wrapping_add(ahead * VECTOR_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SR: u32 = 0;
    const SRS: u32 = 1;
    const ER: u32 = 2;
    const CR: u32 = 3;
    const TR: u32 = 5;
    const MSR: u32 = 6;
    const VR: u32 = 7;
    const VCR: u32 = 8;

    #[test]
    fn a_level_stands_as_long_as_its_input() {
        let mut uic = Uic::new();
        uic.write(ER, u32::MAX);
        uic.set_input(0, true);
        assert_eq!((uic.read(SR), uic.read(MSR), uic.lines()), (Some(1 << 31), Some(1 << 31), LINE_EXTERNAL));
        uic.write(SR, 1 << 31);
        assert_eq!(uic.read(SR), Some(1 << 31), "the device still holds it");
        uic.set_input(0, false);
        assert_eq!((uic.read(SR), uic.lines()), (Some(0), 0));
    }

    #[test]
    fn an_edge_stands_until_it_is_cleared() {
        let mut uic = Uic::new();
        uic.write(TR, bit(16));
        uic.write(ER, bit(16));
        uic.set_input(16, true);
        uic.set_input(16, false);
        assert_eq!(uic.lines(), LINE_EXTERNAL);
        uic.write(SR, bit(16));
        assert_eq!((uic.read(SR), uic.lines()), (Some(0), 0));
        uic.set_input(16, true);
        uic.write(SR, bit(16));
        assert_eq!(uic.read(SR), Some(0), "a level that stays makes no second edge");
    }

    #[test]
    fn only_what_is_enabled_reaches_the_processor() {
        let mut uic = Uic::new();
        uic.set_input(31, true);
        assert_eq!((uic.read(SR), uic.read(MSR), uic.lines()), (Some(1), Some(0), 0));
        uic.write(ER, 1);
        assert_eq!(uic.lines(), LINE_EXTERNAL);
        uic.write(CR, 1);
        assert_eq!(uic.lines(), LINE_CRITICAL);
        uic.set_input(3, true);
        uic.write(ER, 1 | bit(3));
        assert_eq!(uic.lines(), LINE_CRITICAL | LINE_EXTERNAL);
    }

    #[test]
    fn software_can_set_an_interrupt() {
        let mut uic = Uic::new();
        uic.write(TR, bit(20));
        uic.write(ER, bit(20));
        uic.write(SRS, bit(20));
        assert_eq!(uic.lines(), LINE_EXTERNAL);
        // Of a level as well, whatever other inputs do, until it is cleared.
        uic.write(TR, 0);
        uic.write(SR, u32::MAX);
        uic.write(SRS, bit(20));
        uic.set_input(3, true);
        uic.set_input(3, false);
        assert_eq!(uic.read(SR), Some(bit(20)));
        uic.write(SR, bit(20));
        assert_eq!(uic.read(SR), Some(0));
    }

    #[test]
    fn the_vector_is_that_of_the_first_critical_interrupt() {
        let mut uic = Uic::new();
        uic.write(ER, u32::MAX);
        uic.write(VCR, 0x1000);
        uic.set_input(2, true);
        uic.set_input(29, true);
        assert_eq!(uic.read(VR), Some(0));
        uic.write(CR, bit(2) | bit(29));
        assert_eq!(uic.read(VR), Some(0x1000 + 2 * 512), "31 comes first: 29 is two behind");
        uic.write(VCR, 0x1003);
        assert_eq!((uic.read(VCR), uic.read(VR)), (Some(0x1001), Some(0x1000 + 2 * 512)));
    }

    #[test]
    fn a_reset_forgets_everything_but_the_inputs() {
        let mut uic = Uic::new();
        for register in 0..REGISTERS {
            assert_eq!(uic.write(register, u32::MAX), Some(()));
        }
        uic.set_input(5, true);
        uic.reset();
        assert_eq!(uic.lines(), 0);
        assert_eq!(
            (0..REGISTERS).map(|register| uic.read(register).unwrap()).collect::<heapless::Vec<_, 9>>(),
            [bit(5), bit(5), 0, 0, 0, 0, 0, 0, 0]
        );
        assert_eq!((uic.read(REGISTERS), uic.write(REGISTERS, 0)), (None, None));
    }
}
