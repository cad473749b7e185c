//! What a guest does most, without a frame: moves from and to MSR, SPRGs and save/restore registers, changes of MSR\[EE\],
//! returns from interrupts, system calls.
//!
//! Everything else goes to the general path, with the registers as the guest left them: another instruction, one of user
//! state or of a single step, a change of EE that lets in an interrupt that waits, an instruction that cannot be read. Both do the same;
//! here nothing is looked for behind the instruction.
//!
//! | register   | holds                                                             |
//! |------------|-------------------------------------------------------------------|
//! | r0 to r23  | the guest's own                                                   |
//! | r24        | CTR, while it leads to a register's row                           |
//! | r25        | the value that moves                                              |
//! | r27        | the instruction's opcodes                                         |
//! | r28        | the instruction                                                   |
//! | r29        | the guest's MSR                                                   |
//! | r30        | the instruction's address                                         |
//! | r31        | CR                                                                |
#![expect(unsafe_code, reason = "assembly")]

use super::core_page::{CURRENT, GUEST_PIDS};
use super::guest::field;
use crate::objects::Thread;
use crate::vcpu::MMUCR;
use abi::vcpu::{LINE_EXTERNAL, VcpuCounter, VcpuState};
use core::arch::global_asm;
use core::mem::offset_of;
use ppc440::msr;

/// A counter of the state page, as a displacement from nothing.
const fn counter(counter: VcpuCounter) -> i32 {
    field(offset_of!(VcpuState, counters) + 4 * counter as usize)
}

