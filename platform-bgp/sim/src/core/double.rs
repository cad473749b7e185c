//! The Double Hummer: two floating-point units side by side, one instruction for both (section 3).
//!
//! Its arithmetic rounds as FPSCR says and treats every exception as disabled.

use super::bits::esr;
use super::{Core, Exception, Fault};
use crate::bus::Bus;
use bgp_float::{Format, Outcome, arithmetic, convert, estimate};
use bgp_isa::{Op, Word};

const SIGN: u64 = 1 << 63;

/// A pair of doubles: primary, secondary.
type Pair = (u64, u64);

/// What a multiply-add multiplies and how, for one half: factors and addend, and the signs.
struct Fused {
    a: u64,
    c: u64,
    b: u64,
    subtracts: bool,
    negates: bool,
}

impl Core {
    fn pair(&self, register: usize) -> Pair {
        (self.registers.fpr[register], self.registers.secondary[register])
    }

    /// Executes one of its instructions.
    pub(super) fn double(&mut self, bus: &mut Bus, op: Op, word: Word) -> Result<(), Fault> {
        if word.0 >> 26 == 31 {
            return self.double_storage(bus, op, word);
        }
        let (a, b, c) = (self.pair(word.a()), self.pair(word.b()), self.pair(word.c()));
        let target = word.t();
        if let Some((primary, secondary)) = Self::moved(op, self.pair(target), b) {
            (self.registers.fpr[target], self.registers.secondary[target]) = (primary, secondary);
            return Ok(());
        }
        let control = self.float_control().disabled();
        let both = |operation: &dyn Fn(u64) -> Outcome| (operation(b.0), operation(b.1));
        let product = |a, c| arithmetic::multiply(a, c, Format::Double, control);
        let (primary, secondary) = match op {
            Op::Fpsel => {
                let choose = |a: u64, c, b| if f64::from_bits(a) >= 0.0 { c } else { b };
                self.registers.fpr[target] = choose(a.0, c.0, b.0);
                self.registers.secondary[target] = choose(a.1, c.1, b.1);
                return Ok(());
            }
            Op::Fscmp => {
                let (relation, flags) = convert::compare(a.1, b.1, false, control);
                self.registers.set_field(word.field(), relation);
                let fpscr = self.registers.fpscr & !bgp_float::status::FPCC | relation << 12;
                self.registers.fpscr = bgp_float::status::with_exceptions(fpscr, flags);
                return Ok(());
            }
            Op::Fpadd => {
                let add = |a, b| arithmetic::add(a, b, Format::Double, control);
                (add(a.0, b.0), add(a.1, b.1))
            }
            Op::Fpsub => {
                let subtract = |a, b| arithmetic::subtract(a, b, Format::Double, control);
                (subtract(a.0, b.0), subtract(a.1, b.1))
            }
            Op::Fpmul => (product(a.0, c.0), product(a.1, c.1)),
            Op::Fxmul => (product(a.1, c.0), product(a.0, c.1)),
            Op::Fxpmul => (product(a.0, c.0), product(a.0, c.1)),
            Op::Fxsmul => (product(a.1, c.0), product(a.1, c.1)),
            Op::Fpre => both(&|b| estimate::reciprocal(b, Format::Double, control)),
            Op::Fprsqrte => both(&estimate::reciprocal_root),
            Op::Fprsp => both(&|b| convert::to_single(b, control)),
            Op::Fpctiw => both(&|b| convert::to_integer(b, control.rounding)),
            Op::Fpctiwz => both(&|b| convert::to_integer(b, bgp_float::Rounding::Zero)),
            _ => {
                let (first, second) = Self::fused(op, a, b, c);
                let run = |half: Fused| {
                    let Fused { a, c, b, subtracts, negates } = half;
                    arithmetic::multiply_add(a, c, b, subtracts, negates, Format::Double, control)
                };
                (run(first), run(second))
            }
        };
        self.registers.fpr[target] = primary.bits;
        self.registers.secondary[target] = secondary.bits;
        self.note_double(primary, secondary);
        Ok(())
    }

