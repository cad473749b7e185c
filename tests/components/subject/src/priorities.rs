//! Who runs when: the victim is above the subject, the idle domain below.

use abi::{Call, Counter, Status};

use crate::rights::{CONTROL, IDLE, IDLE_THREAD, NOTIFICATION, SELF};
use crate::{Wrong, call, ensure, hold, timers};

/// A program calls the kernel whenever it has run for a while.
fn calls(domain: u32) -> u32 {
    call(Call::Counters, domain, &[]).words[Counter::Calls as usize]
}

/// Who starts above runs at once; who starts below, not before those above it wait.
pub(crate) fn all() -> Result<(), Wrong> {
    let above = calls(CONTROL);
    hold(0, call(Call::Restart, CONTROL, &[]).status, Status::Ok as u32)?;
    ensure(1, calls(CONTROL) > above)?;
    let below = calls(IDLE);
    hold(2, call(Call::Restart, IDLE, &[]).status, Status::Ok as u32)?;
    fresh()?;
    for _ in 0..10 {
        hold(3, call(Call::Yield, SELF, &[]).status, Status::Ok as u32)?;
        hold(4, calls(IDLE), below)?;
    }
    // The news of both restarts.
    ensure(5, call(Call::Poll, NOTIFICATION, &[]).words[0] != 0)?;
    timers::rest()?;
    ensure(6, calls(IDLE) > below)
}

/// A thread that has not run yet holds where it starts and its stack, and nothing of its life before.
fn fresh() -> Result<(), Wrong> {
    for first in [0, 8, 16, 24, 32] {
        let words = call(Call::ReadRegisters, IDLE_THREAD, &[first]).words;
        for (register, word) in (first..).zip(words) {
            match register {
                1 | 36 => ensure(0x100 + register, word != 0)?,
                _ => hold(0x100 + register, word, 0)?,
            }
        }
    }
    Ok(())
}
