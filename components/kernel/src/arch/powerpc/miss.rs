//! A TLB miss, answered in assembly: search, replace, return.
//!
//! It does what [`find`](crate::tlb::find) and [`Tlb::load`](crate::tlb::Tlb::load) do, with four registers that it
//! puts aside in the core page. The search has no loop: its steps are laid out for the depth of the image's
//! maps, which the generated crate knows, so the code is made there. An address that the map does not hold goes
//! to the general path, as if nothing had happened.
//!
//! The slot's old entry is not invalidated first. It is another page, for another address or another PID, and
//! nobody looks between the three writes: the kernel's own pages are in the TLB, and interrupts are off.

#![expect(unsafe_code, reason = "names what the macro defines")]

use crate::tlb::Entry;
use core::mem::offset_of;

const _: () = assert!(offset_of!(Entry, virt) == 0);

unsafe extern "C" {
    pub(super) static fugue_data_miss: u8;
    pub(super) static fugue_fetch_miss: u8;
}

/// Defines the handlers of data and instruction misses for maps of `2^depth` entries.
#[doc(hidden)]
#[macro_export]
macro_rules! miss_handlers {
    ($depth:expr) => {
        ::core::arch::global_asm!(
            ".macro FUGUE_MISS name, address, counter, vector",
            ".balign 16",
            ".global \\name",
            "\\name:",
            "    stmw    28, CorePage.miss(0)",
            "    lwz     30, CorePage.current(0)",
            "    mfcr    31",
            "    lwz     29, \\counter(30)",
            "    mfspr   28, \\address",
            "    addi    29, 29, 1",
            "    stw     29, \\counter(30)",
            "    lwz     29, Thread.fixed.mmucr(30)",
            "    lwz     30, Thread.fixed.map(30)",
            "    mtspr   946, 29", // MMUCR
            // One step for each power of two below the map's length.
            ".irp step, 7, 6, 5, 4, 3, 2, 1, 0",
            "    .if \\step < {depth}",
            "    lwz     29, {bytes} << \\step(30)",
            "    cmplw   0, 29, 28",
            "    bgt     0, 1f",
            "    addi    30, 30, {bytes} << \\step",
            "1:",
            "    .endif",
            ".endr",
            "    lwz     29, Entry.page(30)",
            "    xor     28, 28, 29",
            "    lwz     29, Entry.mask(30)",
            "    and.    28, 28, 29",
            "    bne     0, 2f",
            "    lbz     28, Core.tlb.next(0)",
            "    lwz     29, Entry.page(30)",
            "    tlbwe   29, 28, 0",
            "    lwz     29, Entry.page + 4(30)",
            "    tlbwe   29, 28, 1",
            "    lwz     29, Entry.page + 8(30)",
            "    .long   0x7FBC17A4", // tlbwe 29, 28, 2: LLVM 22 drops the upper bit of the word's number
            "    lbz     29, Core.tlb.successor(28)",
            "    mtcr    31",
            "    stb     29, Core.tlb.next(0)",
            "    lmw     28, CorePage.miss(0)",
            "    rfi",
            // No such page: the general path counts what comes of it.
            "2:  lwz     30, CorePage.current(0)",
            "    lwz     29, \\counter(30)",
            "    addi    29, 29, -1",
            "    stw     29, \\counter(30)",
            "    mtcr    31",
            "    lmw     28, CorePage.miss(0)",
            "    b       \\vector",
            ".endm",
            ".section .vectors, \"ax\", @progbits",
            "FUGUE_MISS fugue_data_miss, 61, Thread.counters.DataMisses, fugue_vector_13", // DEAR
            "FUGUE_MISS fugue_fetch_miss, 26, Thread.counters.FetchMisses, fugue_vector_14", // SRR0
            ".text",
            depth = const $depth,
            bytes = const ::core::mem::size_of::<$crate::tlb::Entry>(),
        );
    };
}