    /// Moves and changes of sign: what becomes of the target.
    fn moved(op: Op, t: Pair, b: Pair) -> Option<Pair> {
        Some(match op {
            Op::Fpmr => b,
            Op::Fpabs => (b.0 & !SIGN, b.1 & !SIGN),
            Op::Fpneg => (b.0 ^ SIGN, b.1 ^ SIGN),
            Op::Fpnabs => (b.0 | SIGN, b.1 | SIGN),
            Op::Fsmr => (t.0, b.1),
            Op::Fsabs => (t.0, b.1 & !SIGN),
            Op::Fsneg => (t.0, b.1 ^ SIGN),
            Op::Fsnabs => (t.0, b.1 | SIGN),
            Op::Fxmr => (b.1, b.0),
            Op::Fsmtp => (b.1, t.1),
            Op::Fsmfp => (t.0, b.0),
            _ => return None,
        })
    }

    /// The two halves of a multiply-add (sections 3.4 and 3.6): which elements are the factors, and the signs.
    fn fused(op: Op, a: Pair, b: Pair, c: Pair) -> (Fused, Fused) {
        let half = |a, c, b, subtracts, negates| Fused { a, c, b, subtracts, negates };
        let add = (false, false);
        let subtract = (true, false);
        let negated_add = (false, true);
        let negated_subtract = (true, true);
        // First factors of both halves, whether the second factors are crossed, and the signs of both.
        let ((first, second), crossed, primary, secondary) = match op {
            Op::Fpmadd => ((a.0, a.1), false, add, add),
            Op::Fpmsub => ((a.0, a.1), false, subtract, subtract),
            Op::Fpnmadd => ((a.0, a.1), false, negated_add, negated_add),
            Op::Fpnmsub => ((a.0, a.1), false, negated_subtract, negated_subtract),
            Op::Fxmadd => ((a.1, a.0), false, add, add),
            Op::Fxmsub => ((a.1, a.0), false, subtract, subtract),
            Op::Fxnmadd => ((a.1, a.0), false, negated_add, negated_add),
            Op::Fxnmsub => ((a.1, a.0), false, negated_subtract, negated_subtract),
            Op::Fxcpmadd => ((a.0, a.0), false, add, add),
            Op::Fxcpmsub => ((a.0, a.0), false, subtract, subtract),
            Op::Fxcpnmadd => ((a.0, a.0), false, negated_add, negated_add),
            Op::Fxcpnmsub => ((a.0, a.0), false, negated_subtract, negated_subtract),
            Op::Fxcsmadd => ((a.1, a.1), false, add, add),
            Op::Fxcsmsub => ((a.1, a.1), false, subtract, subtract),
            Op::Fxcsnmadd => ((a.1, a.1), false, negated_add, negated_add),
            Op::Fxcsnmsub => ((a.1, a.1), false, negated_subtract, negated_subtract),
            Op::Fxcpnpma => ((a.0, a.0), false, negated_subtract, add),
            Op::Fxcsnpma => ((a.1, a.1), false, negated_subtract, add),
            Op::Fxcpnsma => ((a.0, a.0), false, add, negated_subtract),
            Op::Fxcsnsma => ((a.1, a.1), false, add, negated_subtract),
            Op::Fxcxma => ((a.1, a.1), true, add, add),
            Op::Fxcxnpma => ((a.1, a.1), true, negated_subtract, add),
            Op::Fxcxnsma => ((a.1, a.1), true, add, negated_subtract),
            _ => ((a.1, a.1), true, negated_subtract, negated_subtract),
        };
        let c = if crossed { (c.1, c.0) } else { c };
        (half(first, c.0, b.0, primary.0, primary.1), half(second, c.1, b.1, secondary.0, secondary.1))
    }

