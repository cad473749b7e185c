//! Timers: once, at once, again and again, and never.

use abi::{Call, Status};
use runtime::system::now;

use crate::rights::{ALARM, NOTIFICATION};
use crate::{Wrong, call, ensure, hold};

/// Ticks that a wait takes.
const WHILE: u64 = 5000;

fn arm(deadline: u64, period: u64) -> Result<(), Wrong> {
    let words = [(deadline >> 32) as u32, deadline as u32, (period >> 32) as u32, period as u32];
    hold(0x100, call(Call::TimerArm, ALARM, &words).status, Status::Ok as u32)
}

fn cancel() -> Result<(), Wrong> {
    hold(0x101, call(Call::TimerCancel, ALARM, &[]).status, Status::Ok as u32)
}

/// Waits; some bit has come.
fn wait(place: u32) -> Result<(), Wrong> {
    let outcome = call(Call::Wait, NOTIFICATION, &[]);
    hold(place, outcome.status, Status::Ok as u32)?;
    ensure(place, outcome.words[0] != 0)
}

/// Looks; no bit has come.
pub(crate) fn nothing(place: u32) -> Result<(), Wrong> {
    let outcome = call(Call::Poll, NOTIFICATION, &[]);
    hold(place, outcome.status, Status::Ok as u32)?;
    hold(place, outcome.words[0], 0)
}

fn pass(ticks: u64) {
    let end = now() + ticks;
    while now() < end {}
}

/// Lets those below have a turn.
pub(crate) fn rest() -> Result<(), Wrong> {
    arm(now() + WHILE, 0)?;
    wait(0x102)
}

pub(crate) fn one_shot() -> Result<(), Wrong> {
    let deadline = now() + WHILE;
    arm(deadline, 0)?;
    nothing(1)?;
    wait(2)?;
    ensure(3, now() >= deadline)?;
    pass(2 * WHILE);
    nothing(4)
}

pub(crate) fn past() -> Result<(), Wrong> {
    for deadline in [0, 1, now(), now() - 1] {
        arm(deadline, 0)?;
        let outcome = call(Call::Poll, NOTIFICATION, &[]);
        ensure(1, outcome.words[0] != 0)?;
        nothing(2)?;
    }
    Ok(())
}

pub(crate) fn periodic() -> Result<(), Wrong> {
    let first = now() + WHILE;
    arm(first, WHILE)?;
    for round in 0..5 {
        wait(round)?;
        // The periods follow each other from the first deadline on, however late one wakes.
        ensure(0x10 + round, now() >= first + u64::from(round) * WHILE)?;
        ensure(0x20 + round, now() < first + u64::from(round + 1) * WHILE)?;
    }
    cancel()?;
    pass(2 * WHILE);
    nothing(0x30)
}

pub(crate) fn cancelled() -> Result<(), Wrong> {
    arm(now() + WHILE, 0)?;
    cancel()?;
    pass(2 * WHILE);
    nothing(1)?;
    // A later deadline takes the place of the earlier one.
    arm(now() + WHILE, 0)?;
    let later = now() + 3 * WHILE;
    arm(later, 0)?;
    wait(2)?;
    ensure(3, now() >= later)
}
