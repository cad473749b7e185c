//! Into a guest and out of it.
//!
//! A guest runs in user state and in translation space 1, so every exception leaves it by itself. While it runs, IVPR
//! points to a second set of vectors, 64 KiB above the first and with the same offsets: the native paths never ask
//! whether they have interrupted a guest.
//!
//! ```text
//! guest vector       registers into the state page, IVPR back to the first vectors
//! fugue_guest_trap   Rust: translates, and decides whether the guest goes on
//! fugue_resume       a thread that is a guest has MSR[IS]: goes on to
//! fugue_guest_leave  Rust: what is due before the next instruction
//! fugue_guest_enter  registers from the state page, IVPR to the second vectors, then rfi
//! ```
//!
//! The state page lies at [`VCPU_PAGE`], in reach of a displacement from nothing, like the core page.
#![expect(unsafe_code, reason = "assembly")]

use super::assembly::text;
use crate::arch::VCPU_PAGE;
use crate::list::ThreadId;
use abi::vcpu::VcpuState;
use core::mem::offset_of;

unsafe extern "C" {
    /// Enters the guest of the mapped state page, as a thread, with a PID and an MSR of the hardware's.
    pub(super) fn fugue_guest_enter(thread: ThreadId, pid: u32, msr: u32) -> !;
}

