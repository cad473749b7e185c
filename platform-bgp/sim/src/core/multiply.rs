//! The 440's multiply and multiply-accumulate instructions on halfwords (opcode 4).

use super::Core;
use bgp_isa::{Op, Word};

/// Which halves are multiplied: of the first operand, of the second.
#[derive(Clone, Copy)]
enum Halves {
    /// Lower of the first, upper of the second.
    Cross,
    High,
    Low,
}

/// What happens to a sum that does not fit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit {
    Wrap,
    Saturate,
}

fn half(register: u32, upper: bool) -> u32 {
    if upper { register >> 16 } else { register & 0xFFFF }
}

impl Core {
    fn halves(&self, word: Word, halves: Halves) -> (u32, u32) {
        let (a, b) = (self.registers.a(word), self.registers.b(word));
        match halves {
            Halves::Cross => (half(a, false), half(b, true)),
            Halves::High => (half(a, true), half(b, true)),
            Halves::Low => (half(a, false), half(b, false)),
        }
    }

    fn product_signed(&self, word: Word, halves: Halves) -> i64 {
        let (a, b) = self.halves(word, halves);
        i64::from(a as i16) * i64::from(b as i16)
    }

    fn product_unsigned(&self, word: Word, halves: Halves) -> u64 {
        let (a, b) = self.halves(word, halves);
        u64::from(a) * u64::from(b)
    }

    fn accumulate_signed(&mut self, word: Word, product: i64, limit: Limit) {
        let sum = i64::from(self.registers.t(word) as i32) + product;
        let fits = i64::from(sum as i32) == sum;
        let result = match limit {
            Limit::Saturate if !fits => {
                if sum < 0 {
                    i32::MIN as u32
                } else {
                    i32::MAX as u32
                }
            }
            _ => sum as u32,
        };
        if word.overflow() {
            self.registers.overflowed(!fits);
        }
        self.put(word, result);
    }

    fn accumulate_unsigned(&mut self, word: Word, product: u64, limit: Limit) {
        let sum = u64::from(self.registers.t(word)) + product;
        let fits = sum >> 32 == 0;
        if word.overflow() {
            self.registers.overflowed(!fits);
        }
        self.put(word, if fits || limit == Limit::Wrap { sum as u32 } else { u32::MAX });
    }

    /// Executes one of them.
    pub(super) fn multiply_halves(&mut self, op: Op, word: Word) {
        use Halves::{Cross, High, Low};
        use Limit::{Saturate, Wrap};
        match op {
            Op::Mulchw => self.put(word, self.product_signed(word, Cross) as u32),
            Op::Mulhhw => self.put(word, self.product_signed(word, High) as u32),
            Op::Mullhw => self.put(word, self.product_signed(word, Low) as u32),
            Op::Mulchwu => self.put(word, self.product_unsigned(word, Cross) as u32),
            Op::Mulhhwu => self.put(word, self.product_unsigned(word, High) as u32),
            Op::Mullhwu => self.put(word, self.product_unsigned(word, Low) as u32),
            Op::Macchw => self.accumulate_signed(word, self.product_signed(word, Cross), Wrap),
            Op::Machhw => self.accumulate_signed(word, self.product_signed(word, High), Wrap),
            Op::Maclhw => self.accumulate_signed(word, self.product_signed(word, Low), Wrap),
            Op::Macchws => self.accumulate_signed(word, self.product_signed(word, Cross), Saturate),
            Op::Machhws => self.accumulate_signed(word, self.product_signed(word, High), Saturate),
            Op::Maclhws => self.accumulate_signed(word, self.product_signed(word, Low), Saturate),
            Op::Nmacchw => self.accumulate_signed(word, -self.product_signed(word, Cross), Wrap),
            Op::Nmachhw => self.accumulate_signed(word, -self.product_signed(word, High), Wrap),
            Op::Nmaclhw => self.accumulate_signed(word, -self.product_signed(word, Low), Wrap),
            Op::Nmacchws => self.accumulate_signed(word, -self.product_signed(word, Cross), Saturate),
            Op::Nmachhws => self.accumulate_signed(word, -self.product_signed(word, High), Saturate),
            Op::Nmaclhws => self.accumulate_signed(word, -self.product_signed(word, Low), Saturate),
            Op::Macchwu => self.accumulate_unsigned(word, self.product_unsigned(word, Cross), Wrap),
            Op::Machhwu => self.accumulate_unsigned(word, self.product_unsigned(word, High), Wrap),
            Op::Maclhwu => self.accumulate_unsigned(word, self.product_unsigned(word, Low), Wrap),
            Op::Macchwsu => self.accumulate_unsigned(word, self.product_unsigned(word, Cross), Saturate),
            Op::Machhwsu => self.accumulate_unsigned(word, self.product_unsigned(word, High), Saturate),
            _ => self.accumulate_unsigned(word, self.product_unsigned(word, Low), Saturate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Clock, Pace};

    /// Accumulates onto r5 the product of r6 and r7, with OE; answers r5 and whether it overflowed.
    fn accumulate(op: Op, target: u32, a: u32, b: u32) -> (u32, bool) {
        let mut core = Core::new(0, Clock::new(Pace::default()));
        core.registers.gpr[5..8].copy_from_slice(&[target, a, b]);
        let word = Word(op.row().encoding.value | 5 << 21 | 6 << 16 | 7 << 11 | 0x400);
        core.multiply_halves(op, word);
        assert_eq!(core.registers.xer.so, core.registers.xer.ov);
        (core.registers.gpr[5], core.registers.xer.ov)
    }

    #[test]
    fn halves_are_those_of_the_name() {
        let (a, b) = (0x0002_0003, 0x0005_0007);
        assert_eq!(accumulate(Op::Macchw, 100, a, b), (115, false));
        assert_eq!(accumulate(Op::Machhw, 100, a, b), (110, false));
        assert_eq!(accumulate(Op::Maclhw, 100, a, b), (121, false));
        assert_eq!(accumulate(Op::Nmacchw, 100, a, b), (85, false));
        assert_eq!(accumulate(Op::Nmachhw, 100, a, b), (90, false));
        assert_eq!(accumulate(Op::Nmaclhw, 100, a, b), (79, false));
        assert_eq!(accumulate(Op::Macchwu, 100, 0xFFFF, 0xFFFF_0000), (0xFFFE_0065, false));
        assert_eq!(accumulate(Op::Maclhw, 100, 0xFFFF, 0xFFFF), (101, false));
    }

    #[test]
    fn sums_that_do_not_fit_wrap_or_saturate() {
        let (a, b) = (0x8000_8000, 0x8000_8000);
        assert_eq!(accumulate(Op::Maclhw, 0x7000_0000, a, b), (0xB000_0000, true));
        assert_eq!(accumulate(Op::Maclhws, 0x7000_0000, a, b), (0x7FFF_FFFF, true));
        assert_eq!(accumulate(Op::Nmaclhw, 0x9000_0000, a, b), (0x5000_0000, true));
        assert_eq!(accumulate(Op::Nmaclhws, 0x9000_0000, a, b), (0x8000_0000, true));
        assert_eq!(accumulate(Op::Machhwu, 0xF000_0000, a, b), (0x3000_0000, true));
        assert_eq!(accumulate(Op::Machhwsu, 0xF000_0000, a, b), (u32::MAX, true));
        assert_eq!(accumulate(Op::Machhwsu, 0x1000_0000, a, b), (0x5000_0000, false));
    }
}
