//! Entry and exit: from a vector to [`fugue_trap`](crate::image!), and back to a thread.
//!
//! ```text
//! vector n      r1 to the core page, r1 = registers of the current thread, r2-r31 saved there
//! common        the rest saved; arguments r3 vector, r4 SRR1, r5 ESR, r6 DEAR; the core's stack
//! fugue_trap    Rust: decides, and leaves the next thread's registers in the core page
//! fugue_resume  all registers from there, then rfi
//! ```
//!
//! The core page needs no base register: `lwz r1, current(0)` with a negative displacement reaches it.
//! Nothing here can miss the TLB: the core page, the kernel's text and data are pinned. Only `SRR0/1`
//! are ever returned through; `rfci` is never executed (under icount it would abort QEMU), so critical
//! and machine-check vectors lead to a report and the end.
#![expect(unsafe_code, reason = "assembly, and the core page that it shares with Rust")]

use crate::arch::{CORE_PAGE, USER_MSR};
use crate::context::Context;
use crate::objects::{Fixed, Thread};
use core::arch::global_asm;
use core::mem::offset_of;
use ppc440::msr;

/// What assembly and Rust share on each core, at [`CORE_PAGE`].
#[repr(C)]
pub(super) struct CorePage {
    /// The thread that runs, or the idle one.
    pub(super) current: *mut Thread,
    /// Top of the core's stack.
    pub(super) stack: u32,
    /// r1 while the entry code needs its register.
    pub(super) scratch: u32,
}

/// The core page.
pub(super) fn core_page() -> *mut CorePage {
    CORE_PAGE as *mut CorePage
}

/// The address of a field of the core page as a displacement from 0.
const fn core(offset: usize) -> i32 {
    CORE_PAGE as i32 + offset as i32
}

/// Where the boot code leaves the top of the core's stack, as a displacement from 0.
pub const STACK_FIELD: i32 = core(offset_of!(CorePage, stack));

unsafe extern "C" {
    /// The first vector; the others follow 64 bytes apart.
    pub(super) static fugue_vectors: u8;

    /// Resumes the thread that the core page names.
    pub(super) fn fugue_resume() -> !;

    /// Where an idle core waits.
    pub(super) static fugue_idle: u8;
}

/// Bytes from one vector to the next.
pub(super) const VECTOR_BYTES: u32 = 64;

// Vectors by their IVOR: 0 critical, 1 machine check, 2 data storage, 3 instruction storage, 4 external,
// 5 alignment, 6 program, 7 FP unavailable, 8 system call, 9 AP unavailable, 10 decrementer, 11 FIT,
// 12 watchdog, 13 data TLB, 14 instruction TLB, 15 debug.
global_asm!(
    ".section .vectors, \"ax\", @progbits",
    ".global fugue_vectors",
    ".balign 64",
    "fugue_vectors:",
    ".irp vector, 0, 1, 2, 3, 4, 5, 6, 7",
    "    .balign 64",
    "    stw     1, {scratch}(0)",
    "    lwz     1, {current}(0)",
    "    stmw    2, {gpr2}(1)",
    "    li      3, \\vector",
    "    b       .Lfugue_common",
    ".endr",
    // The null call never leaves the vector. CR is a call's to change; the comparisons are of the
    // caller's own registers, so it learns nothing.
    "    .balign 64",
    "    cmpwi   0, 0, 0",
    "    bne     0, 1f",
    "    cmpwi   0, 11, 0",
    "    bne     0, 1f",
    "    rfi",
    "1:  stw     1, {scratch}(0)",
    "    lwz     1, {current}(0)",
    "    stmw    2, {gpr2}(1)",
    "    li      3, 8",
    "    b       .Lfugue_common",
    ".irp vector, 9, 10, 11, 12, 13, 14, 15",
    "    .balign 64",
    "    stw     1, {scratch}(0)",
    "    lwz     1, {current}(0)",
    "    stmw    2, {gpr2}(1)",
    "    li      3, \\vector",
    "    b       .Lfugue_common",
    ".endr",
    ".size fugue_vectors, . - fugue_vectors",
    "",
    ".Lfugue_common:",
    "    stw     0, {gpr0}(1)",
    "    lwz     4, {scratch}(0)",
    "    stw     4, {gpr1}(1)",
    "    mfcr    4",
    "    mflr    5",
    "    mfctr   6",
    "    mfxer   7",
    "    mfspr   8, 26", // SRR0
    "    stw     4, {cr}(1)",
    "    stw     5, {lr}(1)",
    "    stw     6, {ctr}(1)",
    "    stw     7, {xer}(1)",
    "    stw     8, {pc}(1)",
    "    mfspr   4, 27", // SRR1
    "    mfspr   5, 62", // ESR
    "    mfspr   6, 61", // DEAR
    "    lwz     1, {stack}(0)",
    "    bl      fugue_trap",
    "",
    ".global fugue_resume",
    ".type fugue_resume, @function",
    "fugue_resume:",
    "    lwz     1, {current}(0)",
    "    lwz     2, {pid}(1)",
    "    lwz     3, {msr}(1)",
    "    lwz     4, {cr}(1)",
    "    lwz     5, {lr}(1)",
    "    lwz     6, {ctr}(1)",
    "    lwz     7, {xer}(1)",
    "    lwz     8, {pc}(1)",
    "    li      0, 0",
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
    current = const core(offset_of!(CorePage, current)),
    pid = const offset_of!(Thread, fixed) + offset_of!(Fixed, pid),
    msr = const offset_of!(Thread, fixed) + offset_of!(Fixed, msr),
    stack = const core(offset_of!(CorePage, stack)),
    scratch = const core(offset_of!(CorePage, scratch)),
    gpr0 = const offset_of!(Context, gpr),
    gpr1 = const offset_of!(Context, gpr) + 4,
    gpr2 = const offset_of!(Context, gpr) + 8,
    cr = const offset_of!(Context, cr),
    lr = const offset_of!(Context, lr),
    ctr = const offset_of!(Context, ctr),
    xer = const offset_of!(Context, xer),
    pc = const offset_of!(Context, pc),
    idle_msr = const msr::WE | msr::EE | msr::ME,
);

/// The MSR of the idle loop: supervisor; it lets interrupts in by itself.
pub(super) const IDLE_MSR: u32 = msr::ME;

// A user MSR with any of these would let a domain out of its space or into the kernel's.
const _: () = assert!(USER_MSR & (msr::IS | msr::DS | msr::WE | msr::CE | msr::DE) == 0);
