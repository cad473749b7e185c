//! Moves to and from special registers (section 2.2).

use super::bits::{debug, esr, msr};
use super::fast::Flow;
use super::registers::{PVR, Xer};
use super::{Core, Exception};
use crate::report::Access;
use bgp_isa::Word;

/// Numbers with this bit are the supervisor's.
const SUPERVISOR: u32 = 0x10;

impl Core {
    /// `mfspr` and `mftb`.
    pub(super) fn move_from_special(&mut self, word: Word) -> Flow {
        let number = word.register_number();
        if let Some(refused) = self.refuses(number) {
            return refused;
        }
        match self.read_special(number) {
            Some(value) => self.give(word, value),
            None if self.registers.msr & msr::PR != 0 => Flow::Failed(Self::illegal().into()),
            None => Flow::Failed(self.unmodelled(Access::ReadSpecial(number))),
        }
    }

    /// `mtspr`.
    pub(super) fn move_to_special(&mut self, word: Word) -> Flow {
        let (number, value) = (word.register_number(), self.registers.t(word));
        if let Some(refused) = self.refuses(number) {
            return refused;
        }
        if self.write_special(number, value) {
            return Flow::Next;
        }
        if self.registers.msr & msr::PR != 0 {
            return Flow::Failed(Self::illegal().into());
        }
        Flow::Failed(self.unmodelled(Access::WriteSpecial(number, value)))
    }

    fn refuses(&self, number: u32) -> Option<Flow> {
        let privileged = number & SUPERVISOR != 0 && self.registers.msr & msr::PR != 0;
        privileged.then(|| Flow::Failed(Exception::Program { syndrome: esr::PPR }.into()))
    }

    /// A special register by its number. `None`: there is none, or it cannot be read.
    pub fn read_special(&mut self, number: u32) -> Option<u32> {
        let now = self.clock.time();
        let special = &self.registers.special;
        Some(match number {
            0x001 => self.registers.xer.value(),
            0x008 => self.registers.lr,
            0x009 => self.registers.ctr,
            0x016 => self.timers.decrementer(now),
            0x01A => special.srr0,
            0x01B => special.srr1,
            0x030 => special.pid,
            0x036 => self.timers.reload,
            0x03A => special.csrr0,
            0x03B => special.csrr1,
            0x03D => special.dear,
            0x03E => special.esr,
            0x03F => special.ivpr,
            0x100 => special.usprg0,
            0x104..=0x107 => special.sprg[number as usize - 0x100],
            0x10C => self.timers.time_base(now) as u32,
            0x10D => (self.timers.time_base(now) >> 32) as u32,
            0x110..=0x117 => special.sprg[number as usize - 0x110],
            0x11E => self.registers.pir,
            0x11F => PVR,
            0x130 => special.dbsr,
            0x134..=0x136 => special.dbcr[number as usize - 0x134],
            0x138..=0x13B => special.iac[number as usize - 0x138],
            0x13C..=0x13D => special.dac[number as usize - 0x13C],
            0x13E..=0x13F => special.dvc[number as usize - 0x13E],
            0x150 => self.timers.status(now),
            0x154 => self.timers.control(),
            0x190..=0x19F => special.ivor[number as usize - 0x190],
            0x23A => special.mcsrr0,
            0x23B => special.mcsrr1,
            0x23C => special.mcsr,
            0x370..=0x377 => special.victims[number as usize - 0x370],
            0x378 => special.ccr1,
            0x390..=0x397 => special.victims[number as usize - 0x390 + 8],
            0x398..=0x399 => special.limits[number as usize - 0x398],
            0x39B => special.rstcfg,
            0x39C..=0x39F => special.cache_debug[number as usize - 0x39C],
            0x3B2 => special.mmucr,
            0x3B3 => special.ccr0,
            0x3D3 => special.cache_debug[4],
            0x3F3 => special.dbdr,
            _ => return None,
        })
    }

