//! Scalar floating point: loads, stores, arithmetic on the primary registers.

use super::bits::{esr, msr};
use super::fast::Flow;
use super::{Core, Exception, Fault};
use crate::bus::Bus;
use bgp_float::{Format, Outcome, arithmetic, convert, estimate};
use bgp_isa::{Class, Op, Word};

/// The sign of a double.
const SIGN: u64 = 1 << 63;

impl Core {
    /// Executes an instruction of either unit.
    #[inline(never)]
    pub(super) fn float(&mut self, bus: &mut Bus, op: Op, word: Word) -> Flow {
        self.settle_float();
        if self.registers.msr & msr::FP == 0 {
            return Flow::Failed(Exception::FloatUnavailable.into());
        }
        let done = match op.row().class {
            Class::Double => self.double(bus, op, word),
            _ if word.0 >> 26 < 59 => self.float_storage(bus, op, word),
            _ => self.scalar(op, word),
        };
        done.into()
    }

    /// Loads as by a floating-point instruction, which the syndrome tells.
    pub(super) fn load_float<const N: usize>(
        &mut self,
        bus: &mut Bus,
        address: u32,
        who: u32,
    ) -> Result<[u8; N], Fault> {
        if let Some(bytes) = self.load_near(bus, address) {
            return Ok(bytes);
        }
        self.load_far(bus, address, who)
    }

    /// Stores as by a floating-point instruction.
    pub(super) fn store_float<const N: usize>(
        &mut self,
        bus: &mut Bus,
        address: u32,
        bytes: [u8; N],
        who: u32,
    ) -> Result<(), Fault> {
        if self.store_near(bus, address, bytes).is_some() {
            return Ok(());
        }
        self.store_far(bus, address, bytes, who)
    }

    fn float_storage(&mut self, bus: &mut Bus, op: Op, word: Word) -> Result<(), Fault> {
        let (address, updates) = match op {
            Op::Lfs | Op::Lfd | Op::Stfs | Op::Stfd => (self.displaced(word), false),
            Op::Lfsu | Op::Lfdu | Op::Stfsu | Op::Stfdu => (self.displaced_update(word), true),
            Op::Lfsux | Op::Lfdux | Op::Stfsux | Op::Stfdux => (self.indexed_update(word), true),
            _ => (self.indexed(word), false),
        };
        let register = word.t();
        match op {
            Op::Lfs | Op::Lfsu | Op::Lfsx | Op::Lfsux => {
                let bytes = self.load_float(bus, address, esr::FP)?;
                self.registers.fpr[register] = convert::from_memory(u32::from_be_bytes(bytes));
            }
            Op::Lfd | Op::Lfdu | Op::Lfdx | Op::Lfdux => {
                let bytes = self.load_float(bus, address, esr::FP)?;
                self.registers.fpr[register] = u64::from_be_bytes(bytes);
            }
            Op::Stfs | Op::Stfsu | Op::Stfsx | Op::Stfsux => {
                let single = convert::to_memory(self.registers.fpr[register]);
                self.store_float(bus, address, single.to_be_bytes(), esr::FP)?;
            }
            Op::Stfiwx => {
                let low = self.registers.fpr[register] as u32;
                self.store_float(bus, address, low.to_be_bytes(), esr::FP)?;
            }
            _ => self.store_float(bus, address, self.registers.fpr[register].to_be_bytes(), esr::FP)?,
        }
        if updates {
            self.registers.gpr[word.a()] = address;
        }
        Ok(())
    }

    /// Instructions between registers.
    fn scalar(&mut self, op: Op, word: Word) -> Result<(), Fault> {
        let file = &self.registers.fpr;
        let (a, b, c) = (file[word.a()], file[word.b()], file[word.c()]);
        let control = self.float_control();
        let (single, double) = (Format::Single, Format::Double);
        let fused = |format, subtracts, negates| {
            arithmetic::multiply_add(a, c, b, subtracts, negates, format, control)
        };
        let (outcome, format): (Outcome, Format) = match op {
            Op::Fadd => (arithmetic::add(a, b, double, control), double),
            Op::Fadds => (arithmetic::add(a, b, single, control), single),
            Op::Fsub => (arithmetic::subtract(a, b, double, control), double),
            Op::Fsubs => (arithmetic::subtract(a, b, single, control), single),
            Op::Fmul => (arithmetic::multiply(a, c, double, control), double),
            Op::Fmuls => (arithmetic::multiply(a, c, single, control), single),
            Op::Fdiv => (arithmetic::divide(a, b, double, control), double),
            Op::Fdivs => (arithmetic::divide(a, b, single, control), single),
            Op::Fmadd => (fused(double, false, false), double),
            Op::Fmadds => (fused(single, false, false), single),
            Op::Fmsub => (fused(double, true, false), double),
            Op::Fmsubs => (fused(single, true, false), single),
            Op::Fnmadd => (fused(double, false, true), double),
            Op::Fnmadds => (fused(single, false, true), single),
            Op::Fnmsub => (fused(double, true, true), double),
            Op::Fnmsubs => (fused(single, true, true), single),
            Op::Frsp => (convert::to_single(b, control), single),
            Op::Fres => (estimate::reciprocal(b, single, control), single),
            Op::Frsqrte => (estimate::reciprocal_root(b), double),
            Op::Fctiw => return self.finish_integer(word, convert::to_integer(b, control.rounding)),
            Op::Fctiwz => {
                return self.finish_integer(word, convert::to_integer(b, bgp_float::Rounding::Zero));
            }
            Op::Fcmpu | Op::Fcmpo => return self.compare_float(word, a, b, op == Op::Fcmpo),
            Op::Fmr => return self.finish_move(word, b),
            Op::Fneg => return self.finish_move(word, b ^ SIGN),
            Op::Fabs => return self.finish_move(word, b & !SIGN),
            Op::Fnabs => return self.finish_move(word, b | SIGN),
            Op::Fsel => {
                let chosen = if f64::from_bits(a) >= 0.0 { c } else { b };
                return self.finish_move(word, chosen);
            }
            _ => return self.status_instruction(op, word),
        };
        self.finish_arithmetic(word, outcome, format)
    }

    /// A move: nothing happens to FPSCR.
    fn finish_move(&mut self, word: Word, bits: u64) -> Result<(), Fault> {
        self.registers.fpr[word.t()] = bits;
        self.record_float(word);
        Ok(())
    }
}
