//! The general path's entry and exit: from a vector to Rust, and back to a thread.
//!
//! ```text
//! vector        r1 = the current thread, registers saved there
//! fugue_*       Rust: decides which thread goes on; it does not return
//! fugue_resume  all registers from there, then rfi
//! ```
//!
//! Nothing here can miss the TLB: the core page, the kernel's text and data are pinned. Only `SRR0/1`
//! are ever returned through; `rfci` is never executed (under icount it would abort QEMU), so critical
//! and machine-check vectors lead to a report and the end.
//!
//! System calls, the decrementer and external interrupts have Rust functions of their own: they cannot come
//! from the kernel itself, and need no syndrome.
#![expect(unsafe_code, reason = "assembly")]

use super::assembly::text;
use crate::arch::USER_MSR;
use crate::list::ThreadId;
use ppc440::msr;

unsafe extern "C" {
    /// The first vector; the others follow [`VECTOR_BYTES`] apart.
    pub(super) static fugue_vectors: u8;

    /// Resumes a thread, or the idle one.
    pub(super) fn fugue_resume(thread: Option<ThreadId>) -> !;

    /// Where an idle core waits.
    pub(super) static fugue_idle: u8;
}

/// Bytes from one vector to the next.
pub(super) const VECTOR_BYTES: u32 = 16;

