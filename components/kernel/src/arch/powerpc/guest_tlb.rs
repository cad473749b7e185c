//! A guest's TLB in assembly: misses, writes, and the loop by which Linux invalidates it.
//!
//! A *miss* for which the guest's TLB has an entry gets an alias as large as the guest's page, in the next slot of the ring.
//! One for which it has none is the guest's own interrupt, and so is an access without the right. What goes to the general
//! path: contexts of space 1, pages that one alias is not enough for, addresses beyond the one piece of RAM at 0.
//!
//! A *write* changes words 1 and 2 of any entry, and word 0 where the old page and the new one are of 4 KiB in space 0, or
//! invalid. It drops the entry's aliases, along their chain.
//!
//! The *flush loop* is recognised if it begins with entry 0 and leaves fewer than 16 entries, all of which stand in every
//! bucket, the last one with the loop's own instructions. It looks for no alias: the guest's contexts get new PIDs.
//!
//! | register   | in a miss holds                                  | in a write                 |
//! |------------|--------------------------------------------------|----------------------------|
//! | r24        | CR                                               | CR                         |
//! | r25, r27   | what is needed for a moment                      | its address; the value     |
//! | r26        | the address above the guest's PID; rights        | what is needed for a moment |
//! | r28        | the address; where the page lies                 | the instruction            |
//! | r29        | the virtual CPU, then the entry                  | the word behind it         |
//! | r30        | candidates; word 0                               | the next one               |
//! | r31        | MMUCR                                            | the next one               |
//! | r19 to r21 | the guest's own                                  | a place; index, bit; the entry |
//!
//! In a write the guest's registers are in the state page, as in every emulated instruction. A miss leaves r24 to r31 in the
//! core page: the load by which the kernel reads the guest's instruction may miss, too. Then it is skipped.

use super::assembly::text;
use crate::vcpu::Vcpu;
use crate::vcpu::guest_tlb::{GuestEntry, GuestTlb};
use crate::vcpu::spaces::{Contexts, Owner, Pool};
use abi::vcpu::VcpuState;
use core::mem::offset_of;