// Vectors by their IVOR, as the first ones; 16 to 18 are those of the paths in assembly: system call, data miss,
// instruction miss.
text! { guest_text:
    // What `stmw` leaves, and IVPR. r4 to r9 are lost.
    ".macro FUGUE_GUEST_SAVE",
    "    mfcr    4",
    "    mflr    5",
    "    mfctr   6",
    "    mfxer   7",
    "    mfspr   8, 26", // SRR0
    "    mfspr   9, 256", // USPRG0
    "    stw     4, VcpuState.cr(0)",
    "    stw     5, VcpuState.lr(0)",
    "    stw     6, VcpuState.ctr(0)",
    "    stw     7, VcpuState.xer(0)",
    "    stw     8, VcpuState.pc(0)",
    "    stw     9, VcpuState.usprg0(0)",
    "    lis     4, fugue_vectors@h",
    "    li      5, 0",
    "    mtspr   63, 4", // IVPR
    ".irp number, 276, 277, 278, 279", // SPRG4 to SPRG7, which native threads can read
    "    mtspr   \\number, 5",
    ".endr",
    "    lwz     1, CorePage.stack(0)",
    ".endm",
    // Loads what an instruction of the guest's context would; r28 is 0 if that misses. r26 and r27 are lost.
    ".macro FUGUE_FETCH load, target, place",
    "    li      26, msr.ME | msr.DS",
    "    li      27, msr.ME",
    "    mtmsr   26",
    "    isync",
    "    \\load    \\target, \\place",
    "    mtmsr   27",
    "    isync",
    ".endm",
    "",
    ".section .guest_vectors, \"ax\", @progbits",
    ".global fugue_guest_vectors",
    ".balign 256",
    "fugue_guest_vectors:",
    ".irp vector, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18",
    "    .balign 16",
    "    .if \\vector == 4",
    "    stmw    0, VcpuState.gpr(0)",
    "    li      3, Thread.counters.Interrupts",
    "    b       .Lguest_interrupted",
    "    .elseif \\vector == 10",
    "    stmw    0, VcpuState.gpr(0)",
    "    li      3, Thread.counters.Timers",
    "    b       .Lguest_interrupted",
    "    .elseif \\vector == 2 || \\vector == 17",
    "    stmw    24, GuestCore.saved(0)",
    "    mfspr   25, 27", // SRR1
    "    .if \\vector == 2",
    "    b       fugue_guest_data_storage",
    "    .else",
    "    mfspr   28, 61", // DEAR
    "    b       fugue_guest_data_miss",
    "    .endif",
    "    .elseif \\vector == 6",
    "    stmw    24, VcpuState.gpr + 96(0)",
    "    mfcr    24",
    "    b       fugue_guest_program",
    "    .elseif \\vector == 3 || \\vector == 5 || \\vector == 7 || \\vector == 9",
    "    stmw    0, VcpuState.gpr(0)",
    "    li      3, \\vector",
    "    b       .Lguest_trapped",
    "    .elseif \\vector == 8 || \\vector == 16",
    "    stmw    24, GuestCore.saved(0)",
    "    b       fugue_guest_call",
    "    .elseif \\vector == 18",
    "    stmw    24, GuestCore.saved(0)",
    "    mfspr   28, 26", // SRR0
    "    b       fugue_guest_fetch_miss",
    "    .elseif \\vector == 15",
    "    stmw    0, VcpuState.gpr(0)",
    "    li      3, \\vector",
    "    b       .Lguest_stepped",
    "    .else",
    "    b       fugue_vector_\\vector", // ends the node's run, or is never entered
    "    .endif",
    ".endr",
    ".size fugue_guest_vectors, . - fugue_guest_vectors",
    "",
    ".Lguest_interrupted:",
    "    lwz     1, CorePage.current(0)",
    "    lwz     4, VcpuState.counters.Interrupted(0)",
    "    lwzx    5, 1, 3",
    "    addi    4, 4, 1",
    "    addi    5, 5, 1",
    "    stw     4, VcpuState.counters.Interrupted(0)",
    "    stwx    5, 1, 3",
    "    FUGUE_GUEST_SAVE",
    "    cmpwi   0, 3, Thread.counters.Timers",
    "    bne     0, 1f",
    "    b       fugue_timer",
    "1:  b       fugue_interrupt",
    "",
    ".Lguest_stepped:",
    "    mfspr   4, 58", // CSRR0: debug interrupts are critical ones
    "    mtspr   26, 4",
    "    b       .Lguest_trapped",
    // From the paths in assembly, with r24 to r31 in the core page and CR in r24.
    ".irp vector, 2, 8, 13, 14",
    ".global fugue_guest_left_\\vector",
    "fugue_guest_left_\\vector:",
    "    mtcr    24",
    "    lmw     24, GuestCore.saved(0)",
    "    stmw    0, VcpuState.gpr(0)",
    "    li      3, \\vector",
    "    b       .Lguest_trapped",
    ".endr",
    // From the path of privileged instructions, with the same in the state page and the instruction's address in r25: the
    // general path executes those of the TLB; any other ends the run, and so the monitor's call, as the fast path ends
    // one without words.
    ".global fugue_guest_program_left",
    "fugue_guest_program_left:",
    "    mtspr   26, 25",
    "    mtcr    24",
    "    lmw     24, VcpuState.gpr + 96(0)",
    "    stmw    0, VcpuState.gpr(0)",
    "    mfcr    24",
    "    mfspr   25, 26",
    "    mfspr   30, 62", // ESR; 0 if the load of the instruction has missed before
    "    FUGUE_FETCH lwz, 28, 0(25)",
    "    rlwinm  27, 28, 6, 15, 31", // its opcodes
    "    mtspr   26, 25",
    "    andi.   27, 27, 0xCFBF", // what tlbsx, tlbre and tlbwe have in common
    "    li      29, ExitReason.Instruction",
    "    cmplwi  0, 27, (914 << 7 | 31) & 0xCFBF",
    "    stw     28, VcpuState.exit.instruction(0)",
    "    beq     0, 1f",
    "    stw     29, VcpuState.exit.reason(0)",
    "    stw     30, VcpuState.exit.detail(0)",
    "    mtcr    24",
    "    FUGUE_GUEST_SAVE",
    "    b       .Lguest_exited",
    "1:  mtcr    24",
    "    li      3, 6",
    ".Lguest_trapped:",
    "    FUGUE_GUEST_SAVE",
    "    mfspr   4, 62", // ESR
    "    mfspr   5, 61", // DEAR
    "    b       fugue_guest_trap",
    "",
    // From a miss: the guest's entry in r29 leads to no RAM, but perhaps to no place either; its word 1 is in r28, CR in r24, and
    // field 5 says whether the guest is in supervisor state. With the right, the access ends the run likewise.
    ".global fugue_guest_beyond_13",
    "fugue_guest_beyond_13:",
    "    lwz     27, GuestEntry.attributes(29)",
    "    cmpwi   0, 25, 0", // where RAM ends: 0 if it is not one piece from 0
    "    lwz     25, GuestEntry.mask(29)",
    "    beq     0, fugue_guest_left_13",
    "    mfspr   31, 62", // ESR
    "    mfspr   30, 61", // DEAR
    "    bne     5, 1f",
    "    slwi    27, 27, 3", // the supervisor's rights in the places of the user's
    "1:  rlwinm  31, 31, 9, 31, 31", // ST
    "    li      26, {user_load}",
    "    slw     26, 26, 31",
    "    and.    26, 26, 27",
    "    rlwinm  25, 25, 0, 0, 21",
    "    beq     0, fugue_guest_left_13",
    "    and     26, 28, 25",
    "    andc    27, 30, 25",
    "    rlwinm  28, 28, 0, 28, 31", // ERPN
    "    or      26, 26, 27",
    "    lwz     27, GuestCore.ram_end(0)",
    "    rlwinm  25, 26, 28, 4, 31", // a sixteenth of the address; that of the page, before, may have had more bits than count
    "    rlwimi  25, 28, 28, 0, 3",
    "    cmplw   0, 25, 27",
    "    blt     0, fugue_guest_left_13",
    "    stw     30, VcpuState.exit.effective(0)",
    "    stw     28, VcpuState.exit.physical_upper(0)",
    "    stw     26, VcpuState.exit.physical(0)",
    "    stw     31, VcpuState.exit.detail(0)",
    "    mtcr    24",
    "    lmw     24, GuestCore.saved(0)",
    "    stmw    0, VcpuState.gpr(0)",
    "    mfspr   25, 26", // SRR0
    "    FUGUE_FETCH lwz, 28, 0(25)", // 0 if that misses
    "    mtspr   26, 25",
    "    li      29, ExitReason.Access",
    "    stw     28, VcpuState.exit.instruction(0)",
    "    stw     29, VcpuState.exit.reason(0)",
    "    FUGUE_GUEST_SAVE",
    ".Lguest_exited:",
    "    lwz     24, CorePage.current(0)",
    "    lwz     22, Core.current(0)",
    "    lwz     29, Thread.fixed.msr(24)",
    "    lwz     18, Context.cr(24)",
    "    rlwinm  29, 29, 0, 27, 25", // without IS
    "    li      30, 0",
    "    li      11, 0",
    "    li      12, 0",
    "    stw     29, Thread.fixed.msr(24)",
    "    b       fugue_fast_switch",
    "",
    ".global fugue_guest_enter",
    ".type fugue_guest_enter, @function",
    "fugue_guest_enter:",
    "    lwz     6, CorePage.threads(0)",
    "    add     6, 6, 3",
    "    stw     6, CorePage.current(0)",
    ".global fugue_guest_load",
    "fugue_guest_load:", // of the current thread
    "    mfspr   7, 48", // PID
    "    lis     8, fugue_guest_vectors@h",
    "    cmpw    0, 7, 4",
    "    mtspr   63, 8", // IVPR
    "    mtspr   27, 5", // SRR1
    "    beq     0, 1f",
    "    mtspr   48, 4", // PID, which costs QEMU its own TLB
    "1:  lwz     4, VcpuState.sprg + 16(0)",
    "    lwz     5, VcpuState.sprg + 16 + 4(0)",
    "    lwz     6, VcpuState.sprg + 16 + 8(0)",
    "    lwz     7, VcpuState.sprg + 16 + 12(0)",
    "    lwz     8, VcpuState.usprg0(0)",
    "    mtspr   276, 4", // SPRG4 to SPRG7
    "    mtspr   277, 5",
    "    mtspr   278, 6",
    "    mtspr   279, 7",
    "    mtspr   256, 8", // USPRG0
    "    lwz     4, VcpuState.cr(0)",
    "    lwz     5, VcpuState.lr(0)",
    "    lwz     6, VcpuState.ctr(0)",
    "    lwz     7, VcpuState.xer(0)",
    "    lwz     8, VcpuState.pc(0)",
    "    mtcr    4",
    "    mtlr    5",
    "    mtctr   6",
    "    mtxer   7",
    "    mtspr   26, 8", // SRR0
    "    lwz     0, VcpuState.gpr(0)",
    "    lmw     1, VcpuState.gpr + 4(0)",
    "    rfi",
    ".size fugue_guest_enter, . - fugue_guest_enter",
}

const _: () = assert!(offset_of!(VcpuState, gpr) == 0 && VCPU_PAGE > 0xFFFF_7FFF);
