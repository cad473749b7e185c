//! The frames of functions that nobody states: those of assembly.

use crate::instruction::{Flow, StackPointer, flow, stack_pointer};

/// What it means that assembly sets the stack pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switches {
    /// The frame has no fixed size.
    Refused,
    /// A stack begins: what was taken before does not count, and nothing that follows is lost.
    Allowed,
}

/// Bytes that a piece of assembly takes of its stack; none if that is not fixed.
pub(crate) fn of(words: impl Iterator<Item = (u32, u32)>, switches: Switches) -> Option<u32> {
    let mut taken = 0_u32;
    let mut takers = Vec::new();
    for (at, word) in words {
        match stack_pointer(word) {
            StackPointer::Taken(bytes) => {
                taken = taken.checked_add(bytes)?;
                takers.push(at);
            }
            StackPointer::Set if switches == Switches::Refused => return None,
            StackPointer::Set | StackPointer::Given | StackPointer::Kept => {}
        }
        // A loop around what takes would take again and again.
        if let Flow::Jump(to, _) = flow(word, at)
            && takers.iter().any(|&taker| to <= taker)
        {
            return None;
        }
    }
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKE: u32 = 0x9421_FFF0;
    const SET: u32 = 0x7C61_1B78;
    const NOTHING: u32 = 0x6000_0000;

    fn frame(words: &[u32], switches: Switches) -> Option<u32> {
        of((0x1000..).step_by(4).zip(words.iter().copied()), switches)
    }

    #[test]
    fn what_instructions_take_is_added() {
        assert_eq!(frame(&[TAKE, NOTHING, TAKE], Switches::Refused), Some(32));
        assert_eq!(frame(&[NOTHING], Switches::Refused), Some(0));
    }

    #[test]
    fn a_loop_or_another_stack_has_no_fixed_frame() {
        // b .-4, then b .-8
        assert_eq!(frame(&[TAKE, NOTHING, 0x4BFF_FFFC], Switches::Refused), Some(16));
        assert_eq!(frame(&[TAKE, NOTHING, 0x4BFF_FFF8], Switches::Refused), None);
        assert_eq!(frame(&[SET, TAKE], Switches::Refused), None);
        assert_eq!(frame(&[SET, TAKE], Switches::Allowed), Some(16));
    }
}
