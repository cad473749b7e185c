//! The Blue Gene interrupt controller (section 5): ten groups of 32 interrupts, each with a target.

use crate::bus::{Lines, Unknown};
use serde::{Deserialize, Serialize};

/// Groups.
const GROUPS: usize = 10;

/// The three classes, in the order of their registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    NonCritical,
    Critical,
    MachineCheck,
}

const CLASSES: [Class; 3] = [Class::NonCritical, Class::Critical, Class::MachineCheck];

/// The controller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bic {
    status: [u32; GROUPS],
    /// Sources whose condition holds: their status comes back when it is cleared.
    levels: [u32; GROUPS],
    targets: [[u32; 4]; GROUPS],
    /// Test-interface machine check, UPC timestamp, clock stop; then who's on first for each.
    masks: [[u32; 6]; GROUPS],
    error_status: u32,
}

/// Whether a target's code means a class of a core.
const fn means(code: u32, class: Class, core: usize) -> bool {
    let class = class as u32;
    code == class + 1 || code == 4 + 4 * class + core as u32
}

impl Bic {
    /// A group's interrupts that are pending for a class of a core.
    fn masked(&self, group: usize, class: Class, core: usize) -> u32 {
        let mut pending = 0;
        let mut rest = self.status[group];
        while rest != 0 {
            let bit = rest.leading_zeros();
            let code = self.targets[group][bit as usize / 8] >> (28 - bit % 8 * 4) & 15;
            if means(code, class, core) {
                pending |= 0x8000_0000 >> bit;
            }
            rest &= !(0x8000_0000 >> bit);
        }
        pending
    }

    /// The groups in which interrupts are pending for a class of a core.
    fn hierarchy(&self, class: Class, core: usize) -> u32 {
        (0..GROUPS)
            .filter(|group| self.status[*group] != 0 && self.masked(*group, class, core) != 0)
            .fold(0, |groups, group| groups | 0x8000_0000 >> group)
    }

    /// The lines to a core.
    pub fn lines(&self, core: usize) -> Lines {
        if self.status == [0; GROUPS] {
            return Lines::default();
        }
        Lines {
            external: self.hierarchy(Class::NonCritical, core) != 0,
            critical: self.hierarchy(Class::Critical, core) != 0,
            machine_check: self.hierarchy(Class::MachineCheck, core) != 0,
        }
    }

    /// The first external interrupt that is pending for a core, as software finds it.
    pub fn first_external(&self, core: usize) -> Option<usize> {
        let group = (0..GROUPS).find(|group| self.masked(*group, Class::NonCritical, core) != 0)?;
        Some(32 * group + self.masked(group, Class::NonCritical, core).leading_zeros() as usize)
    }

    /// Raises an interrupt by its number, group times 32 plus bit: once, until software clears it.
    pub fn raise(&mut self, number: usize) {
        self.status[number / 32] |= 0x8000_0000 >> (number % 32);
    }

    /// Says whether the condition of a source holds.
    pub fn set_level(&mut self, number: usize, holds: bool) {
        let (group, bit) = (number / 32, 0x8000_0000 >> (number % 32));
        if holds {
            self.levels[group] |= bit;
            self.status[group] |= bit;
        } else {
            self.levels[group] &= !bit;
        }
    }

    /// Replaces a group's status; conditions that still hold stay.
    fn set_status(&mut self, group: usize, status: u32) {
        self.status[group] = status | self.levels[group];
    }

    /// Reads a register.
    pub fn read(&mut self, offset: u32) -> Result<u32, Unknown> {
        let (group, register) = ((offset / 0x80) as usize, offset % 0x80);
        if offset >= 0x780 {
            return self.read_hierarchy(offset);
        }
        if group >= GROUPS {
            // Slots of groups that do not exist: nothing is ever pending there.
            return Ok(0);
        }
        let core = (register >> 2 & 3) as usize;
        Ok(match register {
            0x00 => self.status[group],
            0x04 => {
                let status = self.status[group];
                self.set_status(group, 0);
                status
            }
            0x08 | 0x0C => 0,
            0x10..=0x1C => self.targets[group][core],
            0x20..=0x2C => self.masked(group, Class::NonCritical, core),
            0x30..=0x3C => self.masked(group, Class::Critical, core),
            0x40..=0x4C => self.masked(group, Class::MachineCheck, core),
            0x50..=0x64 => self.masks[group][(register - 0x50) as usize / 4],
            0x68..=0x70 => self.status[group] & self.masks[group][(register - 0x68) as usize / 4 + 3],
            _ => return Err(Unknown),
        })
    }

