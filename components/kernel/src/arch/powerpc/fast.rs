//! The fast path: `Call`, `ReplyRecv` and `Signal` between threads of a core, from vector to `rfi`.
//!
//! It takes what a correct program does when nobody interferes: a call to a server that waits, a reply by a
//! server that has nothing else to do, to a caller that no ready thread outranks; a signal that nobody waits
//! for, or that wakes a thread above the signaller; a fault handler's answer that lets the thread go on.
//! Everything else goes to the general path with the registers as `sc` left them; the two do the same thing, and a
//! test drives both.
//!
//! # Registers
//!
//! The caller's r13 to r31 are saved first, so all of them are scratch. Words (r3 to r10) and tag (r12) stay
//! where they are: they *are* the message.
//!
//! | register | holds                                                                            |
//! |----------|----------------------------------------------------------------------------------|
//! | r1       | the thread that made the call, then the one that goes on         |
//! | r11      | the slot, then the badge that the other gets                     |
//! | r17      | its count of calls                                               |
//! | r18      | CR of a caller, as it gets it back; zero for a server            |
//! | r22      | the other thread's id                                            |
//! | r24      | the other thread                                                 |
//! | r26      | the caller's priority                                            |
//! | r30      | zero                                                             |
//!
//! What the other thread finds: r0 status (0), r3 to r10 words, r11 badge, r12 tag; its own r1, r2, r13 to r31;
//! zero in LR, CTR, XER and USPRG0. A caller finds its own CR (but for field 0) again, so that its stub need not
//! save it: three moves here spare six there. A server finds zero. Nothing of the kernel's or of the first thread's
//! is left in any register that it can read: SPRG4 to 7 are never written, floating-point registers answer to their
//! owner alone.
//!
//! # Words that were not sent
//!
//! They arrive as zero. The tag's last four bits select where to enter a row of sixteen instructions, 64 bytes at a
//! multiple of 64, whose address SPRG0 holds: eight `li`, one for each word, then branches to
//! its end. A message of n words enters at n and so clears the others; 9 to 15 count as 8.
#![expect(unsafe_code, reason = "assembly")]

use super::assembly::text;
use crate::list::{Links, List, THREAD_SHIFT};
use crate::objects::Run;
use abi::{Call, Cap, Status};
use core::mem::offset_of;

// What the assembly below takes for granted.
const _: () = {
    assert!(Call::Null as u32 == 0 && Call::Call as u32 == 1 && Call::ReplyRecv as u32 == 3);
    assert!(Run::Running as u32 == 0);
    assert!(Run::Receiving as u32 & 1 == Status::Notified as u32);
    assert!(Run::Waiting as u32 & 1 == Status::Ok as u32);
    // Ends of a list and neighbours in one: the first word leads forward in the one, backward in the other.
    assert!(size_of::<List>() == 8 && size_of::<Links>() == 8);
    assert!(List::FIRST == 0 && Links::PREVIOUS == 0);
    assert!(size_of::<Cap>() == 8 && offset_of!(Cap, badge) == 4);
    assert!(THREAD_SHIFT == 8);
};

unsafe extern "C" {
    /// The system call's vector with the fast path.
    pub(super) static fugue_fast_vector: u8;
    /// The row that clears words of a message.
    pub(super) static fugue_clear: u8;
}

