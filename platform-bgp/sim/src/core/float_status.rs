//! FPSCR: what instructions do to it, and the instructions that move it.

use super::bits::{esr, msr};
use super::{Core, Exception, Fault};
use bgp_float::status::{self, Control, EXCEPTIONS, FEX, FI, FPCC, FPRF, FR, FX, INVALID, OX, VX};
use bgp_float::{Format, Outcome, convert};
use bgp_isa::{Op, Word};

impl Core {
    /// What of FPSCR decides over results.
    pub(super) fn float_control(&self) -> Control {
        Control::new(self.registers.fpscr)
    }

    /// CR1 with the first four bits of FPSCR, if asked.
    pub(super) fn record_float(&mut self, word: Word) {
        if word.record() {
            self.registers.set_field(1, self.registers.fpscr >> 28);
        }
    }

    /// The end of an instruction that may have raised exceptions: an enabled one interrupts, if the machine's state
    /// says so. The instruction has completed in any case.
    fn finish_float(&mut self, word: Word) -> Result<(), Fault> {
        self.record_float(word);
        self.float_interrupt()
    }

    fn float_interrupt(&self) -> Result<(), Fault> {
        let wanted = self.registers.msr & (msr::FE0 | msr::FE1) != 0;
        if wanted && self.registers.fpscr & FEX != 0 {
            return Err(Exception::Program { syndrome: esr::FP }.into());
        }
        Ok(())
    }

    /// Writes an arithmetic result, unless an enabled exception withholds it.
    pub(super) fn finish_arithmetic(
        &mut self,
        word: Word,
        outcome: Outcome,
        format: Format,
    ) -> Result<(), Fault> {
        let mut fpscr = self.registers.fpscr & !(FR | FI) | outcome.flags & (FR | FI);
        if !outcome.is_withheld(self.float_control()) {
            self.registers.fpr[word.t()] = outcome.bits;
            fpscr = fpscr & !FPRF | convert::class_of(outcome.bits, format) << 12;
        }
        self.registers.fpscr = status::with_exceptions(fpscr, outcome.flags);
        self.finish_float(word)
    }

    /// Writes a converted integer. FPRF is undefined after it, and left alone.
    pub(super) fn finish_integer(&mut self, word: Word, outcome: Outcome) -> Result<(), Fault> {
        let fpscr = self.registers.fpscr & !(FR | FI) | outcome.flags & (FR | FI);
        if !outcome.is_withheld(self.float_control()) {
            self.registers.fpr[word.t()] = outcome.bits;
        }
        self.registers.fpscr = status::with_exceptions(fpscr, outcome.flags);
        self.finish_float(word)
    }

    pub(super) fn compare_float(&mut self, word: Word, a: u64, b: u64, ordered: bool) -> Result<(), Fault> {
        let (relation, flags) = convert::compare(a, b, ordered, self.float_control());
        self.registers.set_field(word.field(), relation);
        let fpscr = self.registers.fpscr & !FPCC | relation << 12;
        self.registers.fpscr = status::with_exceptions(fpscr, flags);
        self.float_interrupt()
    }

    /// Moves to and from FPSCR.
    pub(super) fn status_instruction(&mut self, op: Op, word: Word) -> Result<(), Fault> {
        let fpscr = self.registers.fpscr;
        let bit = 0x8000_0000_u32 >> word.t();
        match op {
            Op::Mffs => {
                self.registers.fpr[word.t()] = fpscr.into();
                self.record_float(word);
                return Ok(());
            }
            Op::Mcrfs => {
                let shift = 28 - 4 * word.source_field() as u32;
                self.registers.set_field(word.field(), fpscr >> shift & 15);
                let taken = 15 << shift & (FX | EXCEPTIONS);
                self.registers.fpscr = status::summarised(fpscr & !taken);
                return Ok(());
            }
            Op::Mtfsb1 if bit & EXCEPTIONS != 0 => self.registers.fpscr = status::with_exceptions(fpscr, bit),
            Op::Mtfsb1 => self.set_status(fpscr | bit, bit),
            Op::Mtfsb0 => self.set_status(fpscr & !bit, bit),
            Op::Mtfsfi => {
                let shift = 28 - 4 * word.field() as u32;
                self.set_status((word.0 >> 12 & 15) << shift, 15 << shift);
            }
            _ => {
                let fields = word.0 >> 17 & 0xFF;
                let mask = (0..8)
                    .filter(|field| fields & 0x80 >> field != 0)
                    .fold(0, |mask, field| mask | 0xF000_0000 >> (4 * field));
                self.set_status(self.registers.fpr[word.b()] as u32, mask);
            }
        }
        self.finish_float(word)
    }

    /// Sets bits of FPSCR to those of a value. The summaries are always derived.
    fn set_status(&mut self, value: u32, mask: u32) {
        let mask = mask & !(FEX | VX | 0x800);
        self.registers.fpscr = status::summarised(self.registers.fpscr & !mask | value & mask);
    }

    /// What an instruction of the Double Hummer does to FPSCR. The sources do not say (open question 3): here both
    /// halves' exceptions stick, and class, FR and FI are those of the primary half.
    pub(super) fn note_double(&mut self, primary: Outcome, secondary: Outcome) {
        let fpscr = self.registers.fpscr & !(FR | FI | FPRF)
            | primary.flags & (FR | FI)
            | convert::class_of(primary.bits, Format::Double) << 12;
        self.registers.fpscr =
            status::with_exceptions(fpscr, (primary.flags | secondary.flags) & (INVALID | EXCEPTIONS | OX));
    }
}
