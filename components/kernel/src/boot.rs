//! What the first instructions on every 440-family board share.

/// Defines `_start`, entered at its *physical* address under translations that the firmware left.
///
/// `before` runs first, in the firmware's translations. It must leave MMUCR\[STID\] 0, drop what covers
/// the kernel's window and the last three slots, and keep r10; interrupts are off. Then the kernel's text,
/// data and core page are pinned in slots 63, 62 and 61, and the code goes on in the kernel's window with
/// MSR 0. `inside` drops the rest of the firmware's translations (r0 holds 0). Then `.bss` is cleared,
/// and the kernel starts on its stack.
#[doc(hidden)]
#[macro_export]
macro_rules! boot {
    (boot: $boot:expr, board: $board:ty, before: [$($before:literal,)*], inside: [$($inside:literal,)*] $(,)?) => {
        ::core::arch::global_asm!(
            ".section .text.fugue_start, \"ax\", @progbits",
            ".global _start",
            ".type _start, @function",
            "_start:",
            "    li      0, 0",
            "    lis     5, {mmucr} >> 16",
            "    ori     5, 5, {mmucr} & 0xffff",
            "    mtspr   946, 5", // MMUCR
            $($before,)*
            ".macro FUGUE_PIN slot, w0, w1, w2",
            "    li      4, \\slot",
            "    lis     5, (\\w0) >> 16",
            "    ori     5, 5, (\\w0) & 0xffff",
            "    lis     6, (\\w1) >> 16",
            "    ori     6, 6, (\\w1) & 0xffff",
            "    lis     7, (\\w2) >> 16",
            "    ori     7, 7, (\\w2) & 0xffff",
            "    tlbwe   0, 4, 0",
            "    tlbwe   6, 4, 1",
            "    .long   0x7CE417A4", // tlbwe 7, 4, 2: LLVM 22 drops the upper bit of the word's number
            "    tlbwe   5, 4, 0",
            ".endm",
            "    FUGUE_PIN 63, {text0}, {text1}, {text2}",
            "    FUGUE_PIN 62, {data0}, {data1}, {data2}",
            "    FUGUE_PIN 61, {core0}, {core1}, {core2}",
            "    isync",
            "    lis     5, .Lfugue_window@ha",
            "    addi    5, 5, .Lfugue_window@l",
            "    mtspr   26, 5", // SRR0
            "    mtspr   27, 0", // SRR1
            "    rfi",
            ".Lfugue_window:",
            $($inside,)*
            "    isync",
            "    lis     5, __bss_start@ha",
            "    addi    5, 5, __bss_start@l",
            "    lis     6, __bss_end@ha",
            "    addi    6, 6, __bss_end@l",
            "8:  cmplw   5, 6",
            "    bge     9f",
            "    stw     0, 0(5)",
            "    addi    5, 5, 4",
            "    b       8b",
            "9:  lis     1, __stack_top@ha",
            "    addi    1, 1, __stack_top@l",
            "    stwu    0, -16(1)", // the end of the back chain
            "    stw     1, {stack}(0)",
            "    b       fugue_boot",
            ".size _start, . - _start",
            mmucr = const <$board as $crate::board::Board>::MMUCR,
            text0 = const $boot.text.word0, text1 = const $boot.text.word1, text2 = const $boot.text.word2,
            data0 = const $boot.data.word0, data1 = const $boot.data.word1, data2 = const $boot.data.word2,
            core0 = const $boot.core.word0, core1 = const $boot.core.word1, core2 = const $boot.core.word2,
            stack = const $crate::arch::STACK_FIELD,
        );
    };
}