global_asm!(
    // To a label by the number of the instruction's register, in r26: eight bytes for each.
    ".macro FUGUE_ROW table",
    "    rlwinm  26, 28, 14, 24, 28",
    "    addis   26, 26, \\table@ha",
    "    mfctr   24",
    "    addi    26, 26, \\table@l",
    "    mtctr   26",
    "    bctr",
    ".endm",
    ".macro FUGUE_COUNT counter",
    "    lwz     26, \\counter(0)",
    "    addi    26, 26, 1",
    "    stw     26, \\counter(0)",
    ".endm",
    "",
    ".section .guest_vectors.fast, \"ax\", @progbits",
    ".balign 16",
    ".global fugue_guest_program",
    "fugue_guest_program:",
    "    mfspr   30, 26", // SRR0
    "    li      29, {me} | {ds}",
    "    li      27, {me}",
    "    li      28, 0", // no instruction, if the load misses
    "    mtmsr   29",
    "    isync",
    "    lwz     28, 0(30)",
    "    mtmsr   27",
    "    isync",
    "    lwz     29, {msr}(0)",
    "    mfspr   26, 27", // SRR1, for DE: the guest makes a single step
    "    rlwinm  27, 28, 0, 21, 5",
    "    rlwimi  26, 29, 0, 17, 17",
    "    andi.   26, 26, {pr} | {de}",
    "    xoris   27, 27, 0x7C00",
    "    bne     0, fugue_guest_program_left",
    "    cmplwi  0, 27, 2 * 163",
    "    cmplwi  1, 27, 2 * 83",
    "    cmplwi  2, 27, 2 * 146",
    "    cmplwi  5, 27, 2 * 131",
    "    cmplwi  6, 27, 2 * 339",
    "    cmplwi  7, 27, 2 * 467",
    "    beq     0, .Lfast_wrteei",
    "    beq     1, .Lfast_mfmsr",
    "    beq     6, .Lfast_mfspr",
    "    beq     7, .Lfast_source",
    "    cror    22, 22, 10", // wrtee or mtmsr
    "    bne     5, .Lfast_rfi",
    "",
    // The source of wrtee and mtspr.
    ".Lfast_source:",
    "    FUGUE_ROW .Lfast_sources",
    ".Lfast_sources:",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    mr      25, \\register",
    "    b       .Lfast_sourced",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    lwz     25, {gpr} + 4 * \\register(0)",
    "    b       .Lfast_sourced",
    ".endr",
    ".Lfast_sourced:",
    "    mtctr   24",
    "    beq     7, .Lfast_mtspr",
    "    bne     2, .Lfast_wrtee",
    // mtmsr: EE and what is only kept may change.
    "    rlwinm  26, 25, 0, 13, 27",
    "    xor     27, 26, 29",
    "    andi.   24, 27, {changed}",
    "    cmpw    0, 24, 27",
    "    bne     0, fugue_guest_program_left",
    "    rlwimi  29, 26, 0, 19, 23",
    "    b       .Lfast_wrtee",
    // Its bit stands in the instruction where it stands in MSR.
    ".Lfast_wrteei:",
    "    mr      25, 28",
    ".Lfast_wrtee:",
    "    andi.   26, 25, {ee}",
    "    beq     0, 1f",
    // Whatever waits for EE: the general path delivers it.
    "    lwz     26, {tcr}(0)",
    "    lwz     27, {tsr}(0)",
    "    lwz     24, {lines}(0)",
    "    slwi    26, 26, 1",
    "    and     27, 26, 27",
    "    rlwinm  27, 27, 0, 4, 4", // TCR[DIE] and TSR[DIS]
    "    rlwimi  27, 24, 0, 31, 31",
    "    rlwimi  27, 26, 0, 7, 7", // TCR[FIE], for which nobody is in a hurry
    "    cmpwi   0, 27, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  rlwimi  29, 25, 0, 16, 16",
    "    stw     29, {msr}(0)",
    "    FUGUE_COUNT {count_msr}",
    "    b       .Lfast_next",
    "",
    ".Lfast_mfmsr:",
    "    mr      25, 29",
    "    FUGUE_COUNT {count_msr}",
    ".Lfast_target:",
    "    FUGUE_ROW .Lfast_targets",
    ".Lfast_targets:",
    ".irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23",
    "    mr      \\register, 25",
    "    b       .Lfast_targeted",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    stw     25, {gpr} + 4 * \\register(0)",
    "    b       .Lfast_targeted",
    ".endr",
    ".Lfast_targeted:",
    "    mtctr   24",
    ".Lfast_next:",
    "    addi    30, 30, 4",
    "    mtspr   26, 30", // SRR0; SRR1 is the guest's MSR but for what rfi ignores
    "    mtcr    31",
    "    lmw     24, {gpr}+96(0)",
    "    rfi",
    "",
    // The number's halves are swapped in the instruction. SPRG0 to SPRG7 have eight adjacent ones, SRR0 and SRR1 two.
    ".Lfast_mfspr:",
    "    rlwinm  26, 28, 21, 22, 31",
    "    andi.   27, 26, 0x31F",
    "    cmplwi  0, 27, 0x208",
    "    beq     0, 2f",
    "    andi.   27, 26, 0x3DF",
    "    cmplwi  0, 27, 0x340",
    "    beq     0, 3f",
    "    cmplwi  0, 26, 0x3A1",
    "    beq     0, 4f",
    "    cmplwi  0, 26, 0x3C1",
    "    beq     0, 6f",
    "    cmplwi  0, 26, 0x25D",
    "    beq     0, 7f",
    "    cmplwi  0, 26, 0x201",
    "    bne     0, fugue_guest_program_left",
    "    lwz     25, {pid}(0)",
    "    b       5f",
    "7:  lwz     25, {mmucr}(0)",
    "    b       5f",
    "6:  lwz     25, {esr}(0)",
    "    b       5f",
    "4:  lwz     25, {dear}(0)",
    "    b       5f",
    "3:  rlwinm  26, 28, 18, 29, 29",
    "    lwz     25, {srr}(26)",
    "    b       5f",
    "2:  rlwinm  26, 28, 18, 27, 29",
    "    lwz     25, {sprg}(26)",
    "5:  FUGUE_COUNT {count_spr}",
    "    b       .Lfast_target",
    "",
    ".Lfast_mtspr:",
    "    rlwinm  26, 28, 21, 22, 31",
    "    andi.   27, 26, 0x31F",
    "    cmplwi  0, 27, 0x208",
    "    beq     0, 2f",
    "    andi.   27, 26, 0x3DF",
    "    cmplwi  0, 27, 0x340",
    "    beq     0, 3f",
    "    cmplwi  0, 26, 0x25D",
    "    bne     0, fugue_guest_program_left",
    "    lis     26, {mmucr_bits} >> 16",
    "    ori     26, 26, {mmucr_bits} & 0xFFFF",
    "    and     25, 25, 26",
    "    stw     25, {mmucr}(0)",
    "    b       4f",
    "3:  rlwinm  26, 28, 18, 29, 29",
    "    stw     25, {srr}(26)",
    "    b       4f",
    "2:  andi.   27, 26, 0x80",
    "    rlwinm  26, 28, 18, 27, 29",
    "    stw     25, {sprg}(26)",
    "    beq     0, 4f",
    // SPRG4 to SPRG7, which user state reads from the hardware.
    ".irp number, 0, 1, 2, 3",
    "    lwz     26, {sprg} + 16 + 4 * \\number(0)",
    "    mtspr   276 + \\number, 26",
    ".endr",
    "4:  FUGUE_COUNT {count_spr}",
    "    b       .Lfast_next",
    "",
    // Nothing but EE, PR, FP and what is only kept may change, and nothing may wait for EE. With debug events or
    // exceptions of floating point the guest goes on the general way.
    ".Lfast_rfi:",
    "    xoris   27, 27, 0x3000",
    "    lwz     25, {srr}+4(0)",
    "    cmplwi  0, 27, 2 * 50",
    "    rlwinm  26, 25, 0, 13, 27", // what the 440 keeps of MSR lies between
    "    bne     0, fugue_guest_dcr",
    "    xor     27, 26, 29",
    "    rlwinm  27, 27, 0, 24, 15",
    "    rlwimi  27, 26, 0, 20, 23", // FE0, DWE, DE, FE1 of the new MSR
    "    cmpwi   0, 27, 0",
    "    rlwinm  27, 25, 20, 29, 29", // PR, as a place in the core page
    "    bne     0, fugue_guest_program_left",
    "    rlwinm  25, 29, 0, 24, 15",
    "    rlwimi  25, 26, 0, 16, 23",
    "    andi.   26, 25, {ee}",
    "    lwz     28, {pids}(27)",
    "    beq     0, 1f",
    "    lwz     26, {tcr}(0)",
    "    lwz     27, {tsr}(0)",
    "    lwz     24, {lines}(0)",
    "    slwi    26, 26, 1",
    "    and     27, 26, 27",
    "    rlwinm  27, 27, 0, 4, 4",
    "    rlwimi  27, 24, 0, 31, 31",
    "    rlwimi  27, 26, 0, 7, 7",
    "    cmpwi   0, 27, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  cmpwi   0, 28, 0",
    "    lwz     26, {current}(0)",
    "    beq     0, fugue_guest_program_left",
    "    lwz     30, {srr}(0)",
    "    lwz     26, {thread_msr}(26)",
    "    mfspr   24, 48", // PID
    "    and     26, 26, 25", // FP, if the registers are the thread's and the guest may use them
    "    cmpw    0, 24, 28",
    "    mfspr   27, 27", // SRR1
    "    rlwinm  30, 30, 0, 0, 29",
    "    rlwimi  27, 26, 0, 18, 18",
    "    stw     25, {msr}(0)",
    "    mtspr   27, 27",
    "    beq     0, 2f",
    "    mtspr   48, 28",
    "2:  FUGUE_COUNT {count_return}",
    "    mtspr   26, 30", // SRR0
    "    mtcr    31",
    "    lmw     24, {gpr}+96(0)",
    "    rfi",
    "",
    // A system call of the guest becomes its interrupt.
    ".global fugue_guest_call",
    "fugue_guest_call:",
    "    lwz     28, {pids}(0)",
    "    lwz     29, {msr}(0)",
    "    mfspr   30, 26", // SRR0
    "    cmpwi   0, 28, 0",
    "    lwz     25, {ivpr}(0)",
    "    lwz     26, {ivor}+32(0)",
    "    beq     0, fugue_guest_call_left",
    "    mfspr   24, 48", // PID
    "    rlwinm  25, 25, 0, 0, 15",
    "    mfspr   27, 27", // SRR1
    "    rlwimi  25, 26, 0, 16, 27",
    "    stw     30, {srr}(0)",
    "    andi.   26, 29, {kept}",
    "    stw     29, {srr}+4(0)",
    "    rlwimi  26, 29, 0, 14, 14", // CE
    "    cmpw    0, 24, 28",
    "    stw     26, {msr}(0)",
    "    rlwinm  27, 27, 0, 19, 17", // without FP
    "    mtspr   26, 25",
    "    mtspr   27, 27",
    "    beq     0, 3f",
    "    mtspr   48, 28",
    "3:  FUGUE_COUNT {count_call}",
    "    mtcr    31",
    "    lmw     24, {gpr}+96(0)",
    "    rfi",
    kept = const msr::ME | msr::DE,
    changed = const msr::EE | msr::ME | 0x0400, // DWE
    pid = const field(offset_of!(VcpuState, pid)),
    mmucr = const field(offset_of!(VcpuState, mmucr)),
    mmucr_bits = const MMUCR,
    pids = const GUEST_PIDS,
    current = const CURRENT,
    thread_msr = const offset_of!(Thread, fixed.msr),
    ivpr = const field(offset_of!(VcpuState, ivpr)),
    ivor = const field(offset_of!(VcpuState, ivor)),
    count_return = const counter(VcpuCounter::Return),
    count_call = const counter(VcpuCounter::SystemCall),
    me = const msr::ME,
    ds = const msr::DS,
    pr = const msr::PR,
    de = const msr::DE,
    ee = const msr::EE,
    gpr = const field(offset_of!(VcpuState, gpr)),
    msr = const field(offset_of!(VcpuState, msr)),
    srr = const field(offset_of!(VcpuState, srr)),
    sprg = const field(offset_of!(VcpuState, sprg)),
    dear = const field(offset_of!(VcpuState, dear)),
    esr = const field(offset_of!(VcpuState, esr)),
    tcr = const field(offset_of!(VcpuState, tcr)),
    tsr = const field(offset_of!(VcpuState, tsr)),
    lines = const field(offset_of!(VcpuState, lines)),
    count_msr = const counter(VcpuCounter::Msr),
    count_spr = const counter(VcpuCounter::Spr),
);

// The bit that the test of what waits for EE takes from the lines.
const _: () = assert!(LINE_EXTERNAL == 1);
