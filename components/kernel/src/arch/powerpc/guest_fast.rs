//! What a guest does most, without a frame: moves from and to MSR and special-purpose registers, changes of MSR\[EE\],
//! returns from interrupts, system calls, writes of its TLB, and what comes of its misses.
//!
//! Everything else goes on to the monitor or, if it is the TLB's, to the general path, with the registers as the guest left
//! them: another instruction, one of user state, of space 1 or of a single step, a change of EE that lets in an interrupt
//! that waits, an instruction that cannot be read. Behind a move of a special-purpose register, the next words are looked at:
//! another such move is done in the same trap, and an `rfi` or, behind `mfmsr`, a `wrteei`.
//!
//! Eight registers are saved. What an instruction does with a register of the guest's stands once for each of the 32, eight
//! bytes apart, and the instruction's field leads there through CTR: a *row*. Of each special-purpose register there are two
//! rows, reads and writes, and a table that leads to them.
//!
//! | register   | holds                                                             |
//! |------------|-------------------------------------------------------------------|
//! | r0 to r23  | the guest's own                                                   |
//! | r24        | CR                                                                |
//! | r25        | the instruction's address                                         |
//! | r26        | what is needed for a moment                                       |
//! | r27        | the instruction's opcodes, then CTR                               |
//! | r28        | the instruction                                                   |
//! | r29 to r31 | the three behind it; r31 the guest's MSR                          |
#![expect(unsafe_code, reason = "names what the assembly defines")]

use super::assembly::text;

// SAFETY: the assembly below defines them, as long as that, and nobody writes text.
unsafe extern "C" {
    /// Two rows of each special-purpose register, reads before writes: first those of a register that is not moved here.
    safe static fugue_guest_moves: [[u8; 512]; 1 + MOVED.len()];
}

/// The special-purpose registers that are moved here: SPRG0 to 7, SRR0 and 1, DEAR, ESR, PID, MMUCR.
const MOVED: [usize; 14] = [272, 273, 274, 275, 276, 277, 278, 279, 26, 27, 61, 62, 48, 946];

/// The rows of each special-purpose register, by its number as the instruction holds it, with swapped halves.
pub(super) static MOVES: [&[u8; 512]; 1024] = {
    let mut table = [&fugue_guest_moves[0]; 1024];
    let mut index = 0;
    while index < MOVED.len() {
        table[(MOVED[index] & 31) << 5 | MOVED[index] >> 5] = &fugue_guest_moves[index + 1];
        index += 1;
    }
    table
};

