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

use super::core_page::{CURRENT, LINK, SCRATCH, STACK, SYNDROME, THREADS};
use crate::arch::USER_MSR;
use crate::context::Context;
use crate::list::ThreadId;
use crate::objects::Thread;
use abi::Counter;
use core::arch::global_asm;
use core::mem::offset_of;
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
global_asm!(
    // The registers that a vector's `stmw` leaves, then the core's stack. r4 to r8 are lost.
    ".macro FUGUE_SAVE",
    "    stw     0, {gpr0}(1)",
    "    lwz     4, {scratch}(0)",
    "    mfcr    5",
    "    mflr    6",
    "    mfctr   7",
    "    mfxer   8",
    "    stw     4, {gpr1}(1)",
    "    mfspr   4, 26", // SRR0
    "    stw     5, {cr}(1)",
    "    stw     6, {lr}(1)",
    "    stw     7, {ctr}(1)",
    "    stw     8, {xer}(1)",
    "    stw     4, {pc}(1)",
    "    lwz     1, {stack}(0)",
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
    "    stw     1, {scratch}(0)",
    "    .if \\vector == 4 || \\vector == 8 || \\vector == 10",
    "    lwz     1, {current}(0)",
    "    stmw    2, {gpr2}(1)",
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
    "    lwz     5, \\counter(1)",
    "    addi    5, 5, 1",
    "    stw     5, \\counter(1)",
    "    FUGUE_SAVE",
    "    b       \\function",
    ".endm",
    ".Linterrupt:",
    "    FUGUE_COUNTED {interrupts}, fugue_interrupt",
    ".Ltimer:",
    "    FUGUE_COUNTED {timers}, fugue_timer",
    ".Ltrap:",
    "    stw     1, {link}(0)",
    "    lwz     1, {current}(0)",
    "    stmw    2, {gpr2}(1)",
    "    mflr    3",
    "    lwz     4, {link}(0)",
    "    rlwinm  3, 3, 28, 28, 31",
    "    mtlr    4",
    "    FUGUE_SAVE",
    "    mfspr   4, 27", // SRR1
    "    mfspr   5, 62", // ESR
    "    mfspr   6, 61", // DEAR
    "    stw     4, {syndrome}(0)",
    "    stw     5, {syndrome}+4(0)",
    "    stw     6, {syndrome}+8(0)",
    "    b       fugue_trap",
    "",
    // From the fast path, which has saved r2 and r13 to r31 before it gave up.
    ".global fugue_call_half_saved",
    "fugue_call_half_saved:",
    ".irp register, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
    "    stw     \\register, {gpr0} + 4 * \\register(1)",
    ".endr",
    ".global fugue_call_saved",
    "fugue_call_saved:",
    "    FUGUE_SAVE",
    "    lwz     3, {current}(0)",
    "    rlwinm  5, 5, 0, 4, 31", // the fast path has compared what is the kernel's
    "    stw     5, {cr}(3)",
    "    b       fugue_call",
    "",
    // From the way out, which ends here for a guest: more is due first.
    "    .if {vm}",
    ".Lguest:",
    "    lwz     1, {stack}(0)",
    "    b       fugue_guest_leave",
    "    .endif",
    "",
    ".global fugue_resume",
    ".type fugue_resume, @function",
    "fugue_resume:",
    "    lwz     1, {threads}(0)",
    "    add     1, 1, 3",
    "    stw     1, {current}(0)",
    "    lwz     2, {pid}(1)",
    "    lwz     3, {msr}(1)",
    "    lwz     4, {cr}(1)",
    "    lwz     5, {lr}(1)",
    "    lwz     6, {ctr}(1)",
    "    lwz     7, {xer}(1)",
    "    lwz     8, {pc}(1)",
    "    .if {vm}",
    "    andi.   0, 3, {is}",
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
    "    lwz     0, {gpr0}(1)",
    "    lmw     2, {gpr2}(1)",
    "    lwz     1, {gpr1}(1)",
    "    rfi",
    ".size fugue_resume, . - fugue_resume",
    "",
    // MSR[WE] is set by mtmsr alone: rfi never sets it.
    ".global fugue_idle",
    ".type fugue_idle, @function",
    "fugue_idle:",
    "    lis     3, {idle_msr} >> 16",
    "    ori     3, 3, {idle_msr} & 0xffff",
    "    mtmsr   3",
    "    isync",
    "    b       fugue_idle",
    ".size fugue_idle, . - fugue_idle",
    current = const CURRENT,
    threads = const THREADS,
    stack = const STACK,
    scratch = const SCRATCH,
    link = const LINK,
    syndrome = const SYNDROME,
    vector_bytes = const VECTOR_BYTES,
    gpr0 = const offset_of!(Context, gpr),
    gpr1 = const offset_of!(Context, gpr) + 4,
    gpr2 = const offset_of!(Context, gpr) + 8,
    cr = const offset_of!(Context, cr),
    lr = const offset_of!(Context, lr),
    ctr = const offset_of!(Context, ctr),
    xer = const offset_of!(Context, xer),
    pc = const offset_of!(Context, pc),
    interrupts = const offset_of!(Thread, counters) + 4 * Counter::Interrupts as usize,
    timers = const offset_of!(Thread, counters) + 4 * Counter::Timers as usize,
    pid = const offset_of!(Thread, fixed.pid),
    msr = const offset_of!(Thread, fixed.msr),
    vm = const cfg!(feature = "vm") as u32,
    is = const msr::IS,
    idle_msr = const msr::WE | msr::EE | msr::ME,
);

/// The MSR of the idle loop: supervisor; it lets interrupts in by itself.
pub(super) const IDLE_MSR: u32 = msr::ME;

// A user MSR with any of these would let a domain out of its space or into the kernel's.
const _: () = assert!(USER_MSR & (msr::IS | msr::DS | msr::WE | msr::CE | msr::DE) == 0);