// Vectors by their IVOR: 0 critical, 1 machine check, 2 data storage, 3 instruction storage, 4 external,
// 5 alignment, 6 program, 7 FP unavailable, 8 system call, 9 AP unavailable, 10 decrementer, 11 FIT,
// 12 watchdog, 13 data TLB, 14 instruction TLB, 15 debug.
text! { entry_text:
    // The registers that a vector's `stmw` leaves, then the core's stack. r4 to r8 are lost.
    ".macro FUGUE_SAVE",
    "    stw     0, Context.gpr(1)",
    "    lwz     4, CorePage.scratch(0)",
    "    mfcr    5",
    "    mflr    6",
    "    mfctr   7",
    "    mfxer   8",
    "    stw     4, Context.gpr + 4(1)",
    "    mfspr   4, 26", // SRR0
    "    stw     5, Context.cr(1)",
    "    stw     6, Context.lr(1)",
    "    stw     7, Context.ctr(1)",
    "    stw     8, Context.xer(1)",
    "    stw     4, Context.pc(1)",
    "    lwz     1, CorePage.stack(0)",
    ".endm",
    "",
    ".section .vectors, \"ax\", @progbits",
    ".global fugue_vectors",
    ".balign 256",
    "fugue_vectors:",
    ".irp vector, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15",
    "    .balign {vector_bytes}",
    ".global fugue_vector_\\vector",
    "fugue_vector_\\vector:",
    "    stw     1, CorePage.scratch(0)",
    "    .if \\vector == 4 || \\vector == 8 || \\vector == 10",
    "    lwz     1, CorePage.current(0)",
    "    stmw    2, Context.gpr + 8(1)",
    "    .endif",
    "    .if \\vector == 4",
    "    b       .Linterrupt",
    "    .elseif \\vector == 8",
    "    b       fugue_call_saved",
    "    .elseif \\vector == 10",
    "    b       .Ltimer",
    "    .else",
    "    mflr    1",
    "    bl      .Ltrap", // whose return address is the vector's number
    "    .endif",
    ".endr",
    // The paths in assembly, at offsets that the guests' vectors have too.
    "    .if {vm}",
    "    .balign {vector_bytes}",
    "    b       fugue_fast_vector",
    "    .balign {vector_bytes}",
    "    b       fugue_data_miss",
    "    .balign {vector_bytes}",
    "    b       fugue_fetch_miss",
    "    .endif",
    ".size fugue_vectors, . - fugue_vectors",
    "",
    ".macro FUGUE_COUNTED counter, function",
    "    lwz     5, Thread.counters.\\counter(1)",
    "    addi    5, 5, 1",
    "    stw     5, Thread.counters.\\counter(1)",
    "    FUGUE_SAVE",
    "    b       \\function",
    ".endm",
    ".Linterrupt:",
    "    FUGUE_COUNTED Interrupts, fugue_interrupt",
    ".Ltimer:",
    "    FUGUE_COUNTED Timers, fugue_timer",
    ".Ltrap:",
    "    stw     1, CorePage.link(0)",
    "    lwz     1, CorePage.current(0)",
    "    stmw    2, Context.gpr + 8(1)",
    "    mflr    3",
    "    lwz     4, CorePage.link(0)",
    "    rlwinm  3, 3, 28, 28, 31",
    "    mtlr    4",
    "    FUGUE_SAVE",
    "    mfspr   4, 27", // SRR1
    "    mfspr   5, 62", // ESR
    "    mfspr   6, 61", // DEAR
    "    stw     4, Core.syndrome(0)",
    "    stw     5, Core.syndrome + 4(0)",
    "    stw     6, Core.syndrome + 8(0)",
    "    b       fugue_trap",
    "",
    // From the fast path, which has saved r2 and r13 to r31 before it gave up.
    ".global fugue_call_half_saved",
    "fugue_call_half_saved:",
    ".irp register, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
    "    stw     \\register, Context.gpr + 4 * \\register(1)",
    ".endr",
    ".global fugue_call_saved",
    "fugue_call_saved:",
    "    FUGUE_SAVE",
    "    lwz     3, CorePage.current(0)",
    "    rlwinm  5, 5, 0, 4, 31", // the fast path has compared what is the kernel's
    "    stw     5, Context.cr(3)",
    "    b       fugue_call",
    "",
    // From the way out, which ends here for a guest: more is due first.
    "    .if {vm}",
    ".Lguest:",
    "    lwz     1, CorePage.stack(0)",
    "    b       fugue_guest_leave",
    "    .endif",
    "",
    ".global fugue_resume",
    ".type fugue_resume, @function",
    "fugue_resume:",
    "    lwz     1, CorePage.threads(0)",
    "    add     1, 1, 3",
    "    stw     1, CorePage.current(0)",
    "    lwz     2, Thread.fixed.pid(1)",
    "    lwz     3, Thread.fixed.msr(1)",
    "    lwz     4, Context.cr(1)",
    "    lwz     5, Context.lr(1)",
    "    lwz     6, Context.ctr(1)",
    "    lwz     7, Context.xer(1)",
    "    lwz     8, Context.pc(1)",
    "    .if {vm}",
    "    andi.   0, 3, msr.IS",
    "    bne     0, .Lguest",
    "    .else",
    "    li      0, 0",
    "    .endif",
    "    mtspr   48, 2", // PID
    "    mtspr   256, 0", // USPRG0: users write it, and no thread's registers hold it
    "    mtspr   27, 3", // SRR1
    "    mtcr    4",
    "    mtlr    5",
    "    mtctr   6",
    "    mtxer   7",
    "    mtspr   26, 8", // SRR0
    "    lwz     0, Context.gpr(1)",
    "    lmw     2, Context.gpr + 8(1)",
    "    lwz     1, Context.gpr + 4(1)",
    "    rfi",
    ".size fugue_resume, . - fugue_resume",
    "",
    // MSR[WE] is set by mtmsr alone: rfi never sets it.
    ".global fugue_idle",
    ".type fugue_idle, @function",
    "fugue_idle:",
    "    lis     3, msr.WE >> 16",
    "    ori     3, 3, msr.EE | msr.ME",
    "    mtmsr   3",
    "    isync",
    "    b       fugue_idle",
    ".size fugue_idle, . - fugue_idle",
}

/// The MSR of the idle loop: supervisor; it lets interrupts in by itself.
pub(super) const IDLE_MSR: u32 = msr::ME;

// A user MSR with any of these would let a domain out of its space or into the kernel's.
const _: () = assert!(USER_MSR & (msr::IS | msr::DS | msr::WE | msr::CE | msr::DE) == 0);