    /// Sets a special register by its number. `false`: there is none, it cannot be written, or the value asks for
    /// what is not modelled.
    pub fn write_special(&mut self, number: u32, value: u32) -> bool {
        let now = self.clock.time();
        let special = &mut self.registers.special;
        match number {
            0x001 => self.registers.xer = Xer::from_value(value),
            0x008 => self.registers.lr = value,
            0x009 => self.registers.ctr = value,
            0x016 => self.timers.set_decrementer(now, value),
            0x01A => special.srr0 = value & !3,
            0x01B => special.srr1 = value & msr::ALL,
            0x030 => {
                special.pid = value & 0xFF;
                self.context_changed();
            }
            0x036 => self.timers.reload = value,
            0x03A => special.csrr0 = value & !3,
            0x03B => special.csrr1 = value & msr::ALL,
            0x03D => special.dear = value,
            0x03E => special.esr = value,
            0x03F => special.ivpr = value & 0xFFFF_0000,
            0x100 => special.usprg0 = value,
            0x110..=0x117 => special.sprg[number as usize - 0x110] = value,
            0x11C => {
                let upper = self.timers.time_base(now) & 0xFFFF_FFFF_0000_0000;
                self.timers.set_time_base(now, upper | u64::from(value));
            }
            0x11D => {
                let lower = self.timers.time_base(now) & 0xFFFF_FFFF;
                self.timers.set_time_base(now, u64::from(value) << 32 | lower);
            }
            0x130 => {
                special.dbsr &= !value;
                self.freeze_timers();
            }
            // External debug mode belongs to a debugger at the chip's test interface: not modelled.
            0x134 if value & debug::EDM != 0 => return false,
            0x134..=0x136 => {
                special.dbcr[number as usize - 0x134] = value;
                self.context_changed();
                self.freeze_timers();
            }
            0x138..=0x13B => special.iac[number as usize - 0x138] = value & !3,
            0x13C..=0x13D => special.dac[number as usize - 0x13C] = value,
            0x13E..=0x13F => special.dvc[number as usize - 0x13E] = value,
            0x150 => self.timers.clear_status(now, value),
            0x154 => self.timers.set_control(now, value),
            0x190..=0x19F => special.ivor[number as usize - 0x190] = value & 0xFFF0,
            0x23A => special.mcsrr0 = value & !3,
            0x23B => special.mcsrr1 = value & msr::ALL,
            0x23C => special.mcsr &= !value,
            0x370..=0x377 => special.victims[number as usize - 0x370] = value,
            0x378 => special.ccr1 = value,
            0x390..=0x397 => special.victims[number as usize - 0x390 + 8] = value,
            0x398..=0x399 => special.limits[number as usize - 0x398] = value,
            0x3B2 => special.mmucr = value,
            0x3B3 => special.ccr0 = value,
            0x3F3 => special.dbdr = value,
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Clock, Pace};

    #[test]
    fn registers_keep_the_bits_that_they_have() {
        let mut core = Core::new(2, Clock::new(Pace::default()));
        assert_eq!(core.read_special(0x11E), Some(2));
        assert_eq!(core.read_special(0x11F), Some(0x5212_1880));
        for (number, kept) in [
            (0x001, 0xE000_007F),
            (0x01A, !3),
            (0x01B, 0x0006_FF30),
            (0x030, 0xFF),
            (0x03F, 0xFFFF_0000),
            (0x190, 0xFFF0),
            (0x110, u32::MAX),
            (0x117, u32::MAX),
            (0x3B2, u32::MAX),
        ] {
            assert!(core.write_special(number, u32::MAX));
            assert_eq!(core.read_special(number), Some(kept), "{number:#x}");
        }
        assert_eq!(core.read_special(0x107), Some(u32::MAX));
        assert!(
            !core.write_special(0x107, 0) && !core.write_special(0x11F, 0) && !core.write_special(0x3FF, 0)
        );
        assert_eq!(core.read_special(0x3FF), None);
    }

    #[test]
    fn the_halves_of_the_time_base_are_set_apart() {
        let mut core = Core::new(0, Clock::new(Pace::default()));
        core.clock.wait_until(1000);
        assert!(core.write_special(0x11C, 0) && core.write_special(0x11D, 5) && core.write_special(0x11C, 7));
        core.clock.wait_until(1010);
        assert_eq!((core.read_special(0x10D), core.read_special(0x10C)), (Some(5), Some(17)));
    }
}
