//! The debug facilities: comparing addresses of instructions and data, values of data, stepping, branches and returns
//! (section 2.4).

use super::bits::{debug, msr};
use super::{Core, Exception, Fault};
use bgp_isa::{Op, Word};

/// DBCR1: the ranges of compares 1 and 2 are entered and left by turns; of 3 and 4 it is the last bit.
const TOGGLES: u32 = 0x0001_0000;

/// How data is compared with a value, by bytes that are enabled.
const ALL_BYTES: u32 = 1;
const ANY_BYTE: u32 = 2;

impl Core {
    /// Whether instructions have to be looked at one by one.
    pub(super) fn watches_instructions(&self) -> bool {
        let each = debug::IAC | debug::ICMP | debug::BRT | debug::RET | debug::FT;
        self.registers.special.dbcr[0] & each != 0
    }

    /// Whether accesses to data have to be looked at one by one.
    pub(super) fn watches_data(&self) -> bool {
        self.registers.special.dbcr[0] & debug::DAC != 0
    }

    /// Whether a comparison's mode fits the machine's state: US (0 both, 2 supervisors, 3 users) and ER (0
    /// effective, 2 and 3 effective in address space 0 or 1).
    fn fits(&self, users: u32, space: u32, space_bit: u32) -> bool {
        let user = self.registers.msr & msr::PR != 0;
        let one = self.registers.msr & space_bit != 0;
        (users == 0 || (users == 3) == user) && (space < 2 || (space == 3) == one)
    }

    /// The event of the next instruction's address, if it interrupts.
    pub(super) fn before_instruction(&mut self) -> Option<Exception> {
        let enabled = self.registers.special.dbcr[0] & debug::IAC;
        if enabled == 0 {
            return None;
        }
        let mut events = 0;
        for pair in 0..2 {
            let control = self.registers.special.dbcr[1] << (16 * pair);
            let [first, second] =
                [self.registers.special.iac[2 * pair], self.registers.special.iac[2 * pair + 1]];
            let event = debug::IAC1 >> (2 * pair);
            let fits =
                |shift: u32| self.fits(control >> (30 - shift) & 3, control >> (28 - shift) & 3, msr::IS);
            let pc = self.registers.pc;
            match control >> 22 & 3 {
                0 => {
                    events |= if pc == first && fits(0) { event } else { 0 };
                    events |= if pc == second && fits(4) { event >> 1 } else { 0 };
                }
                mode => {
                    let status = debug::IAC12ATS >> pair;
                    let toggled = control & TOGGLES != 0 && self.registers.special.dbsr & status != 0;
                    let inside = (first..second).contains(&pc);
                    if inside == ((mode == 2) != toggled) && fits(0) && enabled & event != 0 {
                        events |= event;
                        if control & TOGGLES != 0 {
                            self.registers.special.dbsr ^= status;
                        }
                    }
                }
            }
        }
        self.debug_event(events & enabled)
    }

    /// The event of the next instruction itself, before it is executed: a branch that will be taken, a return from an
    /// interrupt. A branch counts only where events interrupt, as stepping does.
    pub(super) fn before_branch(&mut self, op: Op, word: Word) -> Option<Exception> {
        let enabled = self.registers.special.dbcr[0];
        if enabled & debug::RET != 0 && op == Op::Rfi {
            return self.debug_event(debug::RET);
        }
        if enabled & debug::BRT == 0 || self.registers.msr & msr::DE == 0 {
            return None;
        }
        let taken = match op {
            Op::B => true,
            Op::Bc | Op::Bclr | Op::Bcctr => self.would_branch(word),
            _ => false,
        };
        if taken { self.debug_event(debug::BRT) } else { None }
    }

