//! Trials of a probe: each says whether the wire did what the interface promises.

use interfaces::{Probe, probe};
use runtime::{Events, WireError};

/// A trial.
pub(crate) type Trial<C> = fn(&mut C) -> bool;

/// All trials, by name.
pub(crate) fn all<C: Probe>() -> [(&'static str, Trial<C>); 6] {
    [
        ("values", values),
        ("short-slices", short_slices),
        ("longest-slices", longest_slices),
        ("too-long-slices", too_long_slices),
        ("errors", errors),
        ("events", events),
    ]
}

fn values(probe: &mut impl Probe) -> bool {
    let expected = [1, 2, 3, 0xFF, 0xFF, 0xFF, 0xFC, 1, 0, 0, 0, 5, 0, 0, 0, 6, 7, 8, 9, 10, 11, 12];
    probe.values(1, 0x0203, -4, true, 0x5_0000_0006, [7, 8, 9, 10, 11, 12]) == Ok(expected)
        && probe.add(u32::MAX, u32::MAX) == Ok(0x1_FFFF_FFFE)
}

fn short_slices(probe: &mut impl Probe) -> bool {
    let mut into = [9; 7];
    probe.reverse(b"fugue", &mut into) == Ok(5)
        && into == [b'e', b'u', b'g', b'u', b'f', 0, 0]
        && probe.reverse(b"", &mut []) == Ok(0)
}

fn longest_slices(probe: &mut impl Probe) -> bool {
    let mut text = [0; 509];
    for (place, byte) in text.iter_mut().zip((0..=250_u8).cycle()) {
        *place = byte;
    }
    let mut into = [0; 509];
    let count = probe.reverse(&text, &mut into);
    text.reverse();
    count == Ok(509) && into == text
}

fn too_long_slices(probe: &mut impl Probe) -> bool {
    probe.reverse(&[0; 512], &mut []) == Err(WireError::TooLong)
        && probe.reverse(&[], &mut [0; 510]) == Err(WireError::TooLong)
}

fn errors(probe: &mut impl Probe) -> bool {
    WireError::ALL.into_iter().all(|error| probe.refuse(error.number()) == Err(error))
        && probe.refuse(0) == Ok(())
}

fn events(probe: &mut impl Probe) -> bool {
    let both = Events::from(probe::CHIMED) | probe::KNOCKED.into();
    probe.pending(both) == Ok(Events::NONE)
        && probe.ring(false) == Ok(())
        && probe.ring(true) == Ok(())
        && probe.wait(probe::CHIMED.into()) == Ok(probe::CHIMED.into())
        && probe.pending(both) == Ok(probe::KNOCKED.into())
        && probe.pending(both) == Ok(Events::NONE)
}
