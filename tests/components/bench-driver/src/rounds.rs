//! One round of what is measured, each a function that is not inlined: a caller's saves and restores are part
//! of the cost of a call.

use core::hint::black_box;

use interfaces::Bench;
use runtime::{WireError, system};

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
    let sum = bench.two(black_box(1), black_box(2))?;
    held(sum == 3)
}

#[inline(never)]
pub(crate) fn four(bench: &mut impl Bench) -> Result<(), WireError> {
    let back = bench.four(black_box(1), black_box(2), black_box(3), black_box(4))?;
    held(back[3] == 1 && back[15] == 4)
}

#[inline(never)]
pub(crate) fn eight(bench: &mut impl Bench) -> Result<(), WireError> {
    let word = |word: u32| black_box(word);
    let back = bench.eight(word(1), word(2), word(3), word(4), word(5), word(6), word(7), word(8))?;
    held(back[3] == 1 && back[31] == 8)
}

#[inline(never)]
pub(crate) fn stamp(bench: &mut impl Bench) -> Result<u64, WireError> {
    bench.stamp()
}

#[inline(always)]
fn held(right: bool) -> Result<(), WireError> {
    if right { Ok(()) } else { Err(WireError::Malformed) }
}
