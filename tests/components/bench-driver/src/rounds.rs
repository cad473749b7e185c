//! One round of what is measured, each a function that is not inlined: a caller's saves and restores are part
//! of the cost of a call, and so is its look at the outcome. A wrong one ends the run with a report.

use core::sync::atomic::{Ordering, compiler_fence};

use interfaces::{Bench, Queue};
use runtime::{Timer, WireError, system};

use crate::machine;

/// Makes sure, once, that words come back as they should: the rounds look at the outcome alone.
pub(crate) fn try_out(bench: &mut impl Bench) -> Result<(), WireError> {
    held(bench.two(1, 2)? == 3);
    let four = bench.four(1, 2, 3, 4)?;
    let eight = bench.eight(1, 2, 3, 4, 5, 6, 7, 8)?;
    held(four.iter().skip(3).step_by(4).copied().eq(1..=4));
    held(eight.iter().skip(3).step_by(4).copied().eq(1..=8));
    Ok(())
}

/// What a round costs that does nothing: the loop, the call and the return.
#[inline(never)]
pub(crate) fn empty() {
    // No instruction, but something that the compiler keeps: so the call stays.
    compiler_fence(Ordering::SeqCst);
}

#[inline(never)]
pub(crate) fn null() {
    system::null();
}

#[inline(never)]
pub(crate) fn nothing(bench: &mut impl Bench) {
    held(bench.nothing().is_ok());
}

#[inline(never)]
pub(crate) fn two(bench: &mut impl Bench) {
    held(bench.two(1, 2).is_ok());
}

#[inline(never)]
pub(crate) fn four(bench: &mut impl Bench) {
    held(bench.four(1, 2, 3, 4).is_ok());
}

#[inline(never)]
pub(crate) fn eight(bench: &mut impl Bench) {
    held(bench.eight(1, 2, 3, 4, 5, 6, 7, 8).is_ok());
}

/// From the stub's entry to the server's method. The clock is read in the function that calls, so that its
/// own saves are not part of the way.
#[inline(never)]
pub(crate) fn one_way(bench: &mut impl Bench, clock: &impl Timer) -> Result<u64, WireError> {
    let start = clock.now();
    Ok(bench.stamp()? - start)
}

#[inline(never)]
pub(crate) fn put(queue: &mut impl Queue, word: u32) {
    held(queue.put(word).is_ok());
}

#[inline(never)]
pub(crate) fn drain(queue: &mut impl Queue) {
    held(queue.drain().is_ok());
}

#[inline(never)]
pub(crate) fn fault() {
    machine::illegal();
}

#[inline(always)]
fn held(right: bool) {
    if !right {
        wrong();
    }
}

#[cold]
#[inline(never)]
fn wrong() -> ! {
    panic!("a benchmark's call did not bring what it should");
}
