//! Branches, traps, and the condition register's logic.

use super::Core;
use super::fast::Flow;
use bgp_isa::{Op, Word};

impl Core {
    /// Whether a conditional branch is taken: BO says what decides, and may count CTR down first.
    #[inline(always)]
    fn decide(&mut self, word: Word) -> bool {
        let option = word.t();
        let registers = &mut self.registers;
        if option & 4 == 0 {
            registers.ctr = registers.ctr.wrapping_sub(1);
            if (registers.ctr == 0) != (option & 2 != 0) {
                return false;
            }
        }
        option & 16 != 0 || registers.condition(word.a()) == (option & 8 != 0)
    }

    /// Whether a conditional branch would be taken.
    pub(super) fn would_branch(&mut self, word: Word) -> bool {
        let count = self.registers.ctr;
        let taken = self.decide(word);
        self.registers.ctr = count;
        taken
    }

    #[inline(always)]
    pub(super) fn branch(&mut self, word: Word, pc: u32) -> Flow {
        let base = if word.absolute() { 0 } else { pc };
        if word.record() {
            self.registers.lr = pc.wrapping_add(4);
        }
        Flow::Jump(base.wrapping_add(word.long_displacement()))
    }

    #[inline(always)]
    pub(super) fn branch_conditional(&mut self, word: Word, pc: u32) -> Flow {
        let base = if word.absolute() { 0 } else { pc };
        let taken = self.decide(word);
        self.after_decision(word, pc, taken, base.wrapping_add(word.short_displacement()))
    }

    #[inline(always)]
    pub(super) fn branch_to_link(&mut self, word: Word, pc: u32) -> Flow {
        let target = self.registers.lr & !3;
        let taken = self.decide(word);
        self.after_decision(word, pc, taken, target)
    }

    #[inline(always)]
    pub(super) fn branch_to_count(&mut self, word: Word, pc: u32) -> Flow {
        // Counting CTR down here is an invalid form; the core uses the value after.
        let taken = self.decide(word);
        self.after_decision(word, pc, taken, self.registers.ctr & !3)
    }

    #[inline(always)]
    fn after_decision(&mut self, word: Word, pc: u32, taken: bool, target: u32) -> Flow {
        if word.record() {
            self.registers.lr = pc.wrapping_add(4);
        }
        if taken { Flow::Jump(target) } else { Flow::Next }
    }

    /// Whether a trap's condition holds between two values.
    #[inline(always)]
    pub(super) fn traps(word: Word, a: u32, b: u32) -> bool {
        let (options, signed_a, signed_b) = (word.t(), a as i32, b as i32);
        options & 16 != 0 && signed_a < signed_b
            || options & 8 != 0 && signed_a > signed_b
            || options & 4 != 0 && a == b
            || options & 2 != 0 && a < b
            || options & 1 != 0 && a > b
    }

    /// One of the eight instructions on two bits of the condition register.
    pub(super) fn condition_logic(&mut self, op: Op, word: Word) {
        let (a, b) = (self.registers.condition(word.a()), self.registers.condition(word.b()));
        let result = match op {
            Op::Crand => a && b,
            Op::Crandc => a && !b,
            Op::Creqv => a == b,
            Op::Crnand => !(a && b),
            Op::Crnor => !(a || b),
            Op::Cror => a || b,
            Op::Crorc => a || !b,
            _ => a != b,
        };
        let bit = 0x8000_0000 >> word.t();
        self.registers.cr = if result { self.registers.cr | bit } else { self.registers.cr & !bit };
    }

    pub(super) fn move_to_condition(&mut self, word: Word) {
        let mut mask = 0;
        for field in 0..8 {
            if word.field_mask() << field & 0x80 != 0 {
                mask |= 0xF000_0000 >> (4 * field);
            }
        }
        self.registers.cr = self.registers.cr & !mask | self.registers.t(word) & mask;
    }

    /// Compares into a field: signed or not.
    #[inline(always)]
    pub(super) fn compare(&mut self, word: Word, less: bool, greater: bool) {
        let relation = if less {
            8
        } else if greater {
            4
        } else {
            2
        };
        self.registers.set_field(word.field(), relation | u32::from(self.registers.xer.so));
    }
}