text! { fast_text:
    // Finds the thread that the capability in slot r11 names: r24, its id in r22, what it is doing in r25; r14
    // leads to the capability. To the general path if there is no such capability, or not with exactly this right.
    ".macro FUGUE_NAMED signature",
    "    lwz     13, CorePage.scratch(0)",
    "    lwz     14, Thread.fixed.caps(1)",
    "    lwz     15, Thread.fixed.cap_count(1)",
    "    mfspr   16, 26", // SRR0
    "    lwz     17, Thread.counters.Calls(1)",
    "    cmplw   0, 11, 15",
    "    stw     13, Context.gpr + 4(1)",
    "    stw     2, Context.gpr + 8(1)",
    "    stw     16, Context.pc(1)",
    "    bge     0, fugue_call_half_saved",
    "    slwi    18, 11, {cap_shift}",
    "    lwzux   19, 14, 18", // the capability's first word; its badge is the next
    "    srwi    21, 19, 16",
    "    cmplwi  0, 21, \\signature",
    "    bne     0, fugue_call_half_saved",
    "    rlwinm  22, 19, 8, 8, 23",
    "    lwz     23, CorePage.threads(0)",
    "    addi    22, 22, 256",
    "    add     24, 22, 23",
    "    lwz     25, Thread.run(24)",
    ".endm",
    "",
    // Finds the thread with the id in r22, to whom the current one answers: r24. To the general path if somebody
    // outranks it.
    ".macro FUGUE_ANSWERED",
    "    lwz     23, CorePage.threads(0)",
    "    add     24, 22, 23",
    "    lwz     26, Thread.priority(24)",
    "    lwz     27, Core.ready.occupied(0)",
    "    lbz     28, Thread.base(1)",
    "    srw     27, 27, 26",
    "    cmplwi  0, 27, 1",
    "    bgt     0, fugue_call_half_saved",
    "    li      29, Run.Receiving",
    "    li      30, 0",
    "    addi    17, 17, 1",
    "    stw     28, Thread.priority(1)",
    "    stw     29, Thread.run(1)",
    "    stw     17, Thread.counters.Calls(1)",
    "    stw     30, Thread.peer(24)",
    ".endm",
    "",
    ".section .vectors, \"ax\", @progbits",
    ".balign 16",
    ".global fugue_fast_vector",
    "fugue_fast_vector:",
    "    cmplwi  0, 0, Call.Call",
    "    stw     1, CorePage.scratch(0)",
    "    lwz     1, CorePage.current(0)",
    "    beq     0, .Lfast_call",
    "    blt     0, .Lfast_null",
    "    cmplwi  0, 0, Call.ReplyRecv",
    "    beq     0, .Lfast_reply",
    "    .if     {signals_fast}",
    "    cmplwi  0, 0, Call.Signal",
    "    beq     0, .Lfast_signal",
    "    .endif",
    "    .if     {vm}",
    "    cmplwi  0, 0, Call.VcpuRun",
    "    beq     0, fugue_run",
    ".global fugue_fast_neither",
    "fugue_fast_neither:",
    "    .endif",
    ".Lfast_neither:",
    "    stmw    2, Context.gpr + 8(1)",
    "    b       fugue_call_saved",
    // The null call of slot 0.
    ".Lfast_null:",
    "    cmpwi   0, 11, 0",
    "    bne     0, .Lfast_neither",
    "    lwz     12, Thread.counters.Calls(1)",
    "    addi    12, 12, 1",
    "    stw     12, Thread.counters.Calls(1)",
    "    li      12, 0",
    "    lwz     1, CorePage.scratch(0)",
    "    rfi",
    "",
    // CR field 0 says 'equal' here, which is no secret.
    ".Lfast_call:",
    "    stmw    13, Context.gpr + 4 * 13(1)",
    "    mfcr    18",
    "    stw     18, Context.cr(1)",
    "    FUGUE_NAMED {may_call}",
    "    cmplwi  0, 25, Run.Receiving",
    "    bne     0, fugue_call_half_saved",
    // From here on nothing can go wrong.
    "    lwz     26, Thread.priority(1)",
    "    lwz     27, Thread.priority(24)",
    "    li      28, Run.AwaitingReply",
    "    subf    29, 23, 1",
    "    li      30, 0",
    "    cmplw   0, 26, 27",
    "    addi    17, 17, 1",
    "    stw     28, Thread.run(1)",
    "    stw     22, Thread.peer(1)",
    "    stw     29, Thread.owes(24)",
    "    lwz     11, 4(14)",
    "    li      18, 0",
    "    ble     0, .Lfast_lent",
    "    stw     26, Thread.priority(24)",
    ".Lfast_lent:",
    "    stw     17, Thread.counters.Calls(1)",
    // Makes r24 the current thread and leaves to it, with what r18 holds in CR.
    ".global fugue_fast_switch",
    "fugue_fast_switch:",
    "    stw     30, Thread.run(24)",
    "    lwz     31, Thread.fixed.pid(24)",
    "    lwz     29, Thread.fixed.msr(24)",
    "    lwz     28, Context.pc(24)",
    "    mfspr   27, 272", // SPRG0
    "    stw     24, CorePage.current(0)",
    "    stw     22, Core.current(0)",
    "    mtspr   48, 31", // PID
    "    mtspr   256, 30", // USPRG0
    "    mtspr   27, 29", // SRR1
    "    mtspr   26, 28", // SRR0
    "    rlwimi  27, 12, 2, 26, 29",
    "    mr      1, 24",
    "    mtctr   27",
    "    li      0, 0",
    "    bctr",
    ".balign 64",
    ".global fugue_clear",
    "fugue_clear:",
    ".irp word, 3, 4, 5, 6, 7, 8, 9, 10",
    "    li      \\word, 0",
    ".endr",
    ".rept 8",
    "    b       9f",
    ".endr",
    "9:  mtctr   30",
    "    mtlr    30",
    "    mtxer   30",
    "    mtcr    18",
    "    lwz     2, Context.gpr + 8(1)",
    "    lmw     13, Context.gpr + 4 * 13(1)",
    "    lwz     1, Context.gpr + 4(1)",
    "    rfi",
    "",
    ".balign 16",
    ".Lfast_reply:",
    "    stmw    13, Context.gpr + 4 * 13(1)",
    "    lwz     13, CorePage.scratch(0)",
    "    lwz     14, Thread.fixed.serve_slot(1)",
    "    lwz     22, Thread.owes(1)",
    "    mfspr   16, 26", // SRR0
    "    lwz     18, Thread.signals(1)",
    "    lwz     19, Thread.callers(1)",
    "    lwz     17, Thread.counters.Calls(1)",
    "    stw     13, Context.gpr + 4(1)",
    "    stw     2, Context.gpr + 8(1)",
    "    stw     16, Context.pc(1)",
    "    cmplw   0, 11, 14",
    "    bne     0, fugue_call_half_saved",
    "    or.     18, 18, 19",
    "    bne     0, fugue_call_half_saved",
    "    cmpwi   0, 22, 0",
    "    beq     0, .Lfast_mended",
    "    FUGUE_ANSWERED",
    "    lwz     18, Context.cr(24)",
    "    li      11, 0",
    "    stw     30, Thread.owes(1)",
    "    b       fugue_fast_switch",
    // No caller is owed a reply: perhaps it is a fault's handler that lets the thread go on.
    ".Lfast_mended:",
    "    .if     {budgets}",
    "    b       fugue_call_half_saved", // `handles` may stand for a call on an empty account
    "    .else",
    "    lwz     22, Thread.handles(1)",
    "    srwi    21, 12, 16", // the outcome
    "    rlwinm  20, 12, 0, 28, 30", // zero if fewer than two words were sent
    "    rlwinm  19, 4, 0, 30, 31", // zero if the next instruction lies at a word
    "    xori    18, 3, FaultAnswer.Resume",
    "    or      21, 21, 19",
    "    cmpwi   0, 22, 0",
    "    or      21, 21, 18",
    "    beq     0, fugue_call_half_saved",
    "    cmpwi   0, 20, 0",
    "    beq     0, fugue_call_half_saved",
    "    cmpwi   0, 21, 0",
    "    bne     0, fugue_call_half_saved",
    "    FUGUE_ANSWERED",
    "    stw     30, Thread.handles(1)",
    "    stb     30, Thread.faulted(24)",
    "    stw     30, Thread.run(24)",
    "    stw     4, Context.pc(24)",
    "    stw     22, Core.current(0)",
    "    mr      3, 22",
    "    b       fugue_resume",
    "    .endif",
    "",
    "    .if     {signals_fast}",
    ".balign 16",
    ".Lfast_signal:",
    "    stmw    13, Context.gpr + 4 * 13(1)",
    "    FUGUE_NAMED {may_signal}",
    "    lwz     20, 4(14)",
    "    lwz     18, Thread.signals(24)",
    "    lwz     26, Thread.priority(1)",
    "    lwz     27, Thread.priority(24)",
    "    or.     18, 18, 20",
    "    beq     0, .Lsignal_kept",
    "    cmplwi  0, 25, Run.Waiting",
    "    beq     0, .Lsignal_wakes",
    "    cmplwi  0, 25, Run.Receiving",
    "    bne     0, .Lsignal_kept",
    ".Lsignal_wakes:",
    "    cmplw   0, 27, 26",
    "    ble     0, fugue_call_half_saved", // it has to queue
    // The signaller is answered, and preempted: before its equals, for it keeps its turn.
    "    mfcr    19",
    "    mflr    21",
    "    lwz     16, Thread.counters.Preemptions(1)",
    "    li      30, 0",
    "    rlwinm  19, 19, 0, 4, 31",
    "    li      28, Run.Ready",
    "    addi    17, 17, 1",
    "    addi    16, 16, 1",
    "    stw     30, Context.gpr(1)",
    ".irp register, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
    "    stw     30, Context.gpr + 4 * \\register(1)",
    ".endr",
    "    stw     19, Context.cr(1)",
    "    stw     21, Context.lr(1)",
    "    stw     28, Thread.run(1)",
    "    stw     17, Thread.counters.Calls(1)",
    "    stw     16, Thread.counters.Preemptions(1)",
    "    subf    29, 23, 1",
    "    slwi    28, 26, 3",
    "    lwz     27, Core.ready.queues(28)",
    "    stw     30, Thread.links(1)",
    "    stw     27, Thread.links + 4(1)",
    "    cmpwi   0, 27, 0",
    "    add     31, 27, 23",
    "    beq     0, .Lsignal_alone",
    "    stw     29, Thread.links(31)",
    "    b       .Lsignal_queued",
    ".Lsignal_alone:",
    "    stw     29, Core.ready.queues + 4(28)",
    ".Lsignal_queued:",
    "    stw     29, Core.ready.queues(28)",
    "    li      31, 1",
    "    lwz     27, Core.ready.occupied(0)",
    "    slw     31, 31, 26",
    "    or      27, 27, 31",
    "    stw     27, Core.ready.occupied(0)",
    // The other takes all its bits.
    "    rlwinm  19, 25, 0, 31, 31", // `Notified` if it received, `Ok` if it waited
    "    stw     18, Context.gpr + 12(24)",
    "    stw     19, Context.gpr(24)",
    ".irp register, 4, 5, 6, 7, 8, 9, 10, 11, 12",
    "    stw     30, Context.gpr + 4 * \\register(24)",
    ".endr",
    "    stw     30, Thread.signals(24)",
    "    stw     30, Thread.run(24)",
    "    stw     22, Core.current(0)",
    "    mr      3, 22",
    "    b       fugue_resume",
    // Nobody waits for it: the bits stay set, and the signaller goes on.
    ".Lsignal_kept:",
    "    addi    17, 17, 1",
    "    stw     18, Thread.signals(24)",
    "    stw     17, Thread.counters.Calls(1)",
    "    li      0, 0",
    ".irp register, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
    "    li      \\register, 0",
    ".endr",
    "    mtcrf   0x80, 0", // what was compared is not the signaller's
    "    lmw     13, Context.gpr + 4 * 13(1)",
    "    lwz     1, Context.gpr + 4(1)",
    "    rfi",
    "    .endif",
    ".size fugue_fast_vector, . - fugue_fast_vector",
}