    fn read_hierarchy(&mut self, offset: u32) -> Result<u32, Unknown> {
        let core = (offset >> 2 & 3) as usize;
        let masked_by = |bic: &Self, mask: usize| {
            (0..GROUPS)
                .filter(|group| bic.status[*group] & bic.masks[*group][mask] != 0)
                .fold(0, |groups, group| groups | 0x8000_0000 >> group)
        };
        Ok(match offset {
            0x780..=0x7AC => self.hierarchy(CLASSES[(offset - 0x780) as usize / 16], core),
            0x7B0..=0x7B8 => masked_by(self, core),
            0x7D0..=0x7D8 => masked_by(self, core + 3),
            0x7C0 => self.error_status,
            0x7C4 => std::mem::take(&mut self.error_status),
            0x7C8 | 0x7CC => 0,
            _ => return Err(Unknown),
        })
    }

    /// Writes a register.
    pub fn write(&mut self, offset: u32, value: u32) -> Result<(), Unknown> {
        if offset == 0x7C0 {
            self.error_status = value;
            return Ok(());
        }
        let (group, register) = ((offset / 0x80) as usize, offset % 0x80);
        if offset >= 0x780 {
            return Err(Unknown);
        }
        if group >= GROUPS {
            return Ok(());
        }
        match register {
            0x00 => self.set_status(group, value),
            0x08 => self.set_status(group, self.status[group] & !value),
            0x0C => self.status[group] |= value,
            0x10..=0x1C => self.targets[group][(register >> 2 & 3) as usize] = value,
            0x50..=0x64 => self.masks[group][(register - 0x50) as usize / 4] = value,
            _ => return Err(Unknown),
        }
        Ok(())
    }

    /// Writes a byte: targets of two interrupts. Only the target registers take bytes.
    pub fn write_byte(&mut self, offset: u32, value: u8) -> Result<(), Unknown> {
        if !matches!(offset % 0x80, 0x10..=0x1F) || offset >= 0x780 {
            return Err(Unknown);
        }
        let register = offset & !3;
        let mut bytes = self.read(register)?.to_be_bytes();
        bytes[(offset & 3) as usize] = value;
        self.write(register, u32::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: u32 = 0;
    const TAKE: u32 = 4;
    const CLEAR: u32 = 8;
    const SET: u32 = 12;

    /// The code of every class and core, and who must see it.
    #[test]
    fn targets_lead_to_their_class_and_core() {
        for code in 0..16 {
            let mut bic = Bic::default();
            bic.write(3 * 0x80 + 0x14, code << 28).expect("a target");
            bic.write(3 * 0x80 + SET, 0x0080_0000).expect("set");
            for core in 0..4 {
                let wanted = |class: u32| code == class + 1 || code == 4 + 4 * class + core as u32;
                let lines = bic.lines(core);
                assert_eq!(
                    (lines.external, lines.critical, lines.machine_check),
                    (wanted(0), wanted(1), wanted(2))
                );
                for class in 0..3 {
                    let seen = if wanted(class) { 0x0080_0000 } else { 0 };
                    assert_eq!(bic.read(3 * 0x80 + 0x20 + 16 * class + 4 * core as u32), Ok(seen));
                    let group = if wanted(class) { 0x1000_0000 } else { 0 };
                    assert_eq!(bic.read(0x780 + 16 * class + 4 * core as u32), Ok(group));
                }
            }
            assert_eq!(bic.read(3 * 0x80 + STATUS), Ok(0x0080_0000));
        }
    }

    #[test]
    fn invariant_06_a_condition_that_holds_comes_back() {
        let mut bic = Bic::default();
        bic.set_level(0x21, true);
        bic.raise(0x22);
        assert_eq!(bic.write(0x80 + CLEAR, u32::MAX), Ok(()));
        assert_eq!(bic.read(0x80 + STATUS), Ok(0x4000_0000));
        assert_eq!(bic.read(0x80 + TAKE), Ok(0x4000_0000));
        bic.set_level(0x21, false);
        assert_eq!(bic.read(0x80 + TAKE), Ok(0x4000_0000));
        assert_eq!(bic.read(0x80 + STATUS), Ok(0));
    }

    #[test]
    fn bytes_reach_the_targets_alone() {
        let mut bic = Bic::default();
        assert_eq!(bic.write(0x10, 0x1234_5678), Ok(()));
        assert_eq!(bic.write_byte(0x12, 0xAB), Ok(()));
        assert_eq!(bic.read(0x10), Ok(0x1234_AB78));
        assert_eq!(bic.write_byte(0x08, 1), Err(Unknown));
    }
}