text! { guest_tlb_text:
    // From a vector's first registers: the guest's interrupt, if its supervisor context has a PID.
    ".macro FUGUE_REFLECT vector, counter",
    "    lwz     30, GuestCore.pids(0)",
    "    mfspr   25, 26", // SRR0
    "    cmpwi   0, 30, 0",
    "    lwz     27, VcpuState.ivor + 4 * \\vector(0)",
    "    beq     0, fugue_guest_left_\\vector",
    "    .if \\vector == 2 || \\vector == 13",
    "    mfspr   28, 61", // DEAR
    "    mfspr   29, 62", // ESR
    "    stw     28, VcpuState.dear(0)",
    "    rlwinm  29, 29, 0, 8, 8", // ST
    "    stw     29, VcpuState.esr(0)",
    "    .endif",
    "    FUGUE_COUNT \\counter",
    "    b       .Lreflected",
    ".endm",
    ".Lreflected:",
    "    lwz     28, VcpuState.ivpr(0)",
    "    lwz     29, VcpuState.msr(0)",
    "    stw     25, VcpuState.srr(0)",
    "    rlwinm  28, 28, 0, 0, 15",
    "    stw     29, VcpuState.srr + 4(0)",
    "    rlwimi  28, 27, 0, 16, 27",
    "    mfspr   27, 27", // SRR1
    "    andi.   26, 29, msr.ME | msr.DE",
    "    mfspr   31, 48", // PID
    "    rlwimi  26, 29, 0, 14, 14", // CE
    "    rlwinm  27, 27, 0, 19, 17", // without FP, FE0 and FE1
    "    rlwinm  27, 27, 0, 24, 19",
    "    stw     26, VcpuState.msr(0)",
    "    mtspr   26, 28",
    "    mtspr   27, 27",
    "    cmpw    0, 31, 30",
    "    beq     0, .Lguest_again",
    "    mtspr   48, 30",
    ".Lguest_again:",
    "    mtcr    24",
    "    lmw     24, GuestCore.saved(0)",
    "    rfi",
    "",
    ".global fugue_guest_call",
    "fugue_guest_call:",
    "    mfcr    24",
    "    FUGUE_REFLECT 8, SystemCall",
    // SRR1 is in r25.
    ".global fugue_guest_data_storage",
    "fugue_guest_data_storage:",
    "    mfcr    24",
    "    andi.   25, 25, msr.PR",
    "    beq     0, .Lguest_unread",
    "    FUGUE_REFLECT 2, Storage",
    "",
    // The load by which the kernel reads the guest's instruction has missed.
    ".Lguest_unread:",
    "    mfspr   25, 26", // SRR0
    "    li      26, 0",
    "    addi    25, 25, 4",
    "    stw     26, GuestCore.saved + 16(0)", // r28: see `fugue_guest_program`
    "    mtspr   26, 25",
    "    b       .Lguest_again",
    "",
    // From a vector, with the address in r28: the guest's interrupt, or what an alias needs: the entry in r29, its
    // words 0 and 1 in r30 and r28, MMUCR in r31, and CR field 5 says whether the state is the supervisor's.
    ".macro FUGUE_GUEST_MISS vector",
    "    lwz     29, GuestCore.vcpu(0)",
    "    lwz     25, VcpuState.msr(0)",
    "    rlwinm  27, 28, 23, 23, 28", // the bucket
    "    rlwinm  25, 25, 20, 29, 29", // PR, as a place in the core page
    "    add     27, 27, 29",
    "    lwz     31, GuestCore.pids(25)",
    "    lwz     30, GuestCore.mmucr(0)",
    "    cmpwi   5, 25, 0",
    "    cmpwi   0, 31, 0",
    "    or      31, 31, 30",
    "    beq     0, fugue_guest_left_\\vector",
    "    lwz     26, VcpuState.pid(0)",
    "    lwz     30, Vcpu.tlb.buckets(27)",
    "    rlwimi  26, 28, 0, 0, 23",
    "    cmpwi   0, 30, 0",
    "    beq     0, 2f",
    "1:  cntlzw  25, 30",
    "    rlwimi  29, 25, 5, 22, 26",
    "    lwz     25, GuestEntry.mask(29)",
    "    lwz     28, GuestEntry.tag(29)",
    "    xor     28, 28, 26",
    "    and.    28, 28, 25",
    "    beq     0, 3f",
    "    lwz     25, GuestEntry.bit(29)",
    "    andc.   30, 30, 25",
    "    bne     0, 1b",
    "2:  andi.   25, 29, 32 * 32", // in the second half there is no other
    "    lwz     30, Vcpu.tlb.buckets + 4(27)",
    "    ori     29, 29, 32 * 32",
    "    bne     0, 4f",
    "    cmpwi   0, 30, 0",
    "    bne     0, 1b",
    "4:",
    "    FUGUE_REFLECT \\vector, GuestMiss",
    "3:  lwz     28, GuestEntry.frame(29)",
    "    lwz     25, GuestCore.ram_end(0)",
    "    rlwinm  27, 28, 28, 0, 31", // a sixteenth of the address, ERPN above it
    "    lwz     30, GuestEntry.alias(29)",
    "    cmplw   0, 27, 25",
    "    cmpwi   1, 30, 0",
    "    bge     0, fugue_guest_beyond_\\vector",
    "    beq     1, fugue_guest_left_\\vector",
    ".endm",
    ".set fugue_guest_beyond_14, fugue_guest_left_14",
    ".global fugue_guest_fetch_miss",
    "fugue_guest_fetch_miss:",
    "    mfcr    24",
    "    FUGUE_GUEST_MISS 14",
    "    b       .Lmissed",
    ".global fugue_guest_data_miss",
    "fugue_guest_data_miss:",
    "    mfcr    24",
    "    andi.   25, 25, msr.PR",
    "    beq     0, .Lguest_unread",
    "    FUGUE_GUEST_MISS 13",
    ".Lmissed:",
    "    lwz     27, GuestEntry.attributes(29)",
    "    lwz     25, GuestCore.ram(0)",
    "    rlwinm  26, 27, 0, 23, 28", // guarded, little-endian, the user's rights
    "    add     28, 28, 25",
    "    bne     5, 1f",
    "    rlwimi  26, 27, 3, 26, 28", // the supervisor's
    "1:  rlwimi  26, 26, 27, 31, 31", // the kernel reads what can be executed
    "    lbz     25, Core.tlb.next(0)",
    "    mtspr   946, 31", // MMUCR
    "    tlbwe   30, 25, 0",
    "    tlbwe   28, 25, 1",
    "    .long   0x7F5917A4", // tlbwe 26, 25, 2: LLVM 22 drops the upper bit of the word's number
    "    lbz     27, Core.tlb.successor(25)",
    "    slwi    25, 25, 4",
    "    stb     27, Core.tlb.next(0)",
    "    lwz     27, GuestEntry.newest(29)",
    "    stw     25, GuestEntry.newest(29)",
    "    stw     29, GuestCore.pool.owners(25)",
    "    stw     27, GuestCore.pool.owners + Owner.older(25)",
    "    stw     31, GuestCore.pool.owners + Owner.virt(25)",
    "    FUGUE_COUNT Refill",
    "    mtcr    24",
    "    lmw     24, GuestCore.saved(0)",
    "    rfi",
    "",
    // Half a bucket of the page in r27 or r26: its place in r19, its bits in r26.
    ".macro FUGUE_BUCKET page",
    "    rlwinm  19, \\page, 23, 23, 28",
    "    rlwimi  19, 21, 24, 29, 29",
    "    rlwimi  19, 21, 0, 0, 19",
    "    lwz     26, Vcpu.tlb.buckets(19)",
    ".endm",
    ".Lfast_tlbwe:",
    "    rlwinm  26, 28, 18, 25, 29",
    "    lwz     27, VcpuState.gpr(23)",
    "    lwz     20, VcpuState.gpr(26)",
    "    lwz     21, GuestCore.vcpu(0)",
    "    rlwinm. 19, 28, 21, 27, 31", // which word
    "    rlwimi  21, 20, 5, 21, 26",
    "    beq     0, .Ltlbwe_0",
    "    cmplwi  0, 19, 2",
    "    bgt     0, fugue_guest_program_left",
    "    beq     0, 1f",
    "    rlwinm  27, 27, 0, 28, 21",
    "    stw     27, GuestEntry.frame(21)",
    "    b       .Ltlbwe_drop",
    "1:  andi.   27, 27, 0xFFBF",
    "    stw     27, GuestEntry.attributes(21)",
    ".Ltlbwe_drop:",
    "    lwz     26, GuestEntry.newest(21)",
    "    lwz     27, GuestCore.pool.owners(26)",
    "    cmpw    0, 27, 21",
    "    bne     0, .Ltlbwe_done",
    "    li      28, 0",
    "    li      20, 0",
    "1:  rlwinm  27, 26, 28, 26, 31",
    "    tlbwe   28, 27, 0",
    "    stw     28, GuestCore.pool.owners(26)",
    "    lwz     26, GuestCore.pool.owners + Owner.older(26)",
    "    addi    20, 20, 1",
    "    lwz     27, GuestCore.pool.owners(26)",
    "    cmpw    0, 27, 21",
    "    beq     0, 1b",
    "    lwz     26, VcpuState.counters.Dropped(0)",
    "    add     26, 26, 20",
    "    stw     26, VcpuState.counters.Dropped(0)",
    ".Ltlbwe_done:",
    "    FUGUE_COUNT TlbWrite",
    "    addi    25, 25, 4",
    "    b       .Lfast_next",
    "",
    // The old page and the new one: each invalid, or of 4 KiB in space 0.
    ".Ltlbwe_0:",
    "    rlwinm  27, 27, 0, 0, 27",
    "    rlwinm  19, 27, 0, 22, 27",
    "    cmpwi   1, 19, 0x210",
    "    beq     1, .Ltlbwe_old",
    "    andi.   19, 27, 0x200",
    "    bne     0, fugue_guest_program_left",
    "    rlwinm  19, 28, 5, 0, 31",
    "    xor     19, 19, 28",
    "    rlwinm. 19, 19, 0, 6, 10", // an index written to itself
    "    beq     0, .Lflush",
    ".Ltlbwe_old:",
    "    lwz     26, GuestEntry.page(21)",
    "    andi.   19, 26, 0x200",
    "    lwz     20, GuestEntry.bit(21)",
    "    beq     0, 2f",
    "    rlwinm  19, 26, 0, 22, 27",
    "    cmpwi   0, 19, 0x210",
    "    bne     0, fugue_guest_program_left",
    "    FUGUE_BUCKET 26",
    "    andc    26, 26, 20",
    "    stw     26, Vcpu.tlb.buckets(19)",
    "2:  lwz     26, VcpuState.mmucr(0)",
    "    stw     27, GuestEntry.page(21)",
    "    rlwimi  26, 27, 0, 0, 21",
    "    stw     26, GuestEntry.tag(21)",
    "    bne     1, .Ltlbwe_drop",
    "    rlwinm. 26, 26, 0, 24, 31",
    "    li      26, -0x1000",
    "    beq     0, 3f",
    "    ori     26, 26, 0xFF",
    "3:  stw     26, GuestEntry.mask(21)",
    "    rlwinm  26, 27, 0, 0, 19",
    "    ori     26, 26, 0x310",
    "    stw     26, GuestEntry.alias(21)",
    "    FUGUE_BUCKET 27",
    "    or      26, 26, 20",
    "    stw     26, Vcpu.tlb.buckets(19)",
    "    b       .Ltlbwe_drop",
    "",
    // From here on, r21 is entry 0 and so the virtual CPU.
    ".Lflush:",
    "    cmpwi   0, 20, 0",
    "    rlwinm  19, 25, 0, 20, 31",
    "    bne     0, .Ltlbwe_old",
    "    cmplwi  0, 19, 0xFF0",
    "    bgt     0, .Ltlbwe_old",
    "    rlwinm. 19, 28, 0, 6, 15",
    "    xor     26, 29, 19", // addi, of the same register
    "    beq     0, .Ltlbwe_old",
    "    xoris   26, 26, 0x3800",
    "    xori    26, 26, 1",
    "    rlwinm  19, 19, 0, 11, 15",
    "    xor     19, 19, 30", // cmpw, with any limit
    "    xoris   19, 19, 0x7C00",
    "    rlwinm  19, 19, 0, 21, 15",
    "    or      26, 26, 19",
    "    rlwinm  31, 31, 0, 11, 9", // ble, with either hint
    "    xoris   31, 31, 0x4081",
    "    xori    31, 31, 0xFFF4",
    "    or.     26, 26, 31",
    "    rlwinm  23, 30, 23, 25, 29",
    "    bne     0, .Ltlbwe_old",
    "    lwz     20, VcpuState.gpr(23)",
    "    addi    26, 20, -48",
    "    cmplwi  0, 26, 62 - 48",
    "    lwz     26, VcpuState.pid(0)",
    "    bgt     0, .Ltlbwe_old",
    "    rlwimi  26, 25, 0, 0, 23",
    "    lwz     19, GuestEntry.tag + 63 * 32(21)",
    "    xor     26, 26, 19",
    "    lwz     19, GuestEntry.mask + 63 * 32(21)",
    "    and.    26, 26, 19",
    "    addi    26, 20, -31",
    "    li      22, -1",
    "    bne     0, .Ltlbwe_old",
    "    srw     22, 22, 26", // what is left
    "    lwz     26, Vcpu.tlb.everywhere + 4(21)",
    "    andc.   26, 22, 26",
    "    lwz     26, GuestCore.pool.next(0)",
    "    bne     0, .Ltlbwe_old",
    "    cmplwi  0, 26, 254",
    "    bgt     0, fugue_guest_program_left", // begins a generation
    "    rlwinm  23, 30, 18, 25, 29",
    "    not     27, 20",
    "    addi    20, 20, 1",
    "    slwi    27, 27, 2",
    "    stw     20, VcpuState.gpr(23)",
    "    rlwinm  19, 24, 0, 4, 31",
    "    mfxer   26",
    "    oris    19, 19, 0x4000", // greater, and SO
    "    rlwimi  19, 26, 29, 3, 3",
    "    addi    20, 25, 16",
    "    mfctr   23",
    "    addis   27, 27, .Lflush_63 + 256@ha",
    "    addi    27, 27, .Lflush_63 + 256@l",
    "    mtctr   27",
    "    li      27, 0", // mask
    "    li      28, 0", // alias
    "    li      29, spaces.NONE", // newest
    "    lbz     30, VcpuState.mmucr + 3(0)", // tag
    "    li      31, 0x30", // word 0: the index but for its last four bits
    "    bctr",
    ".Lflush_63:",
    ".irp entry, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48",
    "    stmw    27, GuestEntry.mask + 32 * \\entry(21)",
    ".endr",
    ".irp third, 0x20, 0x10, 0",
    "    li      31, \\third",
    ".irp entry, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0",
    "    stmw    27, GuestEntry.mask + 32 * (\\third + \\entry)(21)",
    ".endr",
    ".endr",
    ".irp register, 24, 25, 26, 27, 28, 29, 30, 31",
    "    li      \\register, 0",
    ".endr",
    ".irp part, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16",
    "    stmw    24, Vcpu.contexts.plain + 32 * \\part(21)",
    ".endr",
    ".irp register, 25, 27, 29, 31",
    "    mr      \\register, 22",
    ".endr",
    "    stw     24, Vcpu.tlb.everywhere(21)",
    "    stw     25, Vcpu.tlb.everywhere + 4(21)",
    ".irp part, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15",
    "    stmw    24, Vcpu.tlb.buckets + 32 * \\part(21)",
    ".endr",
    "    lwz     24, GuestCore.pool.next(0)",
    "    lwz     25, VcpuState.pid(0)",
    "    addi    26, 24, 1",
    "    addi    27, 24, 2",
    "    rlwimi  21, 25, 1, 23, 30",
    "    stw     27, GuestCore.pool.next(0)",
    "    stw     24, GuestCore.pids(0)",
    "    stw     26, GuestCore.pids + 4(0)",
    "    rlwimi  26, 24, 8, 16, 23",
    "    mtspr   48, 24",
    "    sth     26, Vcpu.contexts.plain(21)",
    "    mr      24, 19",
    "    mr      25, 20",
    "    mtctr   23",
    "    FUGUE_COUNT TlbWrite",
    "    FUGUE_COUNT FlushLoop",
    "    b       .Lfast_next",
}

// Indices are inserted into addresses, and five words of an entry are stored at once.
const _: () = assert!(offset_of!(Vcpu, tlb.entries) == 0 && align_of::<Vcpu>() == 4096);
const _: () = assert!(size_of::<GuestEntry>() == 32 && size_of::<Owner>() == 16 && size_of::<Pool>() < 2048);
const _: () = assert!(offset_of!(GuestEntry, mask) == 12 && offset_of!(GuestEntry, page) == 28);
const _: () = assert!(size_of::<Contexts>() >= 544 && offset_of!(Contexts, plain) == 0);
const _: () = assert!(offset_of!(GuestTlb, buckets) == 2048 && offset_of!(VcpuState, gpr) == 0);
