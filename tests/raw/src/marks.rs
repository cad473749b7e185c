//! Whose a register's content is.

use abi::Call;

use crate::Registers;
use crate::registers::XER_BITS;

/// Every mark's upper byte.
const MARK: u32 = 0x5D00_0000;

/// Where the kernel lies: no domain has an address there.
const KERNEL: u32 = 0xF000_0000;

/// CR without field 0, which a system call may leave as the kernel made it.
const CR_KEPT: u32 = 0x0FFF_FFFF;

/// The byte count in XER, where its mark is.
const XER_MARK: u32 = 0x7F;

/// The registers that a system call may change, by number.
const CHANGED: [usize; 11] = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/// A domain that marks its registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker(pub u32);

/// A register that is not as it should be: its number as [`Registers::marked`] has it (36 FPSCR, 96 and up the
/// special registers), and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoilt {
    /// Which.
    pub register: usize,
    /// Its content.
    pub value: u32,
}

impl Marker {
    /// All registers full of this domain's mark for a round.
    pub fn fill(self, round: u32) -> Registers {
        Registers::marked(MARK | (self.0 & 0xFF) << 16 | (round & 0xFF) << 8)
    }

    /// What this domain leaves in USPRG0.
    pub fn special(self) -> u32 {
        MARK | (self.0 & 0xFF) << 16 | 0xFF
    }

    /// Whether the value is another domain's mark, or an address of the kernel's.
    pub fn is_foreign(self, value: u32) -> bool {
        value >= KERNEL || value & 0xFF00_0000 == MARK && value >> 16 & 0xFF != self.0 & 0xFF
    }

    /// Holds registers to what an interruption may change: nothing, but for `except`.
    ///
    /// # Errors
    ///
    /// The first register that is not as it was.
    pub fn untouched(
        self,
        before: &Registers,
        after: &Registers,
        except: Option<usize>,
    ) -> Result<(), Spoilt> {
        for register in (0..32).filter(|number| *number != 1 && Some(*number) != except) {
            same(register, before.gpr[register], after.gpr[register])?;
        }
        same(32, before.cr, after.cr)?;
        same(33, before.lr, after.lr)?;
        same(34, before.ctr, after.ctr)?;
        same(35, before.xer & XER_BITS, after.xer & XER_BITS)?;
        self.floats(before, after)
    }

    /// Holds registers to what a system call may change, as `docs/kernel-abi.md` says it. What the message
    /// registers hold, the caller judges. What is not preserved may be any earlier value of the domain's own.
    ///
    /// # Errors
    ///
    /// The first register that is neither as it was nor what the call may leave.
    pub fn kept(self, call: Call, before: &Registers, after: &Registers) -> Result<(), Spoilt> {
        for register in (2..32).filter(|number| !CHANGED.contains(number)) {
            same(register, before.gpr[register], after.gpr[register])?;
        }
        let (serves, meets) = match call {
            Call::Recv | Call::ReplyRecv => (true, true),
            Call::Call => (false, true),
            _ => (false, false),
        };
        if serves {
            // Fields 1 to 3 of a mark; no comparison gives such a field 1.
            let foreign = after.cr >> 24 & 0xF == 0xD && after.cr >> 16 & 0xFF != self.0;
            own(32, foreign, after.cr)?;
        } else {
            same(32, before.cr & CR_KEPT, after.cr & CR_KEPT)?;
        }
        if meets {
            own(33, self.is_foreign(after.lr), after.lr)?;
        } else {
            same(33, before.lr, after.lr)?;
        }
        own(34, self.is_foreign(after.ctr), after.ctr)?;
        own(35, after.xer & XER_MARK != 0 && after.xer & XER_MARK != self.0, after.xer)?;
        self.floats(before, after)
    }

    fn floats(self, before: &Registers, after: &Registers) -> Result<(), Spoilt> {
        // Where floating-point registers are not loaded, nothing is stored there either.
        same(36, before.fpscr, after.fpscr)?;
        for (number, (before, after)) in (64..).zip(before.fpr.iter().zip(&after.fpr)) {
            same(number, (*before >> 32) as u32, (*after >> 32) as u32)?;
            same(number, *before as u32, *after as u32)?;
        }
        Ok(())
    }

