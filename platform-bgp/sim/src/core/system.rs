//! Instructions for which the loop is left: they need the exact time, change what is executed next, or concern
//! the other cores.

use super::access::Kind;
use super::bits::{debug, esr, msr};
use super::fast::Flow;
use super::tlb::{Found, VALID};
use super::{Core, Exception, Fault};
use crate::bus::Bus;
use crate::report::Access;
use bgp_isa::{Op, Word};

/// MMUCR: the address space that `tlbsx` searches.
const STS: u32 = 0x0001_0000;

impl Core {
    /// Executes one of them; address and time are up to date.
    pub(super) fn system(&mut self, bus: &mut Bus, op: Op, word: Word) -> Flow {
        let user = self.registers.msr & msr::PR != 0;
        if user && op.row().privileged {
            return Flow::Failed(Exception::Program { syndrome: esr::PPR }.into());
        }
        match op {
            Op::Sc => Flow::Failed(Exception::SystemCall.into()),
            Op::Tw | Op::Twi => self.trap(),
            Op::Rfi => {
                let special = &self.registers.special;
                self.return_to(special.srr0, special.srr1)
            }
            Op::Rfci => {
                let special = &self.registers.special;
                self.return_to(special.csrr0, special.csrr1)
            }
            Op::Rfmci => {
                let special = &self.registers.special;
                self.return_to(special.mcsrr0, special.mcsrr1)
            }
            Op::Isync => {
                self.synchronise();
                Flow::Next
            }
            Op::Msync => self.in_turn(),
            Op::Mbar => Flow::Next,
            Op::Tlbsync => Flow::Next,
            Op::StwcxRecord => match self.in_turn() {
                Flow::Next => self.store_conditional(bus, word).into(),
                cut => cut,
            },
            Op::Mfmsr => self.give(word, self.registers.msr),
            Op::Mtmsr => {
                self.set_msr(self.registers.t(word));
                self.synchronise();
                Flow::Next
            }
            Op::Wrtee | Op::Wrteei => {
                let bits = if op == Op::Wrtee { self.registers.t(word) } else { word.0 };
                let enable = bits & msr::EE;
                self.registers.msr = self.registers.msr & !msr::EE | enable;
                Flow::Next
            }
            Op::Mfspr | Op::Mftb => self.move_from_special(word),
            Op::Mtspr => self.move_to_special(word),
            Op::Mcrxr => {
                let xer = &mut self.registers.xer;
                let bits = u32::from(xer.so) << 3 | u32::from(xer.ov) << 2 | u32::from(xer.ca) << 1;
                (xer.so, xer.ov, xer.ca) = (false, false, false);
                self.registers.set_field(word.field(), bits);
                Flow::Next
            }
            Op::Mfdcr => self.move_from_dcr(bus, word, word.register_number()),
            Op::Mfdcrx => self.move_from_dcr(bus, word, self.registers.a(word) & 0xFFF),
            Op::Mtdcr => self.move_to_dcr(bus, word, word.register_number()),
            Op::Mtdcrx => self.move_to_dcr(bus, word, self.registers.a(word) & 0xFFF),
            Op::Mfdcrux | Op::Mtdcrux => {
                let number = self.registers.a(word) & 0xFFF;
                if user && !bus.users_may_use(number) {
                    return Flow::Failed(Exception::Program { syndrome: esr::PPR }.into());
                }
                if op == Op::Mfdcrux {
                    self.move_from_dcr(bus, word, number)
                } else {
                    self.move_to_dcr(bus, word, number)
                }
            }
            Op::Tlbre => self.tlb_read(word),
            Op::Tlbwe => self.tlb_write(word),
            Op::Tlbsx => self.tlb_search(word),
            // Caches have no state here: memory is what every core sees. Rights are checked all the same.
            Op::Dcbf | Op::Dcbst | Op::Icbi => self.touch_line(word, Kind::Read).into(),
            Op::Dcbi => self.touch_line(word, Kind::Write).into(),
            Op::Dcbt | Op::Dcbtst | Op::Dcba | Op::Icbt | Op::Dccci | Op::Iccci => Flow::Next,
            // A cache whose lines are all invalid has nothing to show.
            Op::Dcread | Op::Icread => {
                self.registers.special.cache_debug = [0; 5];
                self.give(word, 0)
            }
            _ => Flow::Failed(Self::illegal().into()),
        }
    }

    /// Goes on if it is this core's turn.
    fn in_turn(&self) -> Flow {
        if self.in_order { Flow::Next } else { Flow::Failed(Fault::Cut) }
    }

    /// Writes a result to the target.
    pub(super) fn give(&mut self, word: Word, value: u32) -> Flow {
        self.registers.gpr[word.t()] = value;
        Flow::Next
    }

    fn trap(&mut self) -> Flow {
        if let Some(event) = self.debug_event(debug::TRAP) {
            return Flow::Failed(event.into());
        }
        Flow::Failed(Exception::Program { syndrome: esr::PTR }.into())
    }

    fn return_to(&mut self, address: u32, state: u32) -> Flow {
        self.set_msr(state);
        self.synchronise();
        Flow::Jump(address & !3)
    }

    fn move_from_dcr(&mut self, bus: &mut Bus, word: Word, number: u32) -> Flow {
        if !self.in_order {
            return Flow::Failed(Fault::Cut);
        }
        match bus.read_dcr(self, number) {
            Ok(value) => self.give(word, value),
            Err(fault) => Flow::Failed(fault),
        }
    }

    fn move_to_dcr(&mut self, bus: &mut Bus, word: Word, number: u32) -> Flow {
        if !self.in_order {
            return Flow::Failed(Fault::Cut);
        }
        bus.write_dcr(self, number, self.registers.t(word)).into()
    }

    fn tlb_read(&mut self, word: Word) -> Flow {
        let entry = self.tlb.get(self.registers.a(word));
        match word.b() {
            0 => {
                let special = &mut self.registers.special;
                special.mmucr = special.mmucr & !0xFF | u32::from(entry.tid);
                self.give(word, entry.word0)
            }
            1 => self.give(word, entry.word1),
            2 => self.give(word, entry.word2),
            other => Flow::Failed(self.unmodelled(Access::Other(format!("tlbre of word {other}")))),
        }
    }

    fn tlb_write(&mut self, word: Word) -> Flow {
        let (number, value) = (self.registers.a(word), self.registers.t(word));
        let tid = self.registers.special.mmucr as u8;
        if !self.tlb.write(number, word.b() as u32, value, tid) {
            return Flow::Failed(self.unmodelled(Access::Other(format!("tlbwe of word {}", word.b()))));
        }
        self.tlb_written = true;
        self.registers.special.left_reset_page |= word.b() == 0 && value & VALID != 0;
        Flow::Next
    }

    /// `tlbsx`: on a miss the target is undefined by the manual, and left alone here.
    fn tlb_search(&mut self, word: Word) -> Flow {
        let mmucr = self.registers.special.mmucr;
        let address = self.indexed(word);
        let found = match self.tlb.find(address, mmucr & STS != 0, mmucr as u8) {
            Found::One(number) => Some(number),
            Found::None => None,
            Found::Several(one, other) => {
                let what = format!("tlbsx of {address:#010x}, which entries {one} and {other} both map");
                return Flow::Failed(self.unmodelled(Access::Other(what)));
            }
        };
        if let Some(number) = found {
            self.registers.gpr[word.t()] = number as u32;
        }
        if word.record() {
            let relation = if found.is_some() { 2 } else { 0 };
            self.registers.set_field(0, relation | u32::from(self.registers.xer.so));
        }
        Flow::Next
    }
}