text! { guest_fast_text:
    ".macro FUGUE_COUNT counter, step=1",
    "    lwz     26, VcpuState.counters.\\counter(0)",
    "    addi    26, 26, \\step",
    "    stw     26, VcpuState.counters.\\counter(0)",
    ".endm",
    // To the guest's instruction at r25.
    ".macro FUGUE_FAST_NEXT",
    "    mtspr   26, 25", // SRR0; SRR1 is the guest's MSR but for what rfi ignores
    "    mtcr    24",
    "    lmw     24, VcpuState.gpr + 96(0)",
    "    rfi",
    ".endm",
    // Goes through a row, by a field of an instruction, rotated to bits 24 to 28: 14 for the first, 19 for the second, 24 for
    // the third. CTR and r26 are lost.
    ".macro FUGUE_ROW word, rotation",
    "    rlwinm  26, \\word, \\rotation, 24, 28",
    "    addis   26, 26, .Lrow\\@@ha",
    "    addi    26, 26, .Lrow\\@@l",
    "    mtctr   26",
    "    bctr",
    ".Lrow\\@:",
    ".endm",
    ".macro FUGUE_READ target, word, rotation",
    "    FUGUE_ROW \\word, \\rotation",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    mr      \\target, \\register",
    "    b       .Lread\\@",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    lwz     \\target, VcpuState.gpr + 4 * \\register(0)",
    "    b       .Lread\\@",
    ".endr",
    ".Lread\\@:",
    ".endm",
    ".macro FUGUE_WRITE source, word, rotation",
    "    FUGUE_ROW \\word, \\rotation",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    mr      \\register, \\source",
    "    b       .Lwritten\\@",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    stw     \\source, VcpuState.gpr + 4 * \\register(0)",
    "    b       .Lwritten\\@",
    ".endr",
    ".Lwritten\\@:",
    ".endm",
    // The rows of a special-purpose register: a write of a special one does more than to store.
    ".macro FUGUE_MOVES name, place, special=0",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    lwz     \\register, \\place(0)",
    "    b       .Lfast_moved",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    lwz     26, \\place(0)",
    "    b       .Lfast_to_\\register",
    ".endr",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    .if \\special",
    "    mr      26, \\register",
    "    b       .Lfast_put_\\name",
    "    .else",
    "    stw     \\register, \\place(0)",
    "    b       .Lfast_moved",
    "    .endif",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    lwz     26, VcpuState.gpr + 4 * \\register(0)",
    "    b       .Lfast_put_\\name",
    ".endr",
    ".endm",
    ".macro FUGUE_PUT name, place",
    ".Lfast_put_\\name:",
    "    stw     26, \\place(0)",
    "    b       .Lfast_moved",
    ".endm",
    "",
    ".section .guest_vectors.fast, \"ax\", @progbits",
    ".balign 512",
    ".global fugue_guest_moves",
    "fugue_guest_moves:",
    ".rept 128",
    "    b       .Lfast_unknown",
    ".endr",
    ".irp number, 0, 1, 2, 3",
    "    FUGUE_MOVES SPRG\\number, VcpuState.sprg+4*\\number",
    ".endr",
    ".irp number, 4, 5, 6, 7",
    "    FUGUE_MOVES SPRG\\number, VcpuState.sprg+4*\\number, 1",
    ".endr",
    "    FUGUE_MOVES SRR0, VcpuState.srr",
    "    FUGUE_MOVES SRR1, VcpuState.srr+4",
    "    FUGUE_MOVES DEAR, VcpuState.dear",
    "    FUGUE_MOVES ESR, VcpuState.esr",
    "    FUGUE_MOVES PID, VcpuState.pid, 1",
    "    FUGUE_MOVES MMUCR, VcpuState.mmucr, 1",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    ".Lfast_to_\\register:",
    "    stw     26, VcpuState.gpr + 4 * \\register(0)",
    "    b       .Lfast_moved",
    ".endr",
    ".irp number, 0, 1, 2, 3",
    "    FUGUE_PUT SPRG\\number, VcpuState.sprg+4*\\number",
    ".endr",
    "    FUGUE_PUT SRR0, VcpuState.srr",
    "    FUGUE_PUT SRR1, VcpuState.srr+4",
    "    FUGUE_PUT DEAR, VcpuState.dear",
    "    FUGUE_PUT ESR, VcpuState.esr",
    ".irp number, 4, 5, 6, 7", // which user state reads from the hardware
    ".Lfast_put_SPRG\\number:",
    "    mtspr   272 + \\number, 26",
    "    stw     26, VcpuState.sprg + 4 * \\number(0)",
    "    b       .Lfast_moved",
    ".endr",
    ".Lfast_put_MMUCR:",
    "    lis     28, vcpu.MMUCR >> 16",
    "    ori     28, 28, vcpu.MMUCR & 0xFFFF",
    "    and     26, 26, 28",
    "    stw     26, VcpuState.mmucr(0)",
    "    b       .Lfast_moved",
    // Another context, if it has its hardware PID: nothing is dropped. What follows may lie elsewhere.
    ".Lfast_put_PID:",
    "    lwz     28, GuestCore.vcpu(0)",
    "    rlwimi  28, 26, 1, 23, 30",
    "    rlwinm  29, 26, 0, 24, 31",
    "    lhz     26, Vcpu.contexts.plain(28)",
    "    cmplwi  0, 26, 0x100",
    "    blt     0, .Lfast_unknown",
    "    stw     29, VcpuState.pid(0)",
    "    stw     29, GuestCore.entered(0)",
    "    rlwinm  29, 26, 0, 24, 31",
    "    srwi    26, 26, 8",
    "    stw     29, GuestCore.pids + 4(0)",
    "    stw     26, GuestCore.pids(0)",
    "    mtspr   48, 26",
    "    FUGUE_COUNT Pid",
    "    addi    25, 25, 4",
    "    b       .Lfast_done",
    // Not a register of this path. Behind another one, it may be no privileged instruction at all.
    ".Lfast_unknown:",
    "    mfspr   26, 26",
    "    mtctr   27",
    "    cmpw    0, 26, 25",
    "    beq     0, fugue_guest_program_left",
    "    FUGUE_COUNT Adjacent, -1",
    "    b       .Lfast_next",
    "",
    ".global fugue_guest_program",
    "fugue_guest_program:",
    "    mfspr   25, 26", // SRR0
    "    FUGUE_FETCH lmw, 28, 0(25)",
    "    mfspr   26, 48", // PID
    "    lwz     27, GuestCore.pids(0)",
    "    cmpw    0, 26, 27", // neither user state nor space 1, nor a single step
    "    rlwinm  27, 28, 6, 15, 31",
    "    bne     0, fugue_guest_program_left",
    "    cmplwi  5, 27, 339 << 7 | 31", // mfspr
    "    cmplwi  6, 27, 467 << 7 | 31", // mtspr
    "    beq     5, .Lfast_first_mfspr",
    "    bne     6, .Lfast_other",
    "    mfctr   27",
    ".Lfast_mtspr:",
    "    rlwinm  26, 28, 23, 20, 29",
    "    addis   26, 26, {moves}@ha",
    "    lwz     26, {moves}@l(26)",
    "    rlwimi  26, 28, 14, 23, 28", // before the register is a bit of the opcode, which is set: the second row
    "    mtctr   26",
    "    bctr",
    ".Lfast_first_mfspr:",
    "    mfctr   27",
    ".Lfast_mfspr:",
    "    rlwinm  26, 28, 23, 20, 29",
    "    addis   26, 26, {moves}@ha",
    "    lwz     26, {moves}@l(26)",
    "    rlwimi  26, 28, 14, 24, 28",
    "    mtctr   26",
    "    bctr",
    ".Lfast_moved:",
    "    FUGUE_COUNT Spr",
    "    rlwinm  26, 29, 6, 15, 31",
    "    addi    25, 25, 4",
    "    cmplwi  5, 26, 339 << 7 | 31",
    "    cmplwi  6, 26, 467 << 7 | 31",
    "    cmplwi  7, 26, 50 << 7 | 19", // rfi
    "    beq     5, .Lfast_adjacent",
    "    beq     6, .Lfast_adjacent",
    "    beq     7, .Lfast_adjacent",
    ".Lfast_done:",
    "    mtctr   27",
    ".Lfast_next:",
    "    FUGUE_FAST_NEXT",
    "",
    // Never across a page.
    ".Lfast_adjacent:",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_done",
    "    FUGUE_COUNT Adjacent",
    "    beq     7, 1f",
    "    mr      28, 29",
    "    mr      29, 30",
    "    mr      30, 31",
    "    li      31, 0",
    "    bne     5, .Lfast_mtspr",
    "    b       .Lfast_mfspr",
    "1:  mtctr   27",
    "    lwz     31, VcpuState.msr(0)",
    "    b       .Lfast_rfi",
    "",
    ".Lfast_other:",
    "    xoris   26, 27, 1",
    "    rlwimi  26, 28, 6, 10, 12", // a word of an entry, of which there are three
    "    cmplwi  7, 26, (978 << 7 | 31) & 0xFFFF",
    "    beq     7, .Lfast_tlbwe",
    "    lwz     31, VcpuState.msr(0)",
    "    cmplwi  0, 27, 163 << 7 | 31", // wrteei
    "    cmplwi  1, 27, 83 << 7 | 31", // mfmsr
    "    beq     0, .Lfast_wrteei",
    "    beq     1, .Lfast_mfmsr",
    "    cmplwi  5, 27, 131 << 7 | 31", // wrtee
    "    cmplwi  6, 27, 146 << 7 | 31", // mtmsr
    "    cmplwi  0, 27, 50 << 7 | 19", // rfi
    "    beq     0, .Lfast_rfi",
    "    cror    22, 22, 26",
    "    bne     5, fugue_guest_program_left",
    "    mfctr   30",
    "    FUGUE_READ 27, 28, 14",
    "    mtctr   30",
    "    bne     6, .Lfast_wrtee",
    // mtmsr: EE and what is only kept may change.
    "    rlwinm  26, 27, 0, 13, 27",
    "    xor     29, 26, 31",
    "    andi.   30, 29, msr.EE | msr.ME | 0x0400", // DWE
    "    cmpw    0, 30, 29",
    "    bne     0, fugue_guest_program_left",
    "    rlwimi  31, 26, 0, 19, 23",
    "    b       .Lfast_wrtee",
    // Its bit stands in the instruction where it stands in MSR.
    ".Lfast_wrteei:",
    "    mr      27, 28",
    ".Lfast_wrtee:",
    "    andi.   26, 27, msr.EE",
    "    lwz     26, VcpuState.waits(0)",
    "    beq     0, 1f",
    "    cmpwi   0, 26, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  rlwimi  31, 27, 0, 16, 16",
    "    stw     31, VcpuState.msr(0)",
    "    FUGUE_COUNT Msr",
    "    addi    25, 25, 4",
    "    FUGUE_FAST_NEXT",
    "",
    ".Lfast_mfmsr:",
    "    mfctr   27",
    "    FUGUE_WRITE 31, 28, 14",
    "    mtctr   27",
    "    FUGUE_COUNT Msr",
    "    addi    25, 25, 4",
    "    xoris   26, 29, 0x7C00",
    "    cmplwi  0, 26, 2 * 163", // wrteei 0
    "    bne     0, .Lfast_next",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_next",
    "    FUGUE_COUNT Adjacent",
    "    li      27, 0",
    "    b       .Lfast_wrtee",
    "",
    // Nothing but EE, PR, FP and what is only kept may change, and nothing may wait for EE. With debug events
    // the guest goes on the general way.
    ".Lfast_rfi:",
    "    lwz     27, VcpuState.srr + 4(0)",
    "    rlwinm  26, 27, 0, 13, 27", // what the 440 keeps of MSR lies between
    "    xor     29, 26, 31",
    "    rlwinm  29, 29, 0, 24, 15",
    "    rlwimi. 29, 26, 0, 21, 22", // DWE and DE of the new MSR
    "    rlwimi  31, 26, 0, 16, 23",
    "    rlwinm  29, 27, 20, 29, 29", // PR, as a place in the core page
    "    bne     0, fugue_guest_program_left",
    "    andi.   26, 31, msr.EE",
    "    lwz     29, GuestCore.pids(29)",
    "    lwz     26, VcpuState.waits(0)",
    "    beq     0, 1f",
    "    cmpwi   0, 26, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  cmpwi   0, 29, 0",
    "    lwz     26, CorePage.current(0)",
    "    beq     0, fugue_guest_program_left",
    "    lwz     25, VcpuState.srr(0)",
    "    lwz     26, Thread.fixed.msr(26)",
    "    mfspr   30, 48", // PID
    "    and     26, 26, 31", // FP, if the registers are the thread's and the guest may use them
    "    cmpw    0, 30, 29",
    "    mfspr   27, 27", // SRR1
    "    rlwinm  25, 25, 0, 0, 29",
    "    rlwimi  27, 26, 0, 18, 18",
    "    stw     31, VcpuState.msr(0)",
    "    rlwimi  27, 31, 0, 20, 23", // FE0 and FE1
    "    mtspr   27, 27",
    "    beq     0, 2f",
    "    mtspr   48, 29",
    "2:  FUGUE_COUNT Return",
    "    FUGUE_FAST_NEXT",
    "",
}
