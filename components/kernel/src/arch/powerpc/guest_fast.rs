//! What a guest does most, without a frame: moves from and to MSR and special-purpose registers, changes of MSR\[EE\],
//! returns from interrupts, system calls, writes of its TLB, and what comes of its misses.
//!
//! Everything else goes to the general path, with the registers as the guest left them: another instruction, one of user
//! state, of space 1 or of a single step, a change of EE that lets in an interrupt that waits, an instruction that cannot be
//! read. Both do the same. Behind a move of a special-purpose register, the next words are looked at: another such move
//! is done in the same trap, and an `rfi` or, behind `mfmsr`, a `wrteei`.
//!
//! | register   | holds                                                             |
//! |------------|-------------------------------------------------------------------|
//! | r0 to r23  | the guest's own                                                   |
//! | r24        | CR                                                                |
//! | r25        | the instruction's address                                         |
//! | r26        | what is needed for a moment                                       |
//! | r27        | the instruction's opcodes, then the value that moves              |
//! | r28        | CTR, while it leads to a register's row; the guest's MSR          |
//! | r29        | the instruction                                                   |
//! | r30, r31   | the two behind it                                                 |

use super::assembly::text;
use crate::arch::VCPU_PAGE;
use abi::vcpu::VcpuState;
use core::mem::offset_of;

/// The special-purpose registers that are moved here, by their number as the instruction holds it, with swapped halves:
/// their place, which is negative, and 0 for all others.
pub(super) static READS: [i16; 1024] = {
    let mut table = WRITES;
    let mut index = 4;
    while index < 8 {
        table[swapped(272 + index)] = place(offset_of!(VcpuState, sprg) + 4 * index);
        index += 1;
    }
    table[swapped(48)] = place(offset_of!(VcpuState, pid));
    table[swapped(946)] = place(offset_of!(VcpuState, mmucr));
    table
};

/// Those of which a write does nothing more than to store.
pub(super) static WRITES: [i16; 1024] = {
    let mut table = [0; 1024];
    let mut index = 0;
    while index < 4 {
        table[swapped(272 + index)] = place(offset_of!(VcpuState, sprg) + 4 * index);
        index += 1;
    }
    table[swapped(26)] = place(offset_of!(VcpuState, srr));
    table[swapped(27)] = place(offset_of!(VcpuState, srr)) + 4;
    table[swapped(61)] = place(offset_of!(VcpuState, dear));
    table[swapped(62)] = place(offset_of!(VcpuState, esr));
    table
};

pub(super) const fn swapped(number: usize) -> usize {
    (number & 31) << 5 | number >> 5
}

const fn place(offset: usize) -> i16 {
    (VCPU_PAGE as usize + offset) as i16
}

