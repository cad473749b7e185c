//! What is measured, each a function that is not inlined: a caller's saves and restores are part of the
//! cost of a call.

use core::hint::black_box;

use interfaces::Probe;
use runtime::{WireError, system};

/// Ticks that `rounds` rounds take, less those of a loop around a function that does nothing.
pub(crate) fn net(rounds: u32, now: impl Fn() -> u64, mut measured: impl FnMut()) -> u64 {
    // Once beforehand, so that TLB and caches are warm.
    measured();
    let whole = ticks(rounds, &now, &mut measured);
    let mut outcome = Ok(());
    let around = ticks(rounds, &now, || outcome = outcome.and(empty()));
    // The outcome is looked at, as a measured one is.
    let _ = black_box(outcome);
    whole.saturating_sub(around)
}

#[inline(always)]
fn ticks(rounds: u32, now: impl Fn() -> u64, mut body: impl FnMut()) -> u64 {
    let start = now();
    for _ in 0..rounds {
        body();
    }
    now() - start
}

#[inline(never)]
fn empty() -> Result<(), WireError> {
    black_box(Ok(()))
}

/// The null system call.
#[inline(never)]
pub(crate) fn null() {
    system::null();
}

/// A call and a reply without words.
#[inline(never)]
pub(crate) fn nothing(probe: &mut impl Probe) -> Result<(), WireError> {
    probe.nothing()
}

/// A call with two words and a reply with two.
#[inline(never)]
pub(crate) fn add(probe: &mut impl Probe) -> Result<(), WireError> {
    let sum = probe.add(black_box(1), black_box(2))?;
    if sum == 3 { Ok(()) } else { Err(WireError::Malformed) }
}
