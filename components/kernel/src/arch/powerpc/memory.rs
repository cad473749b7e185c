//! Copying and filling memory, where the compiler does it by a call.
//!
//! The compiler's own functions are made for speed with any length and alignment, and take a fortieth of the kernel's
//! text. What the kernel moves by a call are whole, aligned words, outside of every path that counts.
#![expect(unsafe_code, reason = "assembly")]

use core::arch::global_asm;

global_asm!(
    ".section .text.fugue_memory, \"ax\", @progbits",
    ".global memcpy",
    ".type memcpy, @function",
    "memcpy:",
    "    cmpwi   5, 0",
    "    or      6, 3, 4",
    "    or      6, 6, 5",
    "    mr      7, 3",
    "    beqlr",
    "    andi.   6, 6, 3",
    "    bne     2f",
    "    srwi    5, 5, 2",
    "    addi    7, 7, -4",
    "    addi    4, 4, -4",
    "    mtctr   5",
    "1:  lwzu    6, 4(4)",
    "    stwu    6, 4(7)",
    "    bdnz    1b",
    "    blr",
    "2:  mtctr   5",
    "    addi    7, 7, -1",
    "    addi    4, 4, -1",
    "3:  lbzu    6, 1(4)",
    "    stbu    6, 1(7)",
    "    bdnz    3b",
    "    blr",
    ".size memcpy, . - memcpy",
    "",
    ".global memset",
    ".type memset, @function",
    "memset:",
    "    cmpwi   5, 0",
    "    addi    7, 3, -1",
    "    beqlr",
    "    mtctr   5",
    "4:  stbu    4, 1(7)",
    "    bdnz    4b",
    "    blr",
    ".size memset, . - memset",
);
