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
#![expect(unsafe_code, reason = "assembly")]

use super::core_page::{CURRENT, GUEST, GUEST_ENTERED, GUEST_PIDS, GuestCore, NEXT_SLOT, SUCCESSOR};
use super::guest::field;
use super::guest_tlb::{guest_tlb_paths, lines};
use crate::objects::Thread;
use crate::vcpu::guest_tlb::{GuestEntry, GuestTlb};
use crate::vcpu::spaces::{Contexts, NONE, Owner, Pool};
use crate::vcpu::{MMUCR, Vcpu};
use abi::vcpu::{VcpuCounter, VcpuState};
use core::arch::global_asm;
use core::mem::offset_of;
use ppc440::msr;

/// A counter of the state page, as a displacement from nothing.
const fn counter(counter: VcpuCounter) -> i32 {
    field(offset_of!(VcpuState, counters) + 4 * counter as usize)
}

/// A field of the guest's part of the core page, as a displacement from nothing.
macro_rules! core {
    ($($path:ident).+) => {
        GUEST + offset_of!(GuestCore, $($path).+) as i32
    };
}

/// The special-purpose registers that are moved here, by their number as the instruction holds it, with swapped halves:
/// their place, which is negative, and 0 for all others.
static READS: [i16; 1024] = {
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
static WRITES: [i16; 1024] = {
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

const fn swapped(number: usize) -> usize {
    (number & 31) << 5 | number >> 5
}

const fn place(offset: usize) -> i16 {
    field(offset) as i16
}

/// An instruction without its registers, its extended opcode first.
const fn opcodes(primary: u32, extended: u32) -> u32 {
    extended << 7 | primary
}

global_asm!(
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
    "    lwz     \\target, {gpr} + 4 * \\register(0)",
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
    "    stw     27, {gpr} + 4 * \\register(0)",
    "    b       .Lwritten\\@",
    ".endr",
    ".Lwritten\\@:",
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
    "    mfspr   25, 26", // SRR0
    "    li      26, {me} | {ds}",
    "    li      27, {me}",
    "    mtmsr   26",
    "    isync",
    "    lmw     29, 0(25)", // r29 is 0 if that misses
    "    mtmsr   27",
    "    isync",
    "    mfspr   26, 48", // PID
    "    lwz     27, {pids}(0)",
    "    mfctr   28",
    "    cmpw    0, 26, 27", // neither user state nor space 1, nor a single step
    "    rlwinm  27, 29, 6, 15, 31",
    "    bne     0, fugue_guest_program_left",
    "    cmplwi  5, 27, {mfspr}",
    "    cmplwi  6, 27, {mtspr}",
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
    "    lwz     27, {gpr} + 4 * \\register(0)",
    "    b       1f",
    ".endr",
    "1:  stw     27, 0(26)",
    ".Lfast_moved:",
    "    FUGUE_COUNT {count_spr}",
    "    rlwinm  27, 30, 6, 15, 31",
    "    addi    25, 25, 4",
    "    cmplwi  5, 27, {mfspr}",
    "    cmplwi  6, 27, {mtspr}",
    "    cmplwi  7, 27, {rfi}",
    "    beq     5, .Lfast_adjacent",
    "    beq     6, .Lfast_adjacent",
    "    beq     7, .Lfast_last",
    ".Lfast_done:",
    "    mtctr   28",
    ".Lfast_next:",
    "    mtspr   26, 25", // SRR0; SRR1 is the guest's MSR but for what rfi ignores
    "    mtcr    24",
    "    lmw     24, {gpr}+96(0)",
    "    rfi",
    "",
    // Never across a page.
    ".Lfast_adjacent:",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_done",
    "    FUGUE_COUNT {count_adjacent}",
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
    "    stw     27, {gpr} + 4 * \\register(0)",
    "    b       .Lfast_moved",
    ".endr",
    "",
    ".Lfast_last:",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_done",
    "    FUGUE_COUNT {count_adjacent}",
    "    mtctr   28",
    "    lwz     28, {msr}(0)",
    "    b       .Lfast_rfi",
    "",
    // Not a register of this path. Behind another one, it may be no privileged instruction at all.
    ".Lfast_unknown:",
    "    mtctr   28",
    "    mfspr   26, 26",
    "    cmpw    0, 26, 25",
    "    beq     0, fugue_guest_program_left",
    "    lwz     26, {count_adjacent}(0)",
    "    addi    26, 26, -1",
    "    stw     26, {count_adjacent}(0)",
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
    "    stw     27, {sprg}+16(0)",
    "    b       .Lfast_moved",
    "2:  mtspr   277, 27",
    "    stw     27, {sprg}+20(0)",
    "    b       .Lfast_moved",
    "3:  bt      15, 4f",
    "    mtspr   278, 27",
    "    stw     27, {sprg}+24(0)",
    "    b       .Lfast_moved",
    "4:  mtspr   279, 27",
    "    stw     27, {sprg}+28(0)",
    "    b       .Lfast_moved",
    "5:  rlwinm  26, 29, 21, 22, 31",
    "    cmplwi  0, 26, {number_pid}",
    "    cmplwi  1, 26, {number_mmucr}",
    "    beq     0, .Lfast_pid",
    "    bne     1, .Lfast_unknown",
    "    lis     26, {mmucr_bits} >> 16",
    "    ori     26, 26, {mmucr_bits} & 0xFFFF",
    "    and     27, 27, 26",
    "    stw     27, {mmucr}(0)",
    "    b       .Lfast_moved",
    // Another context, if it has its hardware PID: nothing is dropped. What follows may lie elsewhere.
    ".Lfast_pid:",
    "    lwz     26, {vcpu}(0)",
    "    rlwimi  26, 27, 1, 23, 30",
    "    rlwinm  27, 27, 0, 24, 31",
    "    lhz     26, {plain}(26)",
    "    cmplwi  0, 26, 0x100",
    "    blt     0, .Lfast_unknown",
    "    stw     27, {pid}(0)",
    "    stw     27, {entered}(0)",
    "    rlwinm  27, 26, 0, 24, 31",
    "    srwi    26, 26, 8",
    "    stw     27, {pids}+4(0)",
    "    stw     26, {pids}(0)",
    "    mtspr   48, 26",
    "    FUGUE_COUNT {count_pid}",
    "    addi    25, 25, 4",
    "    b       .Lfast_done",
    "",
    ".Lfast_other:",
    "    xoris   26, 27, 1",
    "    cmplwi  0, 27, {wrteei}",
    "    cmplwi  7, 26, {tlbwe} & 0xFFFF",
    "    beq     7, .Lfast_tlbwe",
    "    lwz     28, {msr}(0)",
    "    cmplwi  1, 27, {mfmsr}",
    "    beq     0, .Lfast_wrteei",
    "    beq     1, .Lfast_mfmsr",
    "    cmplwi  5, 27, {wrtee}",
    "    cmplwi  6, 27, {mtmsr}",
    "    cmplwi  0, 27, {rfi}",
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
    "    andi.   30, 29, {changed}",
    "    cmpw    0, 30, 29",
    "    bne     0, fugue_guest_program_left",
    "    rlwimi  28, 26, 0, 19, 23",
    "    b       .Lfast_wrtee",
    // Its bit stands in the instruction where it stands in MSR.
    ".Lfast_wrteei:",
    "    mr      27, 29",
    ".Lfast_wrtee:",
    "    andi.   26, 27, {ee}",
    "    lwz     26, {waits}(0)",
    "    beq     0, 1f",
    "    cmpwi   0, 26, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  rlwimi  28, 27, 0, 16, 16",
    "    stw     28, {msr}(0)",
    "    FUGUE_COUNT {count_msr}",
    "    addi    25, 25, 4",
    "    b       .Lfast_next",
    "",
    ".Lfast_mfmsr:",
    "    mfctr   31",
    "    mr      27, 28",
    "    FUGUE_WRITE 14",
    "    FUGUE_COUNT {count_msr}",
    "    addi    25, 25, 4",
    "    xoris   26, 30, 0x7C00",
    "    mtctr   31",
    "    cmplwi  0, 26, 2 * 163", // wrteei 0
    "    bne     0, .Lfast_next",
    "    andi.   26, 25, 0xFFF",
    "    beq     0, .Lfast_next",
    "    FUGUE_COUNT {count_adjacent}",
    "    li      27, 0",
    "    b       .Lfast_wrtee",
    "",
    // Nothing but EE, PR, FP and what is only kept may change, and nothing may wait for EE. With debug events
    // the guest goes on the general way.
    ".Lfast_rfi:",
    "    lwz     27, {srr}+4(0)",
    "    rlwinm  26, 27, 0, 13, 27", // what the 440 keeps of MSR lies between
    "    xor     29, 26, 28",
    "    rlwinm  29, 29, 0, 24, 15",
    "    rlwimi. 29, 26, 0, 21, 22", // DWE and DE of the new MSR
    "    rlwimi  28, 26, 0, 16, 23",
    "    rlwinm  29, 27, 20, 29, 29", // PR, as a place in the core page
    "    bne     0, fugue_guest_program_left",
    "    andi.   26, 28, {ee}",
    "    lwz     29, {pids}(29)",
    "    lwz     26, {waits}(0)",
    "    beq     0, 1f",
    "    cmpwi   0, 26, 0",
    "    bne     0, fugue_guest_program_left",
    "1:  cmpwi   0, 29, 0",
    "    lwz     26, {current}(0)",
    "    beq     0, fugue_guest_program_left",
    "    lwz     25, {srr}(0)",
    "    lwz     26, {thread_msr}(26)",
    "    mfspr   30, 48", // PID
    "    and     26, 26, 28", // FP, if the registers are the thread's and the guest may use them
    "    cmpw    0, 30, 29",
    "    mfspr   27, 27", // SRR1
    "    rlwinm  25, 25, 0, 0, 29",
    "    rlwimi  27, 26, 0, 18, 18",
    "    stw     28, {msr}(0)",
    "    rlwimi  27, 28, 0, 20, 23", // FE0 and FE1
    "    mtspr   27, 27",
    "    beq     0, 2f",
    "    mtspr   48, 29",
    "2:  FUGUE_COUNT {count_return}",
    "    b       .Lfast_next",
    "",
    guest_tlb_paths!(),
    kept = const msr::ME | msr::DE,
    changed = const msr::EE | msr::ME | 0x0400, // DWE
    reads = sym READS,
    writes = sym WRITES,
    mfspr = const opcodes(31, 339),
    mtspr = const opcodes(31, 467),
    mfmsr = const opcodes(31, 83),
    mtmsr = const opcodes(31, 146),
    wrtee = const opcodes(31, 131),
    wrteei = const opcodes(31, 163),
    tlbwe = const opcodes(31, 978),
    rfi = const opcodes(19, 50),
    sprg4 = const swapped(276) & 0x39F,
    number_pid = const swapped(48),
    number_mmucr = const swapped(946),
    sprg = const field(offset_of!(VcpuState, sprg)),
    waits = const core!(waits),
    pid = const field(offset_of!(VcpuState, pid)),
    mmucr = const field(offset_of!(VcpuState, mmucr)),
    mmucr_bits = const MMUCR,
    pids = const GUEST_PIDS,
    entered = const GUEST_ENTERED,
    vcpu = const core!(vcpu),
    host_mmucr = const core!(mmucr),
    ram = const core!(ram),
    ram_end = const core!(ram_end),
    saved = const core!(saved),
    unread = const core!(unread),
    owners = const core!(pool.owners),
    next_pid = const core!(pool.next),
    older = const core!(pool.owners) + offset_of!(Owner, older) as i32,
    virt = const core!(pool.owners) + offset_of!(Owner, virt) as i32,
    none = const NONE,
    next = const NEXT_SLOT,
    successor = const SUCCESSOR,
    current = const CURRENT,
    thread_msr = const offset_of!(Thread, fixed.msr),
    plain = const offset_of!(Vcpu, contexts.plain),
    buckets = const offset_of!(Vcpu, tlb.buckets),
    everywhere = const offset_of!(Vcpu, tlb.everywhere),
    frame = const offset_of!(GuestEntry, frame),
    attributes = const offset_of!(GuestEntry, attributes),
    bit = const offset_of!(GuestEntry, bit),
    mask = const offset_of!(GuestEntry, mask),
    alias = const offset_of!(GuestEntry, alias),
    newest = const offset_of!(GuestEntry, newest),
    tag = const offset_of!(GuestEntry, tag),
    page = const offset_of!(GuestEntry, page),
    ivpr = const field(offset_of!(VcpuState, ivpr)),
    ivor = const field(offset_of!(VcpuState, ivor)),
    count_return = const counter(VcpuCounter::Return),
    count_call = const counter(VcpuCounter::SystemCall),
    count_adjacent = const counter(VcpuCounter::Adjacent),
    count_pid = const counter(VcpuCounter::Pid),
    count_tlb = const counter(VcpuCounter::TlbWrite),
    count_flush = const counter(VcpuCounter::FlushLoop),
    count_dropped = const counter(VcpuCounter::Dropped),
    count_refill = const counter(VcpuCounter::Refill),
    count_miss = const counter(VcpuCounter::GuestMiss),
    count_storage = const counter(VcpuCounter::Storage),
    me = const msr::ME,
    ds = const msr::DS,
    pr = const msr::PR,
    ee = const msr::EE,
    gpr = const field(offset_of!(VcpuState, gpr)),
    msr = const field(offset_of!(VcpuState, msr)),
    srr = const field(offset_of!(VcpuState, srr)),
    dear = const field(offset_of!(VcpuState, dear)),
    esr = const field(offset_of!(VcpuState, esr)),
    count_msr = const counter(VcpuCounter::Msr),
    count_spr = const counter(VcpuCounter::Spr),
);

// Indices are inserted into addresses, and five words of an entry are stored at once.
const _: () = assert!(offset_of!(Vcpu, tlb.entries) == 0 && align_of::<Vcpu>() == 4096);
const _: () = assert!(size_of::<GuestEntry>() == 32 && size_of::<Owner>() == 16 && size_of::<Pool>() < 2048);
const _: () = assert!(offset_of!(GuestEntry, mask) == 12 && offset_of!(GuestEntry, page) == 28);
const _: () = assert!(size_of::<Contexts>() >= 544 && offset_of!(Contexts, plain) == 0);
const _: () = assert!(offset_of!(GuestTlb, buckets) == 2048 && offset_of!(VcpuState, gpr) == 0);