    /// The event of an access's address, where its value does not matter: `event` is that of compare 1, of a read or,
    /// shifted right by one, of a write.
    pub(super) fn watch_address(&mut self, address: u32, event: u32) -> Result<(), Fault> {
        let events = self.data_events(address, event);
        let control = self.registers.special.dbcr[2];
        let by_address = |compare: u32| control >> (18 - 2 * compare) & 3 == 0;
        let first = if by_address(0) { event } else { 0 };
        let second = if by_address(1) { event >> 2 } else { 0 };
        self.data_event(events & (first | second))
    }

    /// The event of an access's value, where that matters, as its bytes stand in memory.
    pub(super) fn watch_value(&mut self, address: u32, event: u32, bytes: &[u8]) -> Result<(), Fault> {
        let events = self.data_events(address, event);
        if events == 0 {
            return Ok(());
        }
        let special = &self.registers.special;
        let control = special.dbcr[2];
        let matches = |compare: u32| {
            let (mode, enabled) = (control >> (18 - 2 * compare) & 3, control >> (8 - 8 * compare) & 15);
            mode != 0 && has_value(special.dvc[compare as usize], mode, enabled, address, bytes)
        };
        let first = if matches(0) { event } else { 0 };
        let second = if matches(1) { event >> 2 } else { 0 };
        self.data_event(events & (first | second))
    }

    fn data_event(&mut self, events: u32) -> Result<(), Fault> {
        match self.debug_event(events) {
            Some(exception) => Err(exception.into()),
            None => Ok(()),
        }
    }

    /// The enabled events whose addresses an access meets.
    fn data_events(&self, address: u32, event: u32) -> u32 {
        let enabled = self.registers.special.dbcr[0] & (event | event >> 2);
        if enabled == 0 {
            return 0;
        }
        let control = self.registers.special.dbcr[2];
        let [first, second] = self.registers.special.dac;
        let fits_first = self.fits(control >> 30, control >> 28 & 3, msr::DS);
        let fits_second = self.fits(control >> 26 & 3, control >> 24 & 3, msr::DS);
        let (one, two) = match control >> 22 & 3 {
            0 => (address == first, address == second && fits_second),
            1 => (address & second == first & second, false),
            2 => ((first..second).contains(&address), false),
            _ => (!(first..second).contains(&address), false),
        };
        let first = if one && fits_first { event } else { 0 };
        let second = if two { event >> 2 } else { 0 };
        enabled & (first | second)
    }

    /// The event of an instruction that has completed.
    pub(super) fn after_instruction(&mut self) -> Option<Exception> {
        if self.registers.msr & msr::DE == 0 {
            return None;
        }
        self.debug_event(debug::ICMP)
    }

    /// The timers stand still while an event is noted, if that is asked for.
    pub(super) fn freeze_timers(&mut self) {
        let special = &self.registers.special;
        let stands = special.dbcr[0] & debug::FT != 0 && special.dbsr & debug::EVENTS != 0;
        self.timers.stand_still(self.clock.time(), stands);
    }
}

/// Whether one of the words that an access touches holds a value, in the bytes that are enabled and touched.
fn has_value(value: u32, mode: u32, enabled: u32, address: u32, bytes: &[u8]) -> bool {
    let wanted = value.to_be_bytes();
    let last = address.wrapping_add(bytes.len() as u32 - 1);
    let words = (last.wrapping_sub(address & !3) >> 2) + 1;
    (0..words).any(|number| {
        let word = (address & !3).wrapping_add(4 * number);
        let equal = |lane: u32| {
            let place = word.wrapping_add(lane).wrapping_sub(address) as usize;
            bytes.get(place) == Some(&wanted[lane as usize])
        };
        let is_enabled = |lane: &u32| enabled & 8 >> lane != 0;
        let all = |first: u32, end: u32| {
            (first..end).any(|lane| is_enabled(&lane)) && (first..end).filter(is_enabled).all(equal)
        };
        match mode {
            ALL_BYTES => all(0, 4),
            ANY_BYTE => (0..4).filter(is_enabled).any(equal),
            _ => all(0, 2) || all(2, 4),
        }
    })
}

#[cfg(test)]
mod tests;
