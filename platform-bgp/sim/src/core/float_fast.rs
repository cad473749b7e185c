//! The floating-point instructions that programs are full of, by the shortest way. Whatever is unusual, be it the
//! machine's state, FPSCR, the operands, or where memory is, goes the [long way](super::float), which knows it all.

use super::Core;
use super::bits::msr;
use super::fast::Flow;
use crate::bus::Bus;
use bgp_float::fast::{self, result};
use bgp_float::status::{FEX, FI, FPRF, FR, FX, RN, XE, XX};
use bgp_float::{Control, Format, Outcome, Rounding, arithmetic, convert};
use bgp_isa::{Op, Word};

/// The sign of a double.
const SIGN: u64 = 1 << 63;

/// Rounding to nearest, and nothing enabled that could happen.
const NEAREST: Control = Control { rounding: Rounding::Nearest, enabled: 0 };

/// An instruction that is complete, but for what it does to FPSCR: exactness is sticky and stands there already, so
/// the rest is of interest only if somebody looks before the next instruction replaces it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pending {
    op: Option<Op>,
    a: u64,
    b: u64,
    c: u64,
}

/// FPRF of a result that is normal or zero.
#[inline(always)]
const fn class_of(bits: u64) -> u32 {
    let negative = bits & SIGN != 0;
    match (bits << 1 == 0, negative) {
        (false, false) => 0b0_0100 << 12,
        (false, true) => 0b0_1000 << 12,
        (true, false) => 0b0_0010 << 12,
        (true, true) => 0b1_0010 << 12,
    }
}

impl Core {
    #[inline(always)]
    fn floats(&self) -> bool {
        self.registers.msr & msr::FP != 0
    }

    /// Loads a double.
    #[inline(always)]
    pub(super) fn load_double(&mut self, bus: &mut Bus, op: Op, word: Word, address: u32) -> Flow {
        if self.floats()
            && let Some(bytes) = self.load_near(bus, address)
        {
            self.registers.fpr[word.t()] = u64::from_be_bytes(bytes);
            return Flow::Next;
        }
        self.float(bus, op, word)
    }

    /// Loads a double, and keeps the address.
    #[inline(always)]
    pub(super) fn load_double_update(&mut self, bus: &mut Bus, op: Op, word: Word, address: u32) -> Flow {
        if self.floats()
            && let Some(bytes) = self.load_near(bus, address)
        {
            self.registers.fpr[word.t()] = u64::from_be_bytes(bytes);
            self.registers.gpr[word.a()] = address;
            return Flow::Next;
        }
        self.float(bus, op, word)
    }

    /// Loads a single.
    #[inline(always)]
    pub(super) fn load_single(&mut self, bus: &mut Bus, op: Op, word: Word, address: u32) -> Flow {
        if self.floats()
            && let Some(bytes) = self.load_near(bus, address)
        {
            self.registers.fpr[word.t()] = convert::from_memory(u32::from_be_bytes(bytes));
            return Flow::Next;
        }
        self.float(bus, op, word)
    }

    /// Stores a double.
    #[inline(always)]
    pub(super) fn store_double(&mut self, bus: &mut Bus, op: Op, word: Word, address: u32) -> Flow {
        let bytes = self.registers.fpr[word.t()].to_be_bytes();
        if self.floats() && self.store_near(bus, address, bytes).is_some() {
            return Flow::Next;
        }
        self.float(bus, op, word)
    }

    /// Arithmetic between registers A, B and C.
    #[inline(always)]
    fn quickly(
        &mut self,
        bus: &mut Bus,
        op: Op,
        word: Word,
        result: impl FnOnce(u64, u64, u64) -> Option<u64>,
        compute: impl FnOnce(u64, u64, u64) -> Option<Outcome>,
    ) -> Flow {
        let fpscr = self.registers.fpscr;
        let file = &self.registers.fpr;
        let (a, b, c) = (file[word.a()], file[word.b()], file[word.c()]);
        if !self.floats() || fpscr & (RN | XE | FEX) != 0 || word.record() {
            return self.float(bus, op, word);
        }
        if fpscr & XX != 0
            && let Some(bits) = result(a, b, c)
        {
            self.registers.fpr[word.t()] = bits;
            self.pending = Pending { op: Some(op), a, b, c };
            return Flow::Next;
        }
        if let Some(outcome) = compute(a, b, c) {
            self.pending.op = None;
            self.registers.fpr[word.t()] = outcome.bits;
            let fresh = if outcome.flags & XX & !fpscr != 0 { FX } else { 0 };
            self.registers.fpscr =
                fpscr & !(FR | FI | FPRF) | outcome.flags & (XX | FR | FI) | fresh | class_of(outcome.bits);
            return Flow::Next;
        }
        self.float(bus, op, word)
    }

