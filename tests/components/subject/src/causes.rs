//! Every cause that an instruction can be, with the address that it concerns.

use abi::{Call, Cause};
use proctor::FAULT;
use raw::{Entry, Marker, Registers};

use crate::{Wrong, hold, rights};

/// Where no domain has anything, and where the kernel has.
const NOWHERE: u32 = 0xDEAD_BEEC;
const KERNEL: u32 = 0xF000_0000;

pub(crate) fn all() -> Result<(), Wrong> {
    let text = (all as fn() -> Result<(), Wrong> as usize as u32) & !3;
    let stack = [0_u32; 2];
    let data = (&raw const stack).addr() as u32;
    at(Entry::Load, NOWHERE, Cause::LoadUnmapped)?;
    at(Entry::Store, NOWHERE, Cause::StoreUnmapped)?;
    at(Entry::Jump, NOWHERE, Cause::FetchUnmapped)?;
    at(Entry::Load, KERNEL, Cause::LoadDenied)?;
    at(Entry::Store, text, Cause::StoreDenied)?;
    at(Entry::Store, KERNEL, Cause::StoreDenied)?;
    at(Entry::Jump, data, Cause::FetchDenied)?;
    at(Entry::Jump, KERNEL, Cause::FetchDenied)?;
    at(Entry::Reserve, data + 1, Cause::Alignment)?;
    of(Entry::Illegal, Cause::Illegal)?;
    of(Entry::Privileged, Cause::Privileged)?;
    of(Entry::Trap, Cause::Trap)?;
    of(Entry::Float, Cause::FloatUnavailable)?;
    let failed = crate::call(Call::Fail, rights::SELF, &[0, 0]);
    hold(Cause::Failed as u32, failed.status, FAULT + Cause::Failed as u32)
}

/// An instruction that concerns an address: the handler hears of it.
fn at(entry: Entry, address: u32, cause: Cause) -> Result<(), Wrong> {
    let after = faulted(entry, address, cause)?;
    hold(cause as u32, after.gpr[3], address)
}

/// An instruction that concerns none.
fn of(entry: Entry, cause: Cause) -> Result<(), Wrong> {
    let after = faulted(entry, 0, cause)?;
    hold(cause as u32, after.gpr[3], 0)
}

fn faulted(entry: Entry, address: u32, cause: Cause) -> Result<Registers, Wrong> {
    let mut registers = Marker(1).fill(cause as u32);
    (registers.gpr[4], registers.ctr) = (address, address);
    let mut before = registers;
    raw::enter(entry, &mut registers);
    hold(cause as u32, registers.gpr[0], FAULT + cause as u32)?;
    before.gpr[0] = registers.gpr[0];
    if matches!(entry, Entry::Jump) {
        before.lr = registers.lr;
    }
    let kept = Marker(1).untouched(&before, &registers, Some(3));
    kept.map_err(|spoilt| Wrong { place: cause as u32, found: spoilt.register as u32 })?;
    Ok(registers)
}
