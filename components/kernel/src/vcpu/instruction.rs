//! What the kernel has to know of instructions: the parts of a word, and the few that it looks for.

/// The unconditional trap, `tw 31, 0, 0`.
pub const TRAP: u32 = 0x7FE0_0008;

/// The parts of a privileged instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The primary opcode and the extended one.
    pub(super) opcode: (u32, u32),
    /// The registers that it names, in the order of the word; numbers below 32.
    pub(super) registers: [u32; 3],
    /// The number of a special-purpose or device control register, whose halves stand the other way round.
    pub(super) number: u32,
}

impl Parts {
    /// The parts of a word.
    pub(super) const fn of(word: u32) -> Self {
        let registers = [word >> 21 & 31, word >> 16 & 31, word >> 11 & 31];
        let [_, lower, upper] = registers;
        Self { opcode: (word >> 26, word >> 1 & 0x3FF), registers, number: upper << 5 | lower }
    }
}

/// Whether an `mfspr` or `mtspr` names a register which user state may use, as the number tells.
pub const fn is_user_register(word: u32) -> bool {
    matches!(Parts::of(word).opcode, (31, 339 | 467)) && word & 1 << 20 == 0
}

/// Whether an instruction loads or stores a floating-point register.
pub const fn is_float_access(word: u32) -> bool {
    match word >> 26 {
        48..=55 => true,
        31 => matches!(word >> 1 & 0x3FF, 535 | 567 | 599 | 631 | 663 | 695 | 727 | 759 | 983),
        _ => false,
    }
}

/// The registers of the loop by which Linux invalidates its TLB, from the words that follow `tlbwe` rS, rS, 0 at its
/// head: `addi` rS, rS, 1; `cmpw` rS, rL; `ble` to the head. Returns rL.
pub const fn flush_loop_limit(source: u32, words: [u32; 3]) -> Option<u32> {
    let [add, compare, branch] = words;
    let is_loop = source != 0
        && add == 14 << 26 | source << 21 | source << 16 | 1
        && compare & !(31 << 11) == 31 << 26 | source << 16
        // The hint of a branch is the lowest bit of BO.
        && branch & !(1 << 21) == 16 << 26 | 4 << 21 | 1 << 16 | 0xFFF4;
    if is_loop { Some(compare >> 11 & 31) } else { None }
}
