//! Into a guest again, without a frame: what a monitor does after it has completed an instruction.
//!
//! `VcpuRun` comes here first. It enters the guest at once if nothing has happened since the latest exit that the
//! general path would have to look at: the same thread makes the same call, no signal has come, the monitor asks for
//! nothing and has left the guest's PID and spaces alone. Everything else goes to the general path, which does the same
//! and more.
//!
//! | register | holds on the way in                     |
//! |----------|-----------------------------------------|
//! | r1       | the monitor's thread                    |
//! | r3       | what keeps the guest from being entered |
//! | r4       | the hardware's PID, at the end          |
//! | r6       | the guest's MSR                         |

use super::assembly::text;
use ppc440::msr;

/// What the guest's MSR may hold on this path: its own interrupts, user state, and what is only kept. Not what may need
/// the general path: DE, and the exceptions of floating point.
pub(super) const ORDINARY: u32 = 0x0002_FF00 & !(msr::DE | msr::FE);

text! { guest_run_text:
    ".section .vectors, \"ax\", @progbits",
    ".balign 16",
    ".global fugue_run",
    "fugue_run:",
    "    lwz     0, Core.run_thread(0)",
    "    lwz     12, Core.current(0)",
    "    xor     12, 12, 0",
    "    lwz     0, Core.run_slot(0)",
    "    xor     0, 0, 11",
    "    or.     0, 0, 12",
    "    bne     0, .Lrun_left",
    "    lwz     3, Thread.signals(1)",
    "    lwz     4, VcpuState.requests(0)",
    "    lwz     5, VcpuState.exit.floats(0)",
    "    lwz     6, VcpuState.msr(0)",
    "    or      3, 3, 4",
    "    lwz     10, VcpuState.pid(0)",
    "    lwz     12, GuestCore.entered(0)",
    "    or      3, 3, 5",
    "    lis     4, {ordinary} >> 16",
    "    xor     10, 10, 12",
    "    ori     4, 4, {ordinary} & 0xFFFF",
    "    or      3, 3, 10",
    "    andc    4, 6, 4",
    "    rlwinm  5, 6, 20, 29, 29", // PR, as a place in the core page
    "    or.     3, 3, 4",
    "    lwz     4, GuestCore.pids(5)",
    "    bne     0, .Lrun_left",
    "    cmpwi   0, 4, 0",
    "    beq     0, .Lrun_left",
    // From here on nothing can go wrong.
    "    stmw    13, Context.gpr + 4 * 13(1)",
    "    mfcr    7",
    "    mflr    8",
    "    mfspr   9, 26", // SRR0
    "    lwz     10, CorePage.scratch(0)",
    "    lwz     5, Thread.fixed.msr(1)",
    "    lwz     3, Thread.counters.Calls(1)",
    "    rlwinm  7, 7, 0, 4, 31", // what was compared is the kernel's
    "    stw     2, Context.gpr + 8(1)",
    "    stw     7, Context.cr(1)",
    "    stw     8, Context.lr(1)",
    "    stw     9, Context.pc(1)",
    "    stw     10, Context.gpr + 4(1)",
    "    and     6, 5, 6",
    "    ori     5, 5, msr.IS",
    "    addi    3, 3, 1",
    "    stw     5, Thread.fixed.msr(1)",
    "    stw     3, Thread.counters.Calls(1)",
    "    lis     5, {guest_msr} >> 16",
    "    ori     5, 5, {guest_msr} & 0xFFFF",
    "    rlwimi  5, 6, 0, 18, 18", // FP, if the registers are the thread's and the guest may use them
    "    b       fugue_guest_load",
    ".Lrun_left:",
    "    li      0, Call.VcpuRun",
    "    b       fugue_fast_neither",
    ".size fugue_run, . - fugue_run",
    "",
}
