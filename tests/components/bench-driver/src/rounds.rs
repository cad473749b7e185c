//! One round of what is measured, each a function that is not inlined: a caller's saves and restores are part
//! of the cost of a call.

use core::hint::black_box;

use interfaces::Bench;
use runtime::{Timer, WireError, system};

use crate::machine;

/// What a round costs that does nothing: the loop, the call and the return.
#[inline(never)]
pub(crate) fn empty() -> Result<(), WireError> {
    black_box(Ok(()))
}

#[inline(never)]
pub(crate) fn null() -> Result<(), WireError> {
    system::null();
    Ok(())
}

#[inline(never)]
pub(crate) fn nothing(bench: &mut impl Bench) -> Result<(), WireError> {
    bench.nothing()
}

#[inline(never)]
pub(crate) fn two(bench: &mut impl Bench) -> Result<(), WireError> {
    let sum = bench.two(1, 2)?;
    held(sum == 3)
}

#[inline(never)]
pub(crate) fn four(bench: &mut impl Bench) -> Result<(), WireError> {
    let back = bench.four(1, 2, 3, 4)?;
    held(back[15] == 4)
}

#[inline(never)]
pub(crate) fn eight(bench: &mut impl Bench) -> Result<(), WireError> {
    let back = bench.eight(1, 2, 3, 4, 5, 6, 7, 8)?;
    held(back[31] == 8)
}

/// From the stub's entry to the server's method. The clock is read in the function that calls, so that its
/// own saves are not part of the way.
#[inline(never)]
pub(crate) fn one_way(bench: &mut impl Bench, clock: &impl Timer) -> Result<u64, WireError> {
    let start = clock.now();
    Ok(bench.stamp()? - start)
}

#[inline(never)]
pub(crate) fn fault() -> Result<(), WireError> {
    machine::illegal();
    Ok(())
}

#[inline(always)]
fn held(right: bool) -> Result<(), WireError> {
    if right { Ok(()) } else { Err(WireError::Malformed) }
}