    /// Loads and stores. What is not naturally aligned raises Alignment (open question 3).
    fn double_storage(&mut self, bus: &mut Bus, op: Op, word: Word) -> Result<(), Fault> {
        let name = op.row().mnemonic;
        let updates = name.ends_with("ux");
        let address = if updates { self.indexed_update(word) } else { self.indexed(word) };
        let register = word.t();
        let (primary, secondary) = self.pair(register);
        let store = name.starts_with("st");
        let bytes = match op {
            Op::Lfssx | Op::Lfssux | Op::Stfssx | Op::Stfssux => 4,
            Op::Lfpdx
            | Op::Lfpdux
            | Op::Lfxdx
            | Op::Lfxdux
            | Op::Stfpdx
            | Op::Stfpdux
            | Op::Stfxdx
            | Op::Stfxdux => 16,
            _ => 8,
        };
        if address & (bytes - 1) != 0 {
            let syndrome = esr::AP | if store { esr::ST } else { 0 };
            return Err(Exception::Alignment { address, syndrome }.into());
        }
        let two_words = |first: u32, second: u32| (u64::from(first) << 32 | u64::from(second)).to_be_bytes();
        let two_doubles =
            |first: u64, second: u64| (u128::from(first) << 64 | u128::from(second)).to_be_bytes();
        let single = convert::to_memory;
        match op {
            Op::Lfssx | Op::Lfssux => {
                let loaded = u32::from_be_bytes(self.load_float(bus, address, esr::AP)?);
                self.registers.secondary[register] = convert::from_memory(loaded);
            }
            Op::Lfsdx | Op::Lfsdux => {
                self.registers.secondary[register] =
                    u64::from_be_bytes(self.load_float(bus, address, esr::AP)?);
            }
            Op::Lfpsx | Op::Lfpsux | Op::Lfxsx | Op::Lfxsux => {
                let loaded = u64::from_be_bytes(self.load_float(bus, address, esr::AP)?);
                let pair = (convert::from_memory((loaded >> 32) as u32), convert::from_memory(loaded as u32));
                self.set_pair(register, pair, matches!(op, Op::Lfxsx | Op::Lfxsux));
            }
            Op::Lfpdx | Op::Lfpdux | Op::Lfxdx | Op::Lfxdux => {
                let loaded = u128::from_be_bytes(self.load_float(bus, address, esr::AP)?);
                let pair = ((loaded >> 64) as u64, loaded as u64);
                self.set_pair(register, pair, matches!(op, Op::Lfxdx | Op::Lfxdux));
            }
            Op::Stfpiwx => {
                self.store_float(bus, address, two_words(primary as u32, secondary as u32), esr::AP)?
            }
            Op::Stfssx | Op::Stfssux => {
                self.store_float(bus, address, single(secondary).to_be_bytes(), esr::AP)?
            }
            Op::Stfsdx | Op::Stfsdux => self.store_float(bus, address, secondary.to_be_bytes(), esr::AP)?,
            Op::Stfpsx | Op::Stfpsux => {
                self.store_float(bus, address, two_words(single(primary), single(secondary)), esr::AP)?;
            }
            Op::Stfxsx | Op::Stfxsux => {
                self.store_float(bus, address, two_words(single(secondary), single(primary)), esr::AP)?;
            }
            Op::Stfpdx | Op::Stfpdux => {
                self.store_float(bus, address, two_doubles(primary, secondary), esr::AP)?
            }
            _ => self.store_float(bus, address, two_doubles(secondary, primary), esr::AP)?,
        }
        if updates {
            self.registers.gpr[word.a()] = address;
        }
        Ok(())
    }

    /// Sets both halves; crossed: the first is the secondary's.
    fn set_pair(&mut self, register: usize, (first, second): Pair, crossed: bool) {
        let (primary, secondary) = if crossed { (second, first) } else { (first, second) };
        self.registers.fpr[register] = primary;
        self.registers.secondary[register] = secondary;
    }
}

#[cfg(test)]
mod tests;
