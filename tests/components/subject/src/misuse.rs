//! Calls that end a domain, were it not for its handler.

use abi::{Call, Cause, Tag};
use proctor::FAULT;
use raw::{Entry, Marker};

use crate::{Wrong, ensure, hold, rights};

/// Makes a call with all registers full, and holds it to a fault: its handler has changed two registers, and nothing
/// else has changed any.
fn faults(number: u32, slot: u32, words: &[u32], cause: Cause) -> Result<(), Wrong> {
    let place = number << 16 | slot & 0xFFFF;
    let marker = Marker(1);
    let mut registers = marker.fill(number);
    registers.set_call(number, slot, Tag::new(0, words.len()), words);
    let mut before = registers;
    raw::enter(Entry::Call, &mut registers);
    hold(place, registers.gpr[0], FAULT + cause as u32)?;
    before.gpr[0] = registers.gpr[0];
    // No address is concerned.
    before.gpr[3] = 0;
    // The call may have compared something in field 0.
    (before.cr, registers.cr) = (before.cr & 0x0FFF_FFFF, registers.cr & 0x0FFF_FFFF);
    marker
        .untouched(&before, &registers, None)
        .map_err(|spoilt| Wrong { place, found: spoilt.register as u32 })
}

pub(crate) fn unknown_calls() -> Result<(), Wrong> {
    let first = rights::calls().count() as u32;
    for number in (first..first + 100).chain([0x100, 0xFFFF, 0x1_0001, 0x8000_0000, 0x8000_0001, u32::MAX]) {
        for slot in [rights::SELF, rights::PROBE, u32::MAX] {
            faults(number, slot, &[], Cause::UnknownCall)?;
        }
    }
    Ok(())
}

pub(crate) fn empty_slots() -> Result<(), Wrong> {
    let beyond = rights::SLOTS.len() as u32;
    for call in rights::calls() {
        for slot in [beyond, beyond + 1, 0xFFFF, 0x2000_0002, 0x8000_0000, 0xFFFF_FFFE, u32::MAX] {
            faults(call as u32, slot, &[], Cause::BadSlot)?;
        }
    }
    Ok(())
}

pub(crate) fn wrong_objects_and_missing_rights() -> Result<(), Wrong> {
    let mut count = 0;
    for (call, slot, cause) in rights::misuses() {
        faults(call as u32, slot, &[], cause)?;
        count += 1;
    }
    ensure(count, count > 200)
}

/// Arguments that fit nothing. Each grant of device control registers holds so many.
pub(crate) fn bad_arguments(dcrs: u32) -> Result<(), Wrong> {
    let bad = |call: Call, slot, words: &[u32]| faults(call as u32, slot, words, Cause::BadArgument);
    for words in [[37, 0], [99, 0], [u32::MAX, 0], [36, 2]] {
        bad(Call::WriteRegister, rights::THREAD, &words)?;
    }
    for number in [dcrs, dcrs + 97, u32::MAX] {
        bad(Call::DcrRead, rights::DCRS, &[number])?;
        bad(Call::DcrWrite, rights::DCRS, &[number, 0])?;
        bad(Call::DcrRead, rights::MISSING, &[number])?;
    }
    Ok(())
}