    #[inline(never)]
    pub(super) fn quick_sum<const SUBTRACTS: bool, const SINGLE: bool>(
        &mut self,
        bus: &mut Bus,
        op: Op,
        word: Word,
    ) -> Flow {
        let sign = if SUBTRACTS { SIGN } else { 0 };
        let format = if SINGLE { Format::Single } else { Format::Double };
        self.quickly(
            bus,
            op,
            word,
            |a, b, _| result::add(a, b ^ sign, format),
            |a, b, _| fast::add(a, b ^ sign, format, NEAREST),
        )
    }

    #[inline(never)]
    pub(super) fn quick_product<const SINGLE: bool>(&mut self, bus: &mut Bus, op: Op, word: Word) -> Flow {
        let format = if SINGLE { Format::Single } else { Format::Double };
        self.quickly(
            bus,
            op,
            word,
            |a, _, c| result::multiply(a, c, format),
            |a, _, c| fast::multiply(a, c, format, NEAREST),
        )
    }

    #[inline(never)]
    pub(super) fn quick_fused<const SUBTRACTS: bool, const NEGATES: bool, const SINGLE: bool>(
        &mut self,
        bus: &mut Bus,
        op: Op,
        word: Word,
    ) -> Flow {
        let (first, last) = (if SUBTRACTS { SIGN } else { 0 }, if NEGATES { SIGN } else { 0 });
        let format = if SINGLE { Format::Single } else { Format::Double };
        self.quickly(
            bus,
            op,
            word,
            |a, b, c| Some(result::multiply_add(a, c, b ^ first, format)? ^ last),
            |a, b, c| {
                let outcome = fast::multiply_add(a, c, b ^ first, format, NEAREST)?;
                Some(Outcome { bits: outcome.bits ^ last, ..outcome })
            },
        )
    }

    #[inline(never)]
    pub(super) fn quick_quotient(&mut self, bus: &mut Bus, op: Op, word: Word) -> Flow {
        let format = if word.0 >> 26 == 59 { Format::Single } else { Format::Double };
        self.quickly(bus, op, word, |_, _, _| None, |a, b, _| fast::divide(a, b, format, NEAREST))
    }

    /// Does to FPSCR what the last instruction owes it.
    #[inline(always)]
    pub(super) fn settle_float(&mut self) {
        if let Some(op) = self.pending.op.take() {
            self.settle_pending(op);
        }
    }

    #[cold]
    #[inline(never)]
    fn settle_pending(&mut self, op: Op) {
        let Pending { a, b, c, .. } = self.pending;
        let (double, single) = (Format::Double, Format::Single);
        let fused = |subtracts, negates, format| {
            arithmetic::multiply_add(a, c, b, subtracts, negates, format, NEAREST)
        };
        let outcome = match op {
            Op::Fadd => arithmetic::add(a, b, double, NEAREST),
            Op::Fadds => arithmetic::add(a, b, single, NEAREST),
            Op::Fsub => arithmetic::subtract(a, b, double, NEAREST),
            Op::Fsubs => arithmetic::subtract(a, b, single, NEAREST),
            Op::Fmul => arithmetic::multiply(a, c, double, NEAREST),
            Op::Fmuls => arithmetic::multiply(a, c, single, NEAREST),
            Op::Fmadd => fused(false, false, double),
            Op::Fmadds => fused(false, false, single),
            Op::Fmsub => fused(true, false, double),
            Op::Fmsubs => fused(true, false, single),
            Op::Fnmadd => fused(false, true, double),
            Op::Fnmadds => fused(false, true, single),
            Op::Fnmsub => fused(true, true, double),
            Op::Fnmsubs => fused(true, true, single),
            _ => unreachable!("only these are ever pending"),
        };
        self.registers.fpscr =
            self.registers.fpscr & !(FR | FI | FPRF) | outcome.flags & (FR | FI) | class_of(outcome.bits);
    }
}
