//! The debug facilities: comparing addresses of instructions and data, stepping (section 2.4).

use super::bits::{debug, msr};
use super::{Core, Exception, Fault};

impl Core {
    /// Whether instructions have to be looked at one by one.
    pub(super) fn watches_instructions(&self) -> bool {
        self.registers.special.dbcr[0] & (debug::IAC | debug::ICMP) != 0
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
                    let inside = (first..second).contains(&pc);
                    events |= if inside == (mode == 2) && fits(0) { event } else { 0 };
                }
            }
        }
        self.debug_event(events & enabled)
    }

    /// The event of an access to data: `read` or, shifted right by one, write, of compare 1.
    pub(super) fn watch_data(&mut self, address: u32, event: u32) -> Result<(), Fault> {
        let enabled = self.registers.special.dbcr[0] & (event | event >> 2);
        if enabled == 0 {
            return Ok(());
        }
        let control = self.registers.special.dbcr[1 + 1];
        let [first, second] = self.registers.special.dac;
        let mut events = 0;
        match control >> 22 & 3 {
            0 => {
                events |= if address == first && self.fits(control >> 30, control >> 28 & 3, msr::DS) {
                    event
                } else {
                    0
                };
                let fits = self.fits(control >> 26 & 3, control >> 24 & 3, msr::DS);
                events |= if address == second && fits { event >> 2 } else { 0 };
            }
            mode => {
                let matches = match mode {
                    1 => address & second == first & second,
                    2 => (first..second).contains(&address),
                    _ => !(first..second).contains(&address),
                };
                events |=
                    if matches && self.fits(control >> 30, control >> 28 & 3, msr::DS) { event } else { 0 };
            }
        }
        match self.debug_event(events & enabled) {
            Some(exception) => Err(exception.into()),
            None => Ok(()),
        }
    }

    /// The event of an instruction that has completed.
    pub(super) fn after_instruction(&mut self) -> Option<Exception> {
        if self.registers.msr & msr::DE == 0 {
            return None;
        }
        self.debug_event(debug::ICMP)
    }
}
