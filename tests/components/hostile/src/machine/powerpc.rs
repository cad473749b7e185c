//! Instructions of every kind, each between all registers loaded and all registers stored.
//!
//! Pages that can be written are not executable, so the instructions are made when the component is: families of
//! pseudo-random words. Each is followed by a branch to where registers are stored; what it does to `r1`, to the
//! link register or to the program counter, it does.

#![expect(unsafe_code, reason = "the instructions break the rules on purpose")]

use core::arch::{global_asm, naked_asm};

use raw::Registers;

use super::{EACH, FAMILY, INSTRUCTIONS};
use crate::{sign, step};

global_asm!(
    ".macro HOSTILE_NEXT",
    ".set hostile_seed, ((hostile_seed * 1103515245) + 12345) & 0x7fffffff",
    ".set hostile_word, (hostile_seed >> 11) << 16",
    ".set hostile_seed, ((hostile_seed * 1103515245) + 12345) & 0x7fffffff",
    ".set hostile_word, (hostile_word ^ (hostile_seed >> 11)) & 0xffffffff",
    ".endm",
    "",
    ".macro HOSTILE_FAMILY fixed, random",
    ".rept {family}",
    "    HOSTILE_NEXT",
    "    .long (\\fixed) | (hostile_word & \\random)",
    "    b hostile_store",
    ".endr",
    ".endm",
    "",
    // Primary 31 with each extended operation of a list, and any operands.
    ".macro HOSTILE_OPERATIONS operations:vararg",
    ".irp operation, \\operations",
    ".rept {each}",
    "    HOSTILE_NEXT",
    "    .long (31 << 26) | (\\operation << 1) | (hostile_word & 0x03fff801)",
    "    b hostile_store",
    ".endr",
    ".endr",
    ".endm",
    "",
    ".section .text.hostile, \"ax\", @progbits",
    ".balign 4",
    "hostile_instructions:",
    ".set hostile_seed, 20260101",
    // Anything at all.
    "    HOSTILE_FAMILY 0, 0xffffffff",
    // Arithmetic, indexed accesses, caches, special registers, TLB, and what is none of them.
    "    HOSTILE_FAMILY (31 << 26), 0x03ffffff",
    // Conditional branches to registers, returns from interrupts, condition register logic.
    "    HOSTILE_FAMILY (19 << 26), 0x03ffffff",
    // Loads and stores with a displacement, multiple ones among them.
    "    HOSTILE_FAMILY (32 << 26), 0x3fffffff",
    // The same for floating point, then its arithmetic.
    "    HOSTILE_FAMILY (48 << 26), 0x1fffffff",
    "    HOSTILE_FAMILY (59 << 26), 0x13ffffff",
    // Indexed and string accesses, reservations, byte-reversed ones, caches.
    "    HOSTILE_OPERATIONS 20, 23, 55, 87, 119, 151, 150, 183, 215, 247, 279, 311, 343, 375, 407, 439, 533, 534, 597, \
         661, 662, 725, 790, 918, 54, 86, 246, 278, 1014, 982",
    // What is the supervisor's: MSR, special and device registers, the TLB, caches by force.
    "    HOSTILE_OPERATIONS 83, 131, 146, 163, 323, 339, 451, 467, 454, 470, 914, 946, 966, 978",
    "    sc",
    "    b hostile_store",
    "",
    // r3 registers, r4 instruction.
    "hostile_execute:",
    "    stwu    1, -96(1)",
    "    stw     2, 8(1)",
    "    stmw    13, 16(1)",
    "    mflr    0",
    "    stw     0, 100(1)",
    "    mfcr    0",
    "    stw     0, 12(1)",
    "    stw     1, 144(3)",
    "    mtctr   4",
    "    mr      1, 3",
    "    lwz     0, 128(1)",
    "    mtcr    0",
    "    lwz     0, 132(1)",
    "    mtlr    0",
    "    lwz     0, 140(1)",
    "    mtxer   0",
    "    lwz     0, 0(1)",
    "    lmw     2, 8(1)",
    "    bctr",
    "hostile_store:",
    "    lwz     1, 144(1)",
    "    lwz     2, 8(1)",
    "    lmw     13, 16(1)",
    "    lwz     0, 12(1)",
    "    mtcr    0",
    "    lwz     0, 100(1)",
    "    mtlr    0",
    "    addi    1, 1, 96",
    "    blr",
    family = const FAMILY,
    each = const EACH,
);

unsafe extern "C" {
    static hostile_instructions: u8;
    fn hostile_execute(registers: *mut Registers, instruction: usize);
}

/// Loads all registers but r1 and CTR, and executes an instruction by its number.
pub(crate) fn execute(number: u32, registers: &mut Registers) {
    let place = (number % INSTRUCTIONS) as usize * 8;
    // SAFETY: none is needed: whatever becomes of this domain, the kernel keeps it from the others. That is the test.
    unsafe { hostile_execute(registers, (&raw const hostile_instructions).addr() + place) };
}

/// Loads all registers but r1 and CTR, and jumps.
pub(crate) fn jump(address: u32, registers: &mut Registers) {
    // SAFETY: as above.
    unsafe { hostile_execute(registers, address as usize) };
}

/// Says hello to the fault handler, which from then on has the thread start here again and again.
#[unsafe(naked)]
pub(crate) extern "C" fn begin() -> ! {
    naked_asm!(
        "    stwu    1, -32(1)",
        "    bl      2f",
        "2:  mflr    4",
        "    addi    4, 4, 3f - 2b",
        "    mr      5, 1",
        "    lis     3, {hello} >> 16",
        "    ori     3, 3, {hello} & 0xffff",
        "    trap",
        "3:  bl      {steps}",
        "    mr      4, 3",
        "    lis     3, {done} >> 16",
        "    ori     3, 3, {done} & 0xffff",
        "    trap",
        "    b       3b",
        hello = const sign::HELLO,
        done = const sign::DONE,
        steps = sym step::steps,
    )
}
