//! What a guest does most, without a frame: moves from and to MSR and special-purpose registers, changes of MSR\[EE\],
//! returns from interrupts, system calls, writes of its TLB, and what comes of its misses.
//!
//! Everything else goes on to the monitor or, if it is the TLB's, to the general path, with the registers as the guest left
//! them: another instruction, one of user state, of space 1 or of a single step, a change of EE that lets in an interrupt
//! that waits, an instruction that cannot be read. Behind a move of a special-purpose register, the next words are looked at: another such move
//! is done in the same trap, and an `rfi` or, behind `mfmsr`, a `wrteei`.
//!
//! The guest's general registers are in the state page meanwhile: one instruction saves them, and an operand is a word there.
//!
//! | register   | holds                                                             |
//! |------------|-------------------------------------------------------------------|
//! | r22        | the guest's MSR                                                   |
//! | r23        | where the page holds the instruction's first register             |
//! | r24        | CR                                                                |
//! | r25        | the instruction's address                                         |
//! | r26        | what is needed for a moment                                       |
//! | r27        | the instruction's opcodes, then the value that moves              |
//! | r28        | the instruction                                                   |
//! | r29 to r31 | the three behind it                                               |

use super::assembly::text;
use crate::arch::VCPU_PAGE;
use abi::vcpu::VcpuState;
use core::mem::offset_of;

/// The special-purpose registers that are moved here, by their number as the instruction holds it, with swapped halves:
/// their place in the state page, which is negative, and 0 for all others.
pub(super) static PLACES: [i16; 1024] = {
    let mut table = [0; 1024];
    let mut index = 0;
    while index < 8 {
        table[swapped(272 + index)] = place(offset_of!(VcpuState, sprg) + 4 * index);
        index += 1;
    }
    table[swapped(26)] = place(offset_of!(VcpuState, srr));
    table[swapped(27)] = place(offset_of!(VcpuState, srr)) + 4;
    table[swapped(48)] = place(offset_of!(VcpuState, pid));
    table[swapped(61)] = place(offset_of!(VcpuState, dear));
    table[swapped(62)] = place(offset_of!(VcpuState, esr));
    table[swapped(946)] = place(offset_of!(VcpuState, mmucr));
    table
};

const fn swapped(number: usize) -> usize {
    (number & 31) << 5 | number >> 5
}

const fn place(offset: usize) -> i16 {
    (VCPU_PAGE as usize + offset) as i16
}

