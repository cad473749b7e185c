//! Into a guest again, without a frame: what a monitor does after it has completed an instruction.
//!
//! `VcpuRun` comes here first. It enters the guest at once if nothing has happened since the latest exit that the
//! general path would have to look at: the same thread makes the same call, no signal has come and the virtual
//! CPU's timer has not, the monitor asks for nothing and has left the guest's context and timers alone, and no
//! interrupt waits that the guest lets in. Everything else goes to the general path, which does the same and more.
//!
//! | register | holds on the way in                         |
//! |----------|---------------------------------------------|
//! | r1       | the monitor's thread                        |
//! | r3       | what keeps the guest from being entered     |
//! | r4       | the hardware's PID, at the end              |
//! | r6 to r9 | the guest's MSR, TCR, TSR and its two lines |
#![expect(unsafe_code, reason = "assembly")]

use super::core_page::{CURRENT_ID, GUEST_ENTERED, GUEST_PIDS, GUEST_WAITS, RUN_SLOT, RUN_THREAD, SCRATCH};
use super::guest::field;
use crate::arch::GUEST_MSR;
use crate::context::Context;
use crate::objects::Thread;
use crate::vcpu::timers::{DIE, DIS, FIE, WIE};
use abi::vcpu::{LINE_CRITICAL, LINE_EXTERNAL, VcpuState};
use abi::{Call, Counter};
use core::arch::global_asm;
use core::mem::offset_of;
use ppc440::msr;

/// What the guest's MSR may hold on this path: its own interrupts, user state, and what is only kept. Not what may need
/// the general path: DE, and the exceptions of floating point.
const ORDINARY: u32 = 0x0002_FF00 & !(msr::DE | msr::FE);

global_asm!(
    ".section .vectors, \"ax\", @progbits",
    ".balign 16",
    ".global fugue_run",
    "fugue_run:",
    "    lwz     0, {run_thread}(0)",
    "    lwz     12, {current_id}(0)",
    "    xor     12, 12, 0",
    "    lwz     0, {run_slot}(0)",
    "    xor     0, 0, 11",
    "    or.     0, 0, 12",
    "    bne     0, .Lrun_left",
    "    lwz     3, {signals}(1)",
    "    lwz     4, {requests}(0)",
    "    lwz     5, {floats}(0)",
    "    lwz     6, {msr}(0)",
    "    lwz     7, {tcr}(0)",
    "    lwz     8, {tsr}(0)",
    "    lwz     9, {lines}(0)",
    "    or      3, 3, 4",
    "    lwz     10, {pid}(0)",
    "    lwz     12, {entered}(0)",
    "    or      3, 3, 5",
    "    lis     4, {ordinary} >> 16",
    "    xor     10, 10, 12",
    "    ori     4, 4, {ordinary} & 0xFFFF",
    "    or      3, 3, 10",
    "    andc    4, 6, 4",
    "    lwz     5, {entered}+4(0)",
    "    lwz     12, {entered}+8(0)",
    "    or      3, 3, 4",
    "    xor     5, 5, 7",
    "    xor     12, 12, 8",
    "    or      3, 3, 5",
    "    slwi    5, 7, 1",
    "    or      3, 3, 12",
    "    and     5, 5, 8",
    "    andi.   4, 6, {ee}",
    "    rlwinm  5, 5, 0, {dis}, {dis}", // TCR[DIE] and TSR[DIS]
    "    rlwimi  5, 9, 0, 31, 31", // the external line
    "    rlwimi  5, 7, 0, {fie}, {fie}", // for which nobody is in a hurry
    "    stw     5, {waits}(0)",
    "    beq     0, 1f",
    "    or      3, 3, 5",
    "1:  andis.  4, 6, {ce} >> 16",
    "    rlwinm  5, 7, 0, {wie}, {wie}",
    "    rlwimi  5, 9, 0, 30, 30", // the critical line
    "    beq     0, 2f",
    "    or      3, 3, 5",
    "2:  rlwinm  4, 6, 20, 29, 29", // PR, as a place in the core page
    "    cmpwi   0, 3, 0",
    "    lwz     4, {pids}(4)",
    "    bne     0, .Lrun_left",
    "    cmpwi   0, 4, 0",
    "    beq     0, .Lrun_left",
    // From here on nothing can go wrong.
    "    stmw    13, {gpr13}(1)",
    "    mfcr    7",
    "    mflr    8",
    "    mfspr   9, 26", // SRR0
    "    lwz     10, {scratch}(0)",
    "    lwz     5, {thread_msr}(1)",
    "    lwz     3, {calls}(1)",
    "    rlwinm  7, 7, 0, 4, 31", // what was compared is the kernel's
    "    stw     2, {gpr2}(1)",
    "    stw     7, {cr}(1)",
    "    stw     8, {lr}(1)",
    "    stw     9, {pc}(1)",
    "    stw     10, {gpr1}(1)",
    "    and     6, 5, 6",
    "    ori     5, 5, {is}",
    "    addi    3, 3, 1",
    "    stw     5, {thread_msr}(1)",
    "    stw     3, {calls}(1)",
    "    lis     5, {guest_msr} >> 16",
    "    ori     5, 5, {guest_msr} & 0xFFFF",
    "    rlwimi  5, 6, 0, 18, 18", // FP, if the registers are the thread's and the guest may use them
    "    b       fugue_guest_load",
    ".Lrun_left:",
    "    li      0, {vcpu_run}",
    "    b       fugue_fast_neither",
    ".size fugue_run, . - fugue_run",
    "",
    run_thread = const RUN_THREAD,
    run_slot = const RUN_SLOT,
    current_id = const CURRENT_ID,
    scratch = const SCRATCH,
    pids = const GUEST_PIDS,
    entered = const GUEST_ENTERED,
    waits = const GUEST_WAITS,
    vcpu_run = const Call::VcpuRun as u32,
    ordinary = const ORDINARY,
    guest_msr = const GUEST_MSR,
    ee = const msr::EE,
    ce = const msr::CE,
    is = const msr::IS,
    dis = const DIS.leading_zeros(),
    fie = const FIE.leading_zeros(),
    wie = const WIE.leading_zeros(),
    signals = const offset_of!(Thread, signals),
    calls = const offset_of!(Thread, counters) + 4 * Counter::Calls as usize,
    thread_msr = const offset_of!(Thread, fixed.msr),
    gpr1 = const offset_of!(Context, gpr) + 4,
    gpr2 = const offset_of!(Context, gpr) + 8,
    gpr13 = const offset_of!(Context, gpr) + 4 * 13,
    cr = const offset_of!(Context, cr),
    lr = const offset_of!(Context, lr),
    pc = const offset_of!(Context, pc),
    requests = const field(offset_of!(VcpuState, requests)),
    floats = const field(offset_of!(VcpuState, exit.floats)),
    msr = const field(offset_of!(VcpuState, msr)),
    tcr = const field(offset_of!(VcpuState, tcr)),
    tsr = const field(offset_of!(VcpuState, tsr)),
    lines = const field(offset_of!(VcpuState, lines)),
    pid = const field(offset_of!(VcpuState, pid)),
);

// The bits that the tests of what waits take from the registers.
const _: () = assert!(DIE << 1 == DIS && LINE_EXTERNAL == 1 && LINE_CRITICAL == 2);
