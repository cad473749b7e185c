//! The guest: a flat program at guest-physical 0, which its first entry maps at 0.
//!
//! `mtdcr n, rN` says something: step n, a value. What it says is in the order of the steps, and a native 440 would say
//! the same; where QEMU's differs from the manual, the manual is right.
#![expect(unsafe_code, reason = "assembly")]

use core::arch::global_asm;

unsafe extern "C" {
    static hypervisor_guest: u8;
    static hypervisor_guest_end: u8;
}

/// The guest's bytes.
pub(crate) fn bytes() -> &'static [u8] {
    let first = &raw const hypervisor_guest;
    let bytes = (&raw const hypervisor_guest_end).addr() - first.addr();
    // SAFETY: the two labels stand around constants in the program's own memory.
    unsafe { core::slice::from_raw_parts(first, bytes) }
}

global_asm!(
    ".macro SAY step, register",
    "    mtdcr   \\step, \\register",
    ".endm",
    // What a handler found, then on with the next instruction.
    ".macro HANDLER number, step",
    "    .org    hypervisor_guest + 0x1000 + 0x100 * \\number",
    "    mfspr   25, 26", // SRR0
    "    mfspr   26, 27", // SRR1
    "    mfspr   27, 62", // ESR
    "    mfspr   28, 61", // DEAR
    "    SAY     \\step, 25",
    "    SAY     \\step + 1, 26",
    "    SAY     \\step + 2, 27",
    "    SAY     \\step + 3, 28",
    ".endm",
    ".macro SKIP",
    "    addi    25, 25, 4",
    "    mtspr   26, 25",
    "    rfi",
    ".endm",
    "",
    ".section .rodata.hypervisor_guest, \"a\", @progbits",
    ".balign 16",
    "hypervisor_guest:",
    // Registers.
    "    mfmsr   3",
    "    SAY     1, 3",
    "    mfspr   3, 287", // PVR
    "    SAY     2, 3",
    "    lis     4, 0x1234",
    "    ori     4, 4, 0x5678",
    "    mtspr   272, 4", // SPRG0
    "    mtspr   276, 4", // SPRG4
    "    mfspr   5, 272",
    "    SAY     3, 5",
    "    mfspr   5, 260", // SPRG4, which user state reads as well
    "    SAY     4, 5",
    "    mtspr   256, 4", // USPRG0
    "    mfspr   5, 256",
    "    SAY     5, 5",
    // Vectors.
    "    li      3, 0",
    "    mtspr   63, 3", // IVPR
    ".irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15",
    "    li      3, 0x1000 + 0x100 * \\number",
    "    mtspr   400 + \\number, 3",
    ".endr",
    // MSR.
    "    lis     3, 0x0002",
    "    ori     3, 3, 0x1200", // CE, ME, DE
    "    mtmsr   3",
    "    mfmsr   3",
    "    SAY     6, 3",
    "    wrteei  1",
    "    mfmsr   3",
    "    SAY     7, 3",
    "    wrteei  0",
    "    mfmsr   3",
    "    SAY     8, 3",
    // A page for user and supervisor at 0x10000000, which is the guest's 0x5000.
    "    li      4, 1",
    "    li      3, 0",
    "    mtspr   946, 3", // MMUCR
    "    lis     3, 0x1000",
    "    ori     3, 3, 0x210", // valid, 4 KiB
    "    tlbwe   3, 4, 0",
    "    li      3, 0x5000",
    "    tlbwe   3, 4, 1",
    "    li      3, 0x3F",
    "    .long   0x7C6417A4", // tlbwe 3, 4, 2
    "    tlbre   3, 4, 0",
    "    SAY     9, 3",
    "    lis     5, 0x1000",
    "    tlbsx   6, 0, 5",
    "    SAY     10, 6",
    "    li      6, 0x77",
    "    stw     6, 0x80(5)",
    "    li      7, 0x5000",
    "    lwz     6, 0x80(7)",
    "    SAY     11, 6",
    // A load and a store without an entry, then a load that stays away from RAM.
    "    lis     5, 0x2000",
    "    lwz     6, 4(5)",
    "    stw     6, 8(5)",
    // A system call, a trap, an illegal and an unaligned instruction.
    "    sc",
    "    trap",
    "    .long   0",
    "    li      7, 0x5002",
    "    lwarx   6, 0, 7",
    // User state: in the page at 0x10000000.
    "    lis     5, 0x1000",
    "    lis     6, (hypervisor_user - hypervisor_guest)@ha",
    "    addi    6, 6, (hypervisor_user - hypervisor_guest)@l",
    "    li      7, 5",
    "    mtctr   7",
    "    addi    8, 5, -4",
    "    addi    6, 6, -4",
    "1:  lwzu    7, 4(6)",
    "    stwu    7, 4(8)",
    "    dcbst   0, 8",
    "    msync",
    "    icbi    0, 8",
    "    bdnz    1b",
    "    isync",
    "    mtspr   26, 5",
    "    li      3, 0x4000", // PR
    "    mtspr   27, 3",
    "    rfi",
    // From the handler of the last user instruction, in supervisor state again.
    "hypervisor_back:",
    // Floating point: unavailable, then 1.5 + 1.5.
    "    .long   0xC8000000 | 1 << 21 | 5 << 16", // lfd 1, 0(5): the handler enables it and repeats
    "    .long   0xFC21082A",                     // fadd 1, 1, 1
    "    .long   0xD8000000 | 1 << 21 | 5 << 16 | 8", // stfd 1, 8(5)
    "    lwz     6, 8(5)",
    "    SAY     12, 6",
    // The decrementer, waited for in a loop.
    "    lis     3, 0x0400", // DIE
    "    mtspr   340, 3",    // TCR
    "    li      20, 0",
    "    li      3, 10000",
    "    mfspr   21, 268", // TBL
    "    mtspr   22, 3",   // DEC
    "    wrteei  1",
    "2:  cmpwi   20, 1",
    "    bne     2b",
    "    wrteei  0",
    // The same, waited for by MSR[WE].
    "    lis     3, 0x0001",
    "    mfspr   21, 268",
    "    mtspr   22, 3",
    "    lis     3, 0x0004",
    "    ori     3, 3, 0x8000",
    "    mtmsr   3",
    "    cmpwi   20, 2",
    "    mfcr    3",
    "    SAY     13, 3",
    // A device at 0x30000000.
    "    li      4, 2",
    "    lis     3, 0x3000",
    "    ori     3, 3, 0x210",
    "    tlbwe   3, 4, 0",
    "    lis     3, 0xEF60",
    "    tlbwe   3, 4, 1",
    "    li      3, 0x503",
    "    .long   0x7C6417A4",
    "    lis     5, 0x3000",
    "    li      6, 0x41",
    "    stb     6, 0x300(5)",
    "    lbz     6, 0x305(5)",
    "    SAY     14, 6",
    // Linux's flush loop over entries 0 to 62, behind another entry for what entry 0 maps.
    "    li      4, 63",
    "    li      3, 0",
    "    tlbwe   3, 4, 1",
    "    li      3, 7",
    "    .long   0x7C6417A4",
    "    li      3, 0x290",
    "    tlbwe   3, 4, 0",
    "    li      3, 0",
    "    li      4, 62",
    "3:  tlbwe   3, 3, 0",
    "    addi    3, 3, 1",
    "    cmpw    3, 4",
    "    ble     3b",
    "    mfcr    5",
    "    SAY     15, 3",
    "    rlwinm  5, 5, 4, 28, 31",
    "    SAY     16, 5",
    "    tlbre   5, 3, 0",
    "    SAY     17, 5",
    "    tlbre   5, 4, 0",
    "    SAY     18, 5",
    "    li      4, 2",
    "    tlbre   5, 4, 1",
    "    SAY     19, 5",
    // The end.
    "    lis     3, 0x3000",
    "    mtspr   308, 3", // DBCR0[RST]: system
    "    b       .",
    "",
    // In user state.
    "hypervisor_user:",
    "    mfspr   9, 260", // SPRG4
    "    mfmsr   10",
    "    sc",
    "    mfspr   10, 287", // PVR
    "    b       .",
    "",
    "    HANDLER 2, 0x120", // data storage
    "    SKIP",
    "    HANDLER 3, 0x130", // instruction storage
    "    SKIP",
    "    HANDLER 4, 0x140", // external
    "    rfi",
    "    HANDLER 5, 0x150", // alignment
    "    SKIP",
    "    HANDLER 6, 0x160", // program
    "    andi.   26, 26, 0x4000",
    "    lis     26, 0x1000",
    "    addi    26, 26, 12",
    "    cmpw    1, 25, 26",
    "    bne     1, 4f",
    // The last of user state.
    "    li      26, hypervisor_back - hypervisor_guest",
    "    mtspr   26, 26",
    "    li      26, 0",
    "    mtspr   27, 26",
    "    lis     26, 0x3FF8", // 1.5
    "    lis     5, 0x1000",
    "    stw     26, 0(5)",
    "    li      26, 0",
    "    stw     26, 4(5)",
    "    rfi",
    "4:  SKIP",
    "    HANDLER 7, 0x170", // floating point unavailable
    "    ori     26, 26, 0x2000",
    "    mtspr   27, 26",
    "    rfi",
    "    HANDLER 8, 0x180", // system call
    "    rfi",
    "    .org    hypervisor_guest + 0x1000 + 0x100 * 10", // decrementer
    "    mfspr   25, 268",
    "    sub     25, 25, 21",
    "    lis     26, 0x0800",
    "    mtspr   336, 26", // TSR[DIS]
    "    addi    20, 20, 1",
    "    SAY     0x1A0, 20",
    "    mfspr   26, 27",
    "    rlwinm  26, 26, 0, 14, 12", // without WE
    "    mtspr   27, 26",
    "    rfi",
    "    HANDLER 13, 0x1D0", // data TLB
    "    SKIP",
    "    HANDLER 14, 0x1E0", // instruction TLB
    "    b       .",
    "    .org    hypervisor_guest + 0x2000",
    "hypervisor_guest_end:",
    ".text",
);