text! { guest_fast_text:
    // Goes through a row of eight bytes for each register, by a field of the instruction, rotated to bits 24 to 28. CTR and
    // a register are lost.
    ".macro FUGUE_ROW scratch, rotation",
    "    rlwinm  \\scratch, 29, \\rotation, 24, 28",
    "    addis   \\scratch, \\scratch, .Lrow\\@@ha",
    "    addi    \\scratch, \\scratch, .Lrow\\@@l",
    "    mtctr   \\scratch",
    "    bctr",
    ".Lrow\\@:",
    ".endm",
    // The guest's register of a field of the instruction: 14 of the first, 19 of the second, 24 of the third. r26 is lost.
    ".macro FUGUE_READ target, rotation",
    "    FUGUE_ROW 26, \\rotation",
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
    // Writes it from r27.
    ".macro FUGUE_WRITE rotation",
    "    FUGUE_ROW 26, \\rotation",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    mr      \\register, 27",
    "    b       .Lwritten\\@",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    stw     27, VcpuState.gpr + 4 * \\register(0)",
    "    b       .Lwritten\\@",
    ".endr",
    ".Lwritten\\@:",
    ".endm",
    ".macro FUGUE_COUNT counter",
    "    lwz     26, VcpuState.counters.\\counter(0)",
    "    addi    26, 26, 1",
    "    stw     26, VcpuState.counters.\\counter(0)",
    ".endm",
    "",
    ".section .guest_vectors.fast, \"ax\", @progbits",
    ".balign 16",
    ".global fugue_guest_program",
    "fugue_guest_program:",
    "    mfspr   25, 26", // SRR0
    "    li      26, msr.ME | msr.DS",
    "    li      27, msr.ME",
    "    mtmsr   26",
    "    isync",
    "    lmw     29, 0(25)", // r29 is 0 if that misses
    "    mtmsr   27",
    "    isync",
    "    mfspr   26, 48", // PID
    "    lwz     27, GuestCore.pids(0)",
    "    mfctr   28",
    "    cmpw    0, 26, 27", // neither user state nor space 1, nor a single step
    "    rlwinm  27, 29, 6, 15, 31",
    "    bne     0, fugue_guest_program_left",
    "    cmplwi  5, 27, 339 << 7 | 31",
    "    cmplwi  6, 27, 467 << 7 | 31",
    "    beq     5, .Lfast_mfspr",
    "    bne     6, .Lfast_other",
    ".Lfast_mtspr:",
    "    rlwinm  26, 29, 22, 21, 30",
    "    addis   26, 26, {writes}@ha",
    "    lha     26, {writes}@l(26)",
    "    cmpwi   0, 26, 0",
    "    beq     0, .Lfast_special",
    "    FUGUE_ROW 27, 14",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    stw     \\register, 0(26)",
    "    b       .Lfast_moved",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    lwz     27, VcpuState.gpr + 4 * \\register(0)",
    "    b       1f",
    ".endr",
    "1:  stw     27, 0(26)",
    ".Lfast_moved:",
    "    FUGUE_COUNT Spr",
    "    rlwinm  27, 30, 6, 15, 31",
    "    addi    25, 25, 4",
    "    cmplwi  5, 27, 339 << 7 | 31",
    "    cmplwi  6, 27, 467 << 7 | 31",
    "    cmplwi  7, 27, 50 << 7 | 19",
    "    beq     5, .Lfast_adjacent",
    "    beq     6, .Lfast_adjacent",
    "    beq     7, .Lfast_last",
    ".Lfast_done:",
    "    mtctr   28",
    ".Lfast_next:",
    "    mtspr   26, 25", // SRR0; SRR1 is the guest's MSR but for what rfi ignores
    "    mtcr    24",
    "    lmw     24, VcpuState.gpr + 96(0)",
    "    rfi",
    "",
    // Never across a page.
    ".Lfast_adjacent:",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_done",
    "    FUGUE_COUNT Adjacent",
    "    mr      29, 30",
    "    mr      30, 31",
    "    li      31, 0",
    "    bne     5, .Lfast_mtspr",
    ".Lfast_mfspr:",
    "    rlwinm  26, 29, 22, 21, 30",
    "    addis   26, 26, {reads}@ha",
    "    lha     26, {reads}@l(26)",
    "    cmpwi   0, 26, 0",
    "    beq     0, .Lfast_unknown",
    "    FUGUE_ROW 27, 14",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    lwz     \\register, 0(26)",
    "    b       .Lfast_moved",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    lwz     27, 0(26)",
    "    b       .Lfast_to_\\register",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    ".Lfast_to_\\register:",
    "    stw     27, VcpuState.gpr + 4 * \\register(0)",
    "    b       .Lfast_moved",
    ".endr",
    "",
    ".Lfast_last:",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_done",
    "    FUGUE_COUNT Adjacent",
    "    mtctr   28",
    "    lwz     28, VcpuState.msr(0)",
    "    b       .Lfast_rfi",
    "",
    // Not a register of this path. Behind another one, it may be no privileged instruction at all.
    ".Lfast_unknown:",
    "    mtctr   28",
    "    mfspr   26, 26",
    "    cmpw    0, 26, 25",
    "    beq     0, fugue_guest_program_left",
    "    lwz     26, VcpuState.counters.Adjacent(0)",
    "    addi    26, 26, -1",
    "    stw     26, VcpuState.counters.Adjacent(0)",
    "    b       .Lfast_next",
    "",
    // SPRG4 to SPRG7, which user state reads from the hardware: the last two bits of the number.
    ".Lfast_special:",
    "    FUGUE_READ 27, 14",
    "    rlwinm  26, 29, 21, 22, 31",
    "    andi.   26, 26, 0x39F",
    "    mtcrf   0x10, 29",
    "    cmplwi  0, 26, {sprg4}",
    "    bne     0, 5f",
    "    bt      14, 3f",
    "    bt      15, 2f",
    "    mtspr   276, 27",
    "    stw     27, VcpuState.sprg + 16(0)",
    "    b       .Lfast_moved",
    "2:  mtspr   277, 27",
    "    stw     27, VcpuState.sprg + 20(0)",
    "    b       .Lfast_moved",
    "3:  bt      15, 4f",
    "    mtspr   278, 27",
    "    stw     27, VcpuState.sprg + 24(0)",
    "    b       .Lfast_moved",
    "4:  mtspr   279, 27",
    "    stw     27, VcpuState.sprg + 28(0)",
    "    b       .Lfast_moved",
    "5:  rlwinm  26, 29, 21, 22, 31",
    "    cmplwi  0, 26, {number_pid}",
    "    cmplwi  1, 26, {number_mmucr}",
    "    beq     0, .Lfast_pid",
    "    bne     1, .Lfast_unknown",
    "    lis     26, vcpu.MMUCR >> 16",
    "    ori     26, 26, vcpu.MMUCR & 0xFFFF",
    "    and     27, 27, 26",
    "    stw     27, VcpuState.mmucr(0)",
    "    b       .Lfast_moved",
    // Another context, if it has its hardware PID: nothing is dropped. What follows may lie elsewhere.
    ".Lfast_pid:",
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
    "    b       .Lfast_done",
    "",
    ".Lfast_other:",
    "    xoris   26, 27, 1",
    "    cmplwi  0, 27, 163 << 7 | 31",
    "    cmplwi  7, 26, (978 << 7 | 31) & 0xFFFF",
    "    beq     7, .Lfast_tlbwe",
    "    lwz     28, VcpuState.msr(0)",
    "    cmplwi  1, 27, 83 << 7 | 31",
    "    beq     0, .Lfast_wrteei",
    "    beq     1, .Lfast_mfmsr",
    "    cmplwi  5, 27, 131 << 7 | 31",
    "    cmplwi  6, 27, 146 << 7 | 31",
    "    cmplwi  0, 27, 50 << 7 | 19",
    "    beq     0, .Lfast_rfi",
    "    cror    22, 22, 26",
    "    bne     5, fugue_guest_dcr",
    "    mfctr   31",
    "    FUGUE_READ 27, 14",
    "    mtctr   31",
    "    bne     6, .Lfast_wrtee",
    // mtmsr: EE and what is only kept may change.
    "    rlwinm  26, 27, 0, 13, 27",
    "    xor     29, 26, 28",
    "    andi.   30, 29, msr.EE | msr.ME | 0x0400",
    "    cmpw    0, 30, 29",
    "    bne     0, fugue_guest_program_left",
    "    rlwimi  28, 26, 0, 19, 23",
    "    b       .Lfast_wrtee",
    // Its bit stands in the instruction where it stands in MSR.
    ".Lfast_wrteei:",
    "    mr      27, 29",
    ".Lfast_wrtee:",
    "    andi.   26, 27, msr.EE",
    "    lwz     26, GuestCore.waits(0)",
    "    beq     0, 1f",
    "    cmpwi   0, 26, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  rlwimi  28, 27, 0, 16, 16",
    "    stw     28, VcpuState.msr(0)",
    "    FUGUE_COUNT Msr",
    "    addi    25, 25, 4",
    "    b       .Lfast_next",
    "",
    ".Lfast_mfmsr:",
    "    mfctr   31",
    "    mr      27, 28",
    "    FUGUE_WRITE 14",
    "    FUGUE_COUNT Msr",
    "    addi    25, 25, 4",
    "    xoris   26, 30, 0x7C00",
    "    mtctr   31",
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
    "    xor     29, 26, 28",
    "    rlwinm  29, 29, 0, 24, 15",
    "    rlwimi. 29, 26, 0, 21, 22", // DWE and DE of the new MSR
    "    rlwimi  28, 26, 0, 16, 23",
    "    rlwinm  29, 27, 20, 29, 29", // PR, as a place in the core page
    "    bne     0, fugue_guest_program_left",
    "    andi.   26, 28, msr.EE",
    "    lwz     29, GuestCore.pids(29)",
    "    lwz     26, GuestCore.waits(0)",
    "    beq     0, 1f",
    "    cmpwi   0, 26, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  cmpwi   0, 29, 0",
    "    lwz     26, CorePage.current(0)",
    "    beq     0, fugue_guest_program_left",
    "    lwz     25, VcpuState.srr(0)",
    "    lwz     26, Thread.fixed.msr(26)",
    "    mfspr   30, 48", // PID
    "    and     26, 26, 28", // FP, if the registers are the thread's and the guest may use them
    "    cmpw    0, 30, 29",
    "    mfspr   27, 27", // SRR1
    "    rlwinm  25, 25, 0, 0, 29",
    "    rlwimi  27, 26, 0, 18, 18",
    "    stw     28, VcpuState.msr(0)",
    "    rlwimi  27, 28, 0, 20, 23", // FE0 and FE1
    "    mtspr   27, 27",
    "    beq     0, 2f",
    "    mtspr   48, 29",
    "2:  FUGUE_COUNT Return",
    "    b       .Lfast_next",
    "",
}
