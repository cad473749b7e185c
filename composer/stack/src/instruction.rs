//! As much of the PowerPC's instructions as calls and frames need.

/// What an instruction does to the flow of control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Goes on with the next.
    Next,
    /// Perhaps goes to an address, and comes back.
    Call(u32),
    /// Goes to an address; the flag says whether always.
    Jump(u32, bool),
    /// Perhaps goes to where CTR or LR points, and comes back.
    CallPointer,
    /// Perhaps goes to where CTR points; the flag says whether always.
    JumpPointer(bool),
    /// Returns to the caller or from an exception, or stops; the flag says whether always.
    Leave(bool),
}

/// The flow after the instruction `word` at `at`.
pub(crate) fn flow(word: u32, at: u32) -> Flow {
    let links = word & 1 != 0;
    let to = |offset: u32| if word & 2 != 0 { offset } else { at.wrapping_add(offset) };
    // BO with both these bits tests nothing.
    let always = word >> 21 & 0b10100 == 0b10100;
    match (word >> 26, word >> 1 & 0x3FF) {
        (18, _) => branch(links, at, to(extend(word & 0x03FF_FFFC, 26)), true),
        (16, _) => branch(links, at, to(extend(word & 0xFFFC, 16)), always),
        (19, 16 | 528) if links => Flow::CallPointer,
        (19, 528) => Flow::JumpPointer(always),
        (19, 16) => Flow::Leave(always),
        // rfi, rfci, rfmci
        (19, 50 | 51 | 38) => Flow::Leave(true),
        // An unconditional trap.
        (31, 4) if word >> 21 & 0b11111 == 0b11111 => Flow::Leave(true),
        _ => Flow::Next,
    }
}

fn branch(links: bool, at: u32, to: u32, always: bool) -> Flow {
    match links {
        // To the next instruction: how code learns where it is.
        true if to == at.wrapping_add(4) => Flow::Next,
        true => Flow::Call(to),
        false => Flow::Jump(to, always),
    }
}

/// A field of `bits` bits with a sign.
fn extend(field: u32, bits: u32) -> u32 {
    let unused = 32 - bits;
    ((field << unused).cast_signed() >> unused).cast_unsigned()
}

/// What an instruction does to the stack pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StackPointer {
    /// Nothing.
    Kept,
    /// Takes so many bytes.
    Taken(u32),
    /// Gives bytes back.
    Given,
    /// Sets it to something else.
    Set,
}

/// What the instruction `word` does to r1.
pub(crate) fn stack_pointer(word: u32) -> StackPointer {
    let (target, base) = (word >> 21 & 31, word >> 16 & 31);
    let offset = extend(word & 0xFFFF, 16).cast_signed();
    match word >> 26 {
        // stwu r1, n(r1); addi r1, r1, n
        37 | 14 if target == 1 && base == 1 => match offset {
            0.. => StackPointer::Given,
            _ => StackPointer::Taken(offset.unsigned_abs()),
        },
        // lwz r1, 0(r1): the caller's, from the back chain.
        32 if target == 1 && base == 1 && offset == 0 => StackPointer::Given,
        _ if sets_r1(word, target, base) => StackPointer::Set,
        _ => StackPointer::Kept,
    }
}

fn sets_r1(word: u32, target: u32, base: u32) -> bool {
    match word >> 26 {
        // Arithmetic with a constant, and loads.
        7 | 8 | 12..=15 | 32 | 34 | 40 | 42 => target == 1,
        // Loads with update.
        33 | 35 | 41 | 43 => target == 1 || base == 1,
        // Loads of several registers, from the target on.
        46 => target <= 1,
        // Stores with update.
        37 | 39 | 45 | 49 | 51 | 53 | 55 => base == 1,
        // Shifts and logic with a constant write the register that others read.
        20..=29 => base == 1,
        31 => extended_sets_r1(word >> 1 & 0x3FF, target, base),
        _ => false,
    }
}

/// Of primary opcode 31.
fn extended_sets_r1(operation: u32, target: u32, base: u32) -> bool {
    match operation {
        // Logic, shifts, signs, leading zeros.
        28 | 60 | 124 | 284 | 316 | 412 | 444 | 476 | 24 | 536 | 792 | 824 | 26 | 922 | 954 => base == 1,
        // Stores with update.
        183 | 247 | 439 => base == 1,
        // Comparisons, traps, stores, moves to special registers, caches, TLB, barriers.
        0 | 32 | 4 | 151 | 215 | 407 | 150 | 662 | 918 | 467 | 144 | 146 | 131 | 163 | 451 | 978 | 598
        | 854 | 86 | 54 | 246 | 278 | 470 | 1014 | 982 | 262 | 454 | 966 => false,
        // Loads with update.
        55 | 119 | 311 | 375 => target == 1 || base == 1,
        _ => target == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_have_targets() {
        // bl .+0xa18; b .-24; bge .+0x18; bctrl; bctr; blr; beqlr; rfi; trap
        let flows = [
            (0x4800_0A19, Flow::Call(0x10_0A80)),
            (0x4BFF_FFE8, Flow::Jump(0x10_0050, true)),
            (0x4080_0018, Flow::Jump(0x10_0080, false)),
            (0x4E80_0421, Flow::CallPointer),
            (0x4E80_0420, Flow::JumpPointer(true)),
            (0x4E80_0020, Flow::Leave(true)),
            (0x4D82_0020, Flow::Leave(false)),
            (0x4C00_0064, Flow::Leave(true)),
            (0x7FE0_0008, Flow::Leave(true)),
            (0x6000_0000, Flow::Next),
            (0x4800_0005, Flow::Next), // bl .+4
        ];
        for (word, expected) in flows {
            assert_eq!(flow(word, 0x10_0068), expected, "{word:#x}");
        }
    }

    #[test]
    fn the_stack_pointer_is_followed() {
        let changes = [
            (0x9421_FFF0, StackPointer::Taken(16)), // stwu r1, -16(r1)
            (0x3821_FFE0, StackPointer::Taken(32)), // addi r1, r1, -32
            (0x3821_0020, StackPointer::Given),     // addi r1, r1, 32
            (0x8021_0000, StackPointer::Given),     // lwz r1, 0(r1)
            (0x8020_8004, StackPointer::Set),       // lwz r1, -32764(0)
            (0x7C21_196E, StackPointer::Set),       // stwux r1, r1, r3
            (0x7C61_1B78, StackPointer::Set),       // mr r1, r3
            (0x7C23_0B78, StackPointer::Kept),      // mr r3, r1
            (0x9021_0008, StackPointer::Kept),      // stw r1, 8(r1)
            (0xB841_0008, StackPointer::Kept),      // lmw r2, 8(r1)
        ];
        for (word, expected) in changes {
            assert_eq!(stack_pointer(word), expected, "{word:#x}");
        }
    }
}
