//! The first instructions on `bamboo`.

/// Defines `_start` for an image whose boot pages are the given constant.
///
/// QEMU enters at the image's physical entry with MSR 0 and two TLB entries of 2 GiB that map every
/// address to itself: entry 0 the lower half, entry 1 the upper half. This code runs under entry 0 until
/// the kernel's own pages are pinned; entry 1 goes first, because the lowest matching entry wins and the
/// kernel's window lies in the upper half. After the jump into the window, entry 0 goes as well, and
/// nothing of the initial translations is left.
#[macro_export]
macro_rules! boot {
    ($boot:expr) => {
        ::core::arch::global_asm!(
            ".section .text.fugue_start, \"ax\", @progbits",
            ".global _start",
            ".type _start, @function",
            "_start:",
            "    li      0, 0",
            "    li      4, 1",
            "    tlbwe   0, 4, 0", // the upper half
            "    isync",
            "    lis     5, {mmucr} >> 16",
            "    ori     5, 5, {mmucr} & 0xffff",
            "    mtspr   946, 5", // MMUCR: STID 0
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
            "    mtctr   5",
            "    bctr",
            ".Lfugue_window:",
            "    li      4, 0",
            "    tlbwe   0, 4, 0", // the lower half
            "    isync",
            "    lis     5, __bss_start@ha",
            "    addi    5, 5, __bss_start@l",
            "    lis     6, __bss_end@ha",
            "    addi    6, 6, __bss_end@l",
            "1:  cmplw   5, 6",
            "    bge     2f",
            "    stw     0, 0(5)",
            "    addi    5, 5, 4",
            "    b       1b",
            "2:  lis     1, __stack_top@ha",
            "    addi    1, 1, __stack_top@l",
            "    stwu    0, -16(1)", // the end of the back chain
            "    stw     1, {stack}(0)",
            "    b       fugue_boot",
            ".size _start, . - _start",
            mmucr = const <$crate::Bamboo as ::kernel::board::Board>::MMUCR,
            text0 = const $boot.text.word0, text1 = const $boot.text.word1, text2 = const $boot.text.word2,
            data0 = const $boot.data.word0, data1 = const $boot.data.word1, data2 = const $boot.data.word2,
            core0 = const $boot.core.word0, core1 = const $boot.core.word1, core2 = const $boot.core.word2,
            stack = const ::kernel::arch::STACK_FIELD,
        );
    };
}