text! { guest_fast_text:
    ".macro FUGUE_COUNT counter, step=1",
    "    lwz     26, VcpuState.counters.\\counter(0)",
    "    addi    26, 26, \\step",
    "    stw     26, VcpuState.counters.\\counter(0)",
    ".endm",
    "",
    ".section .guest_vectors.fast, \"ax\", @progbits",
    ".balign 16",
    ".global fugue_guest_program",
    "fugue_guest_program:",
    "    mfspr   25, 26", // SRR0
    "    FUGUE_FETCH lmw, 28, 0(25)",
    "    mfspr   26, 48", // PID
    "    lwz     27, GuestCore.pids(0)",
    "    rlwinm  23, 28, 13, 25, 29",
    "    cmpw    0, 26, 27", // neither user state nor space 1, nor a single step
    "    rlwinm  27, 28, 6, 15, 31",
    "    bne     0, fugue_guest_program_left",
    "    cmplwi  5, 27, 339 << 7 | 31", // mfspr
    "    cmplwi  6, 27, 467 << 7 | 31", // mtspr
    "    beq     5, .Lfast_mfspr",
    "    bne     6, .Lfast_other",
    ".Lfast_mtspr:",
    "    rlwinm  26, 28, 22, 21, 30",
    "    addis   26, 26, {places}@ha",
    "    lha     26, {places}@l(26)",
    "    lwz     27, VcpuState.gpr(23)",
    "    cmpwi   0, 26, VcpuState.pid", // of the others, a write does nothing more than to store
    "    bge     0, .Lfast_special",
    "    stw     27, 0(26)",
    "    rlwinm  26, 26, 28, 20, 31",
    "    cmplwi  0, 26, (VcpuState.sprg + 16) >> 4 & 0xFFF",
    "    bne     0, .Lfast_moved",
    ".irp number, 4, 5, 6, 7", // which user state reads from the hardware
    "    lwz     26, VcpuState.sprg + 4 * \\number(0)",
    "    mtspr   272 + \\number, 26",
    ".endr",
    ".Lfast_moved:",
    "    FUGUE_COUNT Spr",
    "    rlwinm  27, 29, 6, 15, 31",
    "    addi    25, 25, 4",
    "    cmplwi  5, 27, 339 << 7 | 31",
    "    cmplwi  6, 27, 467 << 7 | 31",
    "    cmplwi  7, 27, 50 << 7 | 19", // rfi
    "    beq     5, .Lfast_adjacent",
    "    beq     6, .Lfast_adjacent",
    "    bne     7, .Lfast_next",
    // Never across a page.
    ".Lfast_adjacent:",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_next",
    "    FUGUE_COUNT Adjacent",
    "    bne     7, 1f",
    "    lwz     22, VcpuState.msr(0)",
    "    b       .Lfast_rfi",
    "1:  rlwinm  23, 29, 13, 25, 29",
    "    mr      28, 29",
    "    mr      29, 30",
    "    mr      30, 31",
    "    li      31, 0",
    "    bne     5, .Lfast_mtspr",
    ".Lfast_mfspr:",
    "    rlwinm  26, 28, 22, 21, 30",
    "    addis   26, 26, {places}@ha",
    "    lha     26, {places}@l(26)",
    "    cmpwi   0, 26, 0",
    "    beq     0, .Lfast_unknown",
    "    lwz     27, 0(26)",
    "    stw     27, VcpuState.gpr(23)",
    "    b       .Lfast_moved",
    "",
    ".Lfast_special:",
    "    cmpwi   0, 26, VcpuState.mmucr",
    "    cmpwi   1, 26, VcpuState.pid",
    "    bne     0, 1f",
    "    lis     26, vcpu.MMUCR >> 16",
    "    ori     26, 26, vcpu.MMUCR & 0xFFFF",
    "    and     27, 27, 26",
    "    stw     27, VcpuState.mmucr(0)",
    "    b       .Lfast_moved",
    // Another context, if it has its hardware PID: nothing is dropped. What follows may lie elsewhere.
    "1:  bne     1, .Lfast_unknown",
    "    lwz     26, GuestCore.vcpu(0)",
    "    rlwimi  26, 27, 1, 23, 30",
    "    rlwinm  27, 27, 0, 24, 31",
    "    lhz     26, Vcpu.contexts.plain(26)",
    "    cmplwi  0, 26, 0x100",
    "    blt     0, .Lfast_unknown",
    "    stw     27, VcpuState.pid(0)",
    "    stw     27, GuestCore.entered(0)",
    "    rlwinm  27, 26, 0, 24, 31",
    "    srwi    26, 26, 8",
    "    stw     27, GuestCore.pids + 4(0)",
    "    stw     26, GuestCore.pids(0)",
    "    mtspr   48, 26",
    "    FUGUE_COUNT Pid",
    "    addi    25, 25, 4",
    "    b       .Lfast_next",
    // Not a register of this path. Behind another one, it may be no privileged instruction at all.
    ".Lfast_unknown:",
    "    mfspr   26, 26",
    "    cmpw    0, 26, 25",
    "    beq     0, fugue_guest_program_left",
    "    FUGUE_COUNT Adjacent, -1",
    "    b       .Lfast_next",
    "",
    ".Lfast_other:",
    "    xoris   26, 27, 1",
    "    lwz     22, VcpuState.msr(0)",
    "    cmplwi  0, 27, 163 << 7 | 31", // wrteei
    "    cmplwi  7, 26, (978 << 7 | 31) & 0xFFFF", // tlbwe
    "    cmplwi  1, 27, 83 << 7 | 31", // mfmsr
    "    beq     7, .Lfast_tlbwe",
    "    beq     0, .Lfast_wrteei",
    "    beq     1, .Lfast_mfmsr",
    "    cmplwi  5, 27, 131 << 7 | 31", // wrtee
    "    cmplwi  6, 27, 146 << 7 | 31", // mtmsr
    "    cmplwi  0, 27, 50 << 7 | 19", // rfi
    "    beq     0, .Lfast_rfi",
    "    cror    22, 22, 26",
    "    bne     5, fugue_guest_program_left",
    "    lwz     27, VcpuState.gpr(23)",
    "    bne     6, .Lfast_wrtee",
    // mtmsr: EE and what is only kept may change.
    "    rlwinm  26, 27, 0, 13, 27",
    "    xor     29, 26, 22",
    "    andi.   30, 29, msr.EE | msr.ME | 0x0400", // DWE
    "    cmpw    0, 30, 29",
    "    bne     0, fugue_guest_program_left",
    "    rlwimi  22, 26, 0, 19, 23",
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
    "1:  rlwimi  22, 27, 0, 16, 16",
    "    stw     22, VcpuState.msr(0)",
    "    FUGUE_COUNT Msr",
    "    addi    25, 25, 4",
    "    b       .Lfast_next",
    "",
    ".Lfast_mfmsr:",
    "    stw     22, VcpuState.gpr(23)",
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
    "    xor     29, 26, 22",
    "    rlwinm  29, 29, 0, 24, 15",
    "    rlwimi. 29, 26, 0, 21, 22", // DWE and DE of the new MSR
    "    rlwimi  22, 26, 0, 16, 23",
    "    rlwinm  29, 27, 20, 29, 29", // PR, as a place in the core page
    "    bne     0, fugue_guest_program_left",
    "    andi.   26, 22, msr.EE",
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
    "    and     26, 26, 22", // FP, if the registers are the thread's and the guest may use them
    "    cmpw    0, 30, 29",
    "    mfspr   27, 27", // SRR1
    "    rlwinm  25, 25, 0, 0, 29",
    "    rlwimi  27, 26, 0, 18, 18",
    "    stw     22, VcpuState.msr(0)",
    "    rlwimi  27, 22, 0, 20, 23", // FE0 and FE1
    "    mtspr   27, 27",
    "    beq     0, 2f",
    "    mtspr   48, 29",
    "2:  FUGUE_COUNT Return",
    ".Lfast_next:",
    "    mtspr   26, 25", // SRR0; SRR1 is the guest's MSR but for what rfi ignores
    "    mtcr    24",
    "    lwz     0, VcpuState.gpr(0)",
    "    lmw     1, VcpuState.gpr + 4(0)",
    "    rfi",
    "",
}

// What only stores comes before what does more.
const _: () = assert!(offset_of!(VcpuState, srr) < offset_of!(VcpuState, pid));
const _: () = assert!(offset_of!(VcpuState, dear) < offset_of!(VcpuState, pid));
const _: () = assert!(offset_of!(VcpuState, esr) < offset_of!(VcpuState, pid));
const _: () = assert!(offset_of!(VcpuState, sprg) < offset_of!(VcpuState, pid));