    /// Holds USPRG0 and SPRG4 to SPRG7, as [`user_registers`](crate::user_registers) reads them: the first is this
    /// domain's own or zero, the others hold nothing of anybody's.
    ///
    /// # Errors
    ///
    /// The first that shows more.
    pub fn special_registers(self, values: [u32; 5]) -> Result<(), Spoilt> {
        same_or_zero(96, self.special(), values[0])?;
        match (97..).zip(&values[1..]).find(|(_, value)| self.is_foreign(**value)) {
            Some((register, value)) => Err(Spoilt { register, value: *value }),
            None => Ok(()),
        }
    }

    /// Holds words that no message brought to what a register may show.
    ///
    /// # Errors
    ///
    /// The first that is foreign; its number counts from 0.
    pub fn own(self, words: &[u32]) -> Result<(), Spoilt> {
        match words.iter().enumerate().find(|(_, value)| self.is_foreign(**value)) {
            Some((register, value)) => Err(Spoilt { register, value: *value }),
            None => Ok(()),
        }
    }
}

fn same(register: usize, before: u32, after: u32) -> Result<(), Spoilt> {
    if before == after { Ok(()) } else { Err(Spoilt { register, value: after }) }
}

fn own(register: usize, foreign: bool, value: u32) -> Result<(), Spoilt> {
    if foreign { Err(Spoilt { register, value }) } else { Ok(()) }
}

fn same_or_zero(register: usize, before: u32, after: u32) -> Result<(), Spoilt> {
    if after == 0 { Ok(()) } else { same(register, before, after) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: Marker = Marker(1);
    const BOB: Marker = Marker(2);

    #[test]
    fn a_foreign_mark_and_a_kernel_address_show() {
        assert!(ALICE.is_foreign(BOB.special()));
        assert!(!BOB.is_foreign(BOB.special()) && !BOB.is_foreign(0));
        assert!(BOB.is_foreign(0xFFFF_C010));
        assert!(ALICE.special_registers([BOB.special(), 0, 0, 0, 0]).is_err());
        assert!(ALICE.special_registers([0, 0, 0, BOB.special(), 0]).is_err());
        assert!(ALICE.special_registers([ALICE.special(), 0, 0, 0, 0]).is_ok());
    }

    #[test]
    fn every_register_is_looked_at() {
        let before = ALICE.fill(3);
        assert_eq!(ALICE.untouched(&before, &before, None), Ok(()));
        for register in (0..32).filter(|number| *number != 1) {
            let mut after = before;
            after.gpr[register] = 7;
            assert_eq!(ALICE.untouched(&before, &after, None), Err(Spoilt { register, value: 7 }));
            assert_eq!(ALICE.untouched(&before, &after, Some(register)), Ok(()));
            assert_eq!(ALICE.kept(Call::Poll, &before, &after).is_err(), !CHANGED.contains(&register));
        }
        let others = BOB.fill(3);
        for call in [Call::Poll, Call::Call, Call::Recv] {
            let serves = call == Call::Recv;
            let earlier = ALICE.fill(2);
            let kept = |change: fn(&mut Registers, &Registers), from: &Registers| {
                let mut after = before;
                change(&mut after, from);
                assert!(ALICE.untouched(&before, &after, None).is_err());
                ALICE.kept(call, &before, &after).is_ok()
            };
            let changes: [fn(&mut Registers, &Registers); 4] = [
                |after, from| after.cr = from.cr,
                |after, from| after.lr = from.lr,
                |after, from| after.ctr = from.ctr,
                |after, from| after.xer = from.xer,
            ];
            assert!(changes.iter().all(|change| !kept(*change, &others)), "others' never");
            assert_eq!(kept(|after, _| after.cr = 0, &earlier), serves);
            assert_eq!(kept(changes[1], &earlier), call != Call::Poll);
            assert!(kept(changes[2], &earlier) && kept(|after, _| after.xer = 0, &earlier));
        }
        let mut after = before;
        after.fpr[31] ^= 1;
        assert!(ALICE.kept(Call::Call, &before, &after).is_err());
    }
}
