//! What a domain above, which never rests and has a budget, leaves of the time.

use runtime::system::now;

use crate::{Wrong, ensure};

/// Ticks for which it looks: five periods.
const WHILE: u64 = 20_000_000;

/// What the other may use of them: 2 ms in each 10 ms.
const SHARE: u64 = WHILE / 5;

/// The same in one period.
const PIECE: u64 = SHARE / 5;

/// Ticks from one look at the clock to the next that somebody else must have used.
const GAP: u64 = 400;

pub(crate) fn all() -> Result<(), Wrong> {
    let start = now();
    let (mut last, mut lost) = (start, 0);
    while last - start < WHILE {
        let next = now();
        let gap = next - last;
        if gap > GAP {
            lost += gap;
            ensure(0, gap < PIECE + PIECE / 50)?;
        }
        last = next;
    }
    // The kernel's own work comes on top, and where the look begins and ends is chance.
    ensure(1, lost > SHARE - PIECE)?;
    ensure(2, lost < SHARE + PIECE)
}
