//! The victim's lives, and what others notice of them.

use abi::{Call, Counter, Status, Tag};

use crate::rights::{CONTROL, DCRS, MISSING, NOTIFICATION, OBSERVE, PLACE, SELF, THREAD, VICTIM};
use crate::{Wrong, call, ensure, hold};

const OK: u32 = Status::Ok as u32;
const PEER_GONE: u32 = Status::PeerGone as u32;

const HARDWARE: u32 = Status::Hardware as u32;

/// A call of `Probe::add`.
fn add(left: u32, right: u32) -> raw::Outcome {
    raw::call(Call::Call as u32, VICTIM, Tag::new(1, 2), &[left, right])
}

/// Calls that do what they say.
pub(crate) fn statuses() -> Result<(), Wrong> {
    hold(0, call(Call::Null, SELF, &[]).status, OK)?;
    hold(1, call(Call::Yield, SELF, &[]).status, OK)?;
    hold(2, call(Call::Poll, NOTIFICATION, &[]).status, OK)?;
    let sum = add(3, 4);
    hold(3, sum.status, OK)?;
    hold(4, sum.words[1], 7)?;
    let place = call(Call::Locate, PLACE, &[]);
    hold(5, place.status, OK)?;
    hold(6, place.words[2], 4096)?;
    hold(7, place.words[1] % 4096, 0)?;
    hold(8, call(Call::DcrRead, DCRS, &[0]).status, OK)?;
    // More words than there are registers are as many as there are.
    hold(9, raw::call(Call::Call as u32, VICTIM, Tag::from_bits(0x0001_000F), &[1, 1]).words[1], 2)
}

/// What the machine refuses is neither the caller's misuse nor a peer's end, and the caller goes on.
pub(crate) fn hardware() -> Result<(), Wrong> {
    for number in [0, 1] {
        for (call, words) in [(Call::DcrRead, [number, 0]), (Call::DcrWrite, [number, 0x5A])] {
            let refused = crate::call(call, MISSING, &words);
            hold(number, refused.status, HARDWARE)?;
            ensure(number, refused.words == [0; 8] && refused.badge == 0 && refused.tag == Tag::default())?;
        }
    }
    Ok(())
}

/// A thread that waits for no fault's handler keeps its registers, and whoever wanted to write them hears of it.
pub(crate) fn unhandled() -> Result<(), Wrong> {
    let all = |first| call(Call::ReadRegisters, THREAD, &[first]).words;
    let before = [16, 24, 32].map(all);
    for register in [1, 14, 31, 33, 36] {
        hold(register, call(Call::WriteRegister, THREAD, &[register, 0x4000_0000]).status, PEER_GONE)?;
    }
    ensure(0x100, before == [16, 24, 32].map(all))
}

fn running(place: u32, expected: bool) -> Result<u32, Wrong> {
    let seen = call(Call::Inspect, OBSERVE, &[]);
    hold(place, seen.status, OK)?;
    hold(place, seen.words[0], u32::from(expected))?;
    let controlled = call(Call::Inspect, CONTROL, &[]);
    ensure(place, controlled.words == seen.words)?;
    Ok(seen.words[1])
}

/// A call to a domain that has stopped ends at once; its end is told once.
pub(crate) fn stop() -> Result<(), Wrong> {
    running(0, true)?;
    hold(1, call(Call::Stop, CONTROL, &[]).status, OK)?;
    running(2, false)?;
    told(3)?;
    for _ in 0..3 {
        let gone = add(1, 1);
        hold(5, gone.status, PEER_GONE)?;
        ensure(6, gone.words == [0; 8] && gone.badge == 0 && gone.tag == Tag::default())?;
    }
    // Who has stopped cannot stop again, and nobody hears of it.
    hold(7, call(Call::Stop, CONTROL, &[]).status, OK)?;
    hold(8, call(Call::Poll, NOTIFICATION, &[]).words[0], 0)
}

/// A new life has a new number, and serves as the first did.
pub(crate) fn restart() -> Result<(), Wrong> {
    let before = running(0, false)?;
    hold(1, call(Call::Restart, CONTROL, &[]).status, OK)?;
    let after = running(2, true)?;
    hold(3, after, before + 1)?;
    hold(4, add(20, 22).words[1], 42)?;
    // Whoever waits for it hears of the new life, too, and hears of it once.
    told(5)?;
    // From life to life: the end of the one is told once, to a call and to whoever waits, and the other serves.
    hold(6, call(Call::Restart, CONTROL, &[]).status, OK)?;
    hold(7, running(7, true)?, after + 1)?;
    told(8)?;
    hold(9, add(40, 2).status, PEER_GONE)?;
    for _ in 0..3 {
        hold(10, add(40, 2).words[1], 42)?;
    }
    Ok(())
}

fn told(place: u32) -> Result<(), Wrong> {
    ensure(place, call(Call::Poll, NOTIFICATION, &[]).words[0] != 0)?;
    hold(place, call(Call::Poll, NOTIFICATION, &[]).words[0], 0)
}

/// Counters count, and registers show.
pub(crate) fn observation() -> Result<(), Wrong> {
    let calls = || call(Call::Counters, OBSERVE, &[]).words[Counter::Calls as usize];
    let before = calls();
    for _ in 0..10 {
        add(1, 1);
    }
    // A reply and the wait for the next message are one call.
    hold(0, calls().wrapping_sub(before), 10)?;
    let all = call(Call::ReadRegisters, THREAD, &[0]);
    hold(1, all.status, OK)?;
    ensure(2, all.words[1] >= 0x4000_0000)?;
    let beyond = call(Call::ReadRegisters, THREAD, &[37]);
    hold(3, beyond.words.iter().fold(0, |all, word| all | word), 0)
}
