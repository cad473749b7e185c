//! Arithmetic, logic, rotates and shifts on general registers.

use super::Core;
use bgp_isa::Word;

impl Core {
    /// Writes a result to the target's place and records it if asked.
    #[inline(always)]
    pub(super) fn put(&mut self, word: Word, result: u32) {
        self.registers.gpr[word.t()] = result;
        if word.record() {
            self.registers.record(result);
        }
    }

    /// Writes a result to the first operand's place, as logic and shifts do, and records it if asked.
    #[inline(always)]
    pub(super) fn put_a(&mut self, word: Word, result: u32) {
        self.registers.gpr[word.a()] = result;
        if word.record() {
            self.registers.record(result);
        }
    }

    /// The sum of three, of which the last is 0 or 1: `add` and all its relatives, since subtracting is
    /// adding the complement. `carry`: whether the carry out goes to XER.
    #[inline(always)]
    pub(super) fn sum(&mut self, word: Word, a: u32, b: u32, plus: bool, carry: bool) {
        let wide = u64::from(a) + u64::from(b) + u64::from(plus);
        let result = wide as u32;
        if carry {
            self.registers.xer.ca = wide >> 32 != 0;
        }
        if word.overflow() {
            self.registers.overflowed((a ^ result) & (b ^ result) & 0x8000_0000 != 0);
        }
        self.put(word, result);
    }

    /// The sum of a register and an immediate with carry: `addic`, `addic.`, `subfic`.
    #[inline(always)]
    pub(super) fn sum_immediate(&mut self, word: Word, a: u32, plus: bool, record: bool) {
        let wide = u64::from(a) + u64::from(word.signed()) + u64::from(plus);
        self.registers.xer.ca = wide >> 32 != 0;
        self.registers.gpr[word.t()] = wide as u32;
        if record {
            self.registers.record(wide as u32);
        }
    }

    #[inline(always)]
    pub(super) fn multiply_low(&mut self, word: Word) {
        let product = i64::from(self.registers.a(word) as i32) * i64::from(self.registers.b(word) as i32);
        if word.overflow() {
            self.registers.overflowed(i64::from(product as i32) != product);
        }
        self.put(word, product as u32);
    }

    #[inline(always)]
    pub(super) fn multiply_high(&mut self, word: Word, signed: bool) {
        let (a, b) = (self.registers.a(word), self.registers.b(word));
        let product = if signed {
            (i64::from(a as i32) * i64::from(b as i32)) as u64
        } else {
            u64::from(a) * u64::from(b)
        };
        self.put(word, (product >> 32) as u32);
    }

    /// Division. A divisor of 0 and a quotient that does not fit leave the register undefined by the
    /// architecture: here the dividend, as if divided by 1, which is also what QEMU leaves.
    #[inline(always)]
    pub(super) fn divide(&mut self, word: Word, signed: bool) {
        let (a, b) = (self.registers.a(word), self.registers.b(word));
        let quotient = if signed {
            (a as i32).checked_div(b as i32).map(|quotient| quotient as u32)
        } else {
            a.checked_div(b)
        };
        if word.overflow() {
            self.registers.overflowed(quotient.is_none());
        }
        self.put(word, quotient.unwrap_or(a));
    }

    #[inline(always)]
    pub(super) fn shift_left(&mut self, word: Word) {
        let amount = self.registers.b(word) & 63;
        let result = if amount < 32 { self.registers.t(word) << amount } else { 0 };
        self.put_a(word, result);
    }

    #[inline(always)]
    pub(super) fn shift_right(&mut self, word: Word) {
        let amount = self.registers.b(word) & 63;
        let result = if amount < 32 { self.registers.t(word) >> amount } else { 0 };
        self.put_a(word, result);
    }

    /// Arithmetic shift to the right; carry says whether a negative number lost ones.
    #[inline(always)]
    pub(super) fn shift_right_signed(&mut self, word: Word, amount: u32) {
        let value = self.registers.t(word) as i32;
        let (result, lost) = if amount < 32 {
            (value >> amount, value as u32 & ((1 << amount) - 1))
        } else {
            (value >> 31, value as u32)
        };
        self.registers.xer.ca = value < 0 && lost != 0;
        self.put_a(word, result as u32);
    }

    #[inline(always)]
    pub(super) fn rotate_and(&mut self, word: Word, amount: u32) {
        let result = self.registers.t(word).rotate_left(amount) & word.rotate_mask();
        self.put_a(word, result);
    }

    #[inline(always)]
    pub(super) fn rotate_insert(&mut self, word: Word) {
        let mask = word.rotate_mask();
        let rotated = self.registers.t(word).rotate_left(word.b() as u32);
        let result = rotated & mask | self.registers.a(word) & !mask;
        self.put_a(word, result);
    }

    /// `dlmzb`: where the first byte of 0 is in eight bytes.
    pub(super) fn leftmost_zero_byte(&mut self, word: Word) {
        let bytes = u64::from(self.registers.t(word)) << 32 | u64::from(self.registers.b(word));
        let found = bytes.to_be_bytes().iter().position(|byte| *byte == 0);
        let count = found.map_or(8, |position| position as u32 + 1);
        self.registers.xer.count = count as u8;
        self.registers.gpr[word.a()] = count;
        if word.record() {
            let place = match found {
                Some(0..=3) => 4,
                Some(_) => 8,
                None => 2,
            };
            self.registers.set_field(0, place | u32::from(self.registers.xer.so));
        }
    }
}
