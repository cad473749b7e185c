//! What the loop executes without leaving it: one arm an instruction.

use super::bits::esr;
use super::storage::{Byte, Half, SignedHalf, Whole};
use super::{Core, Exception, Fault};
use crate::bus::Bus;
use bgp_isa::{Class, Op, Word};

/// Where execution goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// To the next instruction.
    Next,
    /// To an address.
    Jump(u32),
    /// Nothing is done yet: `system` has to do it, with time and address up to date.
    Leave,
    /// Nowhere: it did not complete.
    Failed(Fault),
}

impl From<Result<(), Fault>> for Flow {
    #[inline(always)]
    fn from(result: Result<(), Fault>) -> Self {
        match result {
            Ok(()) => Self::Next,
            Err(fault) => Self::Failed(fault),
        }
    }
}

/// For arms that cannot fail and go on.
macro_rules! next {
    ($($does:expr),+) => {{ $($does;)+ Flow::Next }};
}

impl Core {
    /// Executes an instruction that stands at `pc`.
    #[inline(always)]
    pub(super) fn execute(&mut self, bus: &mut Bus, op: Op, word: Word, pc: u32) -> Flow {
        let r = &self.registers;
        match op {
            Op::Addi => next!(self.registers.gpr[word.t()] = r.a_or_zero(word).wrapping_add(word.signed())),
            Op::Addis => {
                next!(self.registers.gpr[word.t()] = r.a_or_zero(word).wrapping_add(word.signed() << 16))
            }
            Op::Addic => next!(self.sum_immediate(word, r.a(word), false, false)),
            Op::AddicRecord => next!(self.sum_immediate(word, r.a(word), false, true)),
            Op::Subfic => next!(self.sum_immediate(word, !r.a(word), true, false)),
            Op::Mulli => next!(self.registers.gpr[word.t()] = r.a(word).wrapping_mul(word.signed())),
            Op::Add => next!(self.sum(word, r.a(word), r.b(word), false, false)),
            Op::Addc => next!(self.sum(word, r.a(word), r.b(word), false, true)),
            Op::Adde => next!(self.sum(word, r.a(word), r.b(word), r.xer.ca, true)),
            Op::Addme => next!(self.sum(word, r.a(word), u32::MAX, r.xer.ca, true)),
            Op::Addze => next!(self.sum(word, r.a(word), 0, r.xer.ca, true)),
            Op::Subf => next!(self.sum(word, !r.a(word), r.b(word), true, false)),
            Op::Subfc => next!(self.sum(word, !r.a(word), r.b(word), true, true)),
            Op::Subfe => next!(self.sum(word, !r.a(word), r.b(word), r.xer.ca, true)),
            Op::Subfme => next!(self.sum(word, !r.a(word), u32::MAX, r.xer.ca, true)),
            Op::Subfze => next!(self.sum(word, !r.a(word), 0, r.xer.ca, true)),
            Op::Neg => next!(self.sum(word, !r.a(word), 0, true, false)),
            Op::Mullw => next!(self.multiply_low(word)),
            Op::Mulhw => next!(self.multiply_high(word, true)),
            Op::Mulhwu => next!(self.multiply_high(word, false)),
            Op::Divw => next!(self.divide(word, true)),
            Op::Divwu => next!(self.divide(word, false)),

            Op::Cmpi => {
                let (a, b) = (r.a(word) as i32, word.signed() as i32);
                next!(self.compare(word, a < b, a > b))
            }
            Op::Cmpli => {
                let (a, b) = (r.a(word), word.unsigned());
                next!(self.compare(word, a < b, a > b))
            }
            Op::Cmp => {
                let (a, b) = (r.a(word) as i32, r.b(word) as i32);
                next!(self.compare(word, a < b, a > b))
            }
            Op::Cmpl => {
                let (a, b) = (r.a(word), r.b(word));
                next!(self.compare(word, a < b, a > b))
            }

            Op::Ori => next!(self.registers.gpr[word.a()] = r.t(word) | word.unsigned()),
            Op::Oris => next!(self.registers.gpr[word.a()] = r.t(word) | word.unsigned() << 16),
            Op::Xori => next!(self.registers.gpr[word.a()] = r.t(word) ^ word.unsigned()),
            Op::Xoris => next!(self.registers.gpr[word.a()] = r.t(word) ^ word.unsigned() << 16),
            Op::AndiRecord | Op::AndisRecord => {
                let mask = if op == Op::AndiRecord { word.unsigned() } else { word.unsigned() << 16 };
                let result = r.t(word) & mask;
                next!(self.registers.gpr[word.a()] = result, self.registers.record(result))
            }
            Op::And => next!(self.put_a(word, r.t(word) & r.b(word))),
            Op::Andc => next!(self.put_a(word, r.t(word) & !r.b(word))),
            Op::Or => next!(self.put_a(word, r.t(word) | r.b(word))),
            Op::Orc => next!(self.put_a(word, r.t(word) | !r.b(word))),
            Op::Xor => next!(self.put_a(word, r.t(word) ^ r.b(word))),
            Op::Eqv => next!(self.put_a(word, !(r.t(word) ^ r.b(word)))),
            Op::Nand => next!(self.put_a(word, !(r.t(word) & r.b(word)))),
            Op::Nor => next!(self.put_a(word, !(r.t(word) | r.b(word)))),
            Op::Extsb => next!(self.put_a(word, r.t(word) as i8 as u32)),
            Op::Extsh => next!(self.put_a(word, r.t(word) as i16 as u32)),
            Op::Cntlzw => next!(self.put_a(word, r.t(word).leading_zeros())),
            Op::Slw => next!(self.shift_left(word)),
            Op::Srw => next!(self.shift_right(word)),
            Op::Sraw => next!(self.shift_right_signed(word, r.b(word) & 63)),
            Op::Srawi => next!(self.shift_right_signed(word, word.b() as u32)),
            Op::Rlwinm => next!(self.rotate_and(word, word.b() as u32)),
            Op::Rlwnm => next!(self.rotate_and(word, r.b(word) & 31)),
            Op::Rlwimi => next!(self.rotate_insert(word)),
            Op::Dlmzb => next!(self.leftmost_zero_byte(word)),

            Op::B => self.branch(word, pc),
            Op::Bc => self.branch_conditional(word, pc),
            Op::Bclr => self.branch_to_link(word, pc),
            Op::Bcctr => self.branch_to_count(word, pc),
            Op::Tw if !Self::traps(word, r.a(word), r.b(word)) => Flow::Next,
            Op::Twi if !Self::traps(word, r.a(word), word.signed()) => Flow::Next,
            Op::Mcrf => next!(self.registers.set_field(word.field(), r.field(word.source_field()))),
            Op::Mfcr => next!(self.registers.gpr[word.t()] = r.cr),
            Op::Mtcrf => next!(self.move_to_condition(word)),
            Op::Crand
            | Op::Crandc
            | Op::Creqv
            | Op::Crnand
            | Op::Crnor
            | Op::Cror
            | Op::Crorc
            | Op::Crxor => {
                next!(self.condition_logic(op, word))
            }

            Op::Lwz => self.get::<Whole, 4>(bus, word, r.a_or_zero(word).wrapping_add(word.signed())).into(),
            Op::Lwzu => self.get_update::<Whole, 4>(bus, word, self.displaced_update(word)).into(),
            Op::Lwzx => self.get::<Whole, 4>(bus, word, self.indexed(word)).into(),
            Op::Lwzux => self.get_update::<Whole, 4>(bus, word, self.indexed_update(word)).into(),
            Op::Lbz => self.get::<Byte, 1>(bus, word, self.displaced(word)).into(),
            Op::Lbzu => self.get_update::<Byte, 1>(bus, word, self.displaced_update(word)).into(),
            Op::Lbzx => self.get::<Byte, 1>(bus, word, self.indexed(word)).into(),
            Op::Lbzux => self.get_update::<Byte, 1>(bus, word, self.indexed_update(word)).into(),
            Op::Lhz => self.get::<Half, 2>(bus, word, self.displaced(word)).into(),
            Op::Lhzu => self.get_update::<Half, 2>(bus, word, self.displaced_update(word)).into(),
            Op::Lhzx => self.get::<Half, 2>(bus, word, self.indexed(word)).into(),
            Op::Lhzux => self.get_update::<Half, 2>(bus, word, self.indexed_update(word)).into(),
            Op::Lha => self.get::<SignedHalf, 2>(bus, word, self.displaced(word)).into(),
            Op::Lhau => self.get_update::<SignedHalf, 2>(bus, word, self.displaced_update(word)).into(),
            Op::Lhax => self.get::<SignedHalf, 2>(bus, word, self.indexed(word)).into(),
            Op::Lhaux => self.get_update::<SignedHalf, 2>(bus, word, self.indexed_update(word)).into(),
            Op::Stw => self.set::<4>(bus, word, self.displaced(word)).into(),
            Op::Stwu => self.set_update::<4>(bus, word, self.displaced_update(word)).into(),
            Op::Stwx => self.set::<4>(bus, word, self.indexed(word)).into(),
            Op::Stwux => self.set_update::<4>(bus, word, self.indexed_update(word)).into(),
            Op::Stb => self.set::<1>(bus, word, self.displaced(word)).into(),
            Op::Stbu => self.set_update::<1>(bus, word, self.displaced_update(word)).into(),
            Op::Stbx => self.set::<1>(bus, word, self.indexed(word)).into(),
            Op::Stbux => self.set_update::<1>(bus, word, self.indexed_update(word)).into(),
            Op::Sth => self.set::<2>(bus, word, self.displaced(word)).into(),
            Op::Sthu => self.set_update::<2>(bus, word, self.displaced_update(word)).into(),
            Op::Sthx => self.set::<2>(bus, word, self.indexed(word)).into(),
            Op::Sthux => self.set_update::<2>(bus, word, self.indexed_update(word)).into(),
            Op::Lwbrx => self.get_reversed::<4>(bus, word).into(),
            Op::Lhbrx => self.get_reversed::<2>(bus, word).into(),
            Op::Stwbrx => self.set_reversed::<4>(bus, word).into(),
            Op::Sthbrx => self.set_reversed::<2>(bus, word).into(),
            Op::Lmw => self.get_multiple(bus, word).into(),
            Op::Stmw => self.set_multiple(bus, word).into(),
            Op::Lswi => self.get_string_immediate(bus, word).into(),
            Op::Lswx => self.get_string_indexed(bus, word).into(),
            Op::Stswi => self.set_string_immediate(bus, word).into(),
            Op::Stswx => self.set_string_indexed(bus, word).into(),
            Op::Lwarx => self.load_reserving(bus, word).into(),
            Op::Dcbz => self.zero_line(bus, word).into(),

            Op::Mulhhwu
            | Op::Machhwu
            | Op::Mulhhw
            | Op::Machhw
            | Op::Nmachhw
            | Op::Machhwsu
            | Op::Machhws
            | Op::Nmachhws
            | Op::Mulchwu
            | Op::Macchwu
            | Op::Mulchw
            | Op::Macchw
            | Op::Nmacchw
            | Op::Macchwsu
            | Op::Macchws
            | Op::Nmacchws
            | Op::Mullhwu
            | Op::Maclhwu
            | Op::Mullhw
            | Op::Maclhw
            | Op::Nmaclhw
            | Op::Maclhwsu
            | Op::Maclhws
            | Op::Nmaclhws => next!(self.multiply_halves(op, word)),
            Op::Lfd => self.load_double(bus, op, word, self.displaced(word)),
            Op::Lfdx => self.load_double(bus, op, word, self.indexed(word)),
            Op::Lfdu => self.load_double_update(bus, op, word, self.displaced_update(word)),
            Op::Lfdux => self.load_double_update(bus, op, word, self.indexed_update(word)),
            Op::Lfs => self.load_single(bus, op, word, self.displaced(word)),
            Op::Lfsx => self.load_single(bus, op, word, self.indexed(word)),
            Op::Stfd => self.store_double(bus, op, word, self.displaced(word)),
            Op::Stfdx => self.store_double(bus, op, word, self.indexed(word)),
            Op::Fadd => self.quick_sum::<false, false>(bus, op, word),
            Op::Fadds => self.quick_sum::<false, true>(bus, op, word),
            Op::Fsub => self.quick_sum::<true, false>(bus, op, word),
            Op::Fsubs => self.quick_sum::<true, true>(bus, op, word),
            Op::Fmul => self.quick_product::<false>(bus, op, word),
            Op::Fmuls => self.quick_product::<true>(bus, op, word),
            Op::Fmadd => self.quick_fused::<false, false, false>(bus, op, word),
            Op::Fmadds => self.quick_fused::<false, false, true>(bus, op, word),
            Op::Fmsub => self.quick_fused::<true, false, false>(bus, op, word),
            Op::Fmsubs => self.quick_fused::<true, false, true>(bus, op, word),
            Op::Fnmadd => self.quick_fused::<false, true, false>(bus, op, word),
            Op::Fnmadds => self.quick_fused::<false, true, true>(bus, op, word),
            Op::Fnmsub => self.quick_fused::<true, true, false>(bus, op, word),
            Op::Fnmsubs => self.quick_fused::<true, true, true>(bus, op, word),
            Op::Fdiv | Op::Fdivs => self.quick_quotient(bus, op, word),
            _ if matches!(op.row().class, Class::Float | Class::Double) => self.float(bus, op, word),
            _ => Flow::Leave,
        }
    }

    /// The exception of a word that is no instruction.
    pub(super) const fn illegal() -> Exception {
        Exception::Program { syndrome: esr::PIL }
    }
}
