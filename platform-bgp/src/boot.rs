//! The first instructions on a Blue Gene/P node.

/// Defines `_start` for an image whose boot pages are the given constant.
///
/// The service firmware (CNS) enters core 0 at the image's physical entry, with low memory mapped to
/// itself by entries that it does not name, its own pages and the devices mapped as well; r3 points at
/// its services, of which this kernel uses none. So the code first finds the entry that it runs under,
/// copies it into translation space 1, goes there, and drops everything else; the copy goes last.
#[macro_export]
macro_rules! boot {
    ($boot:expr) => {
        ::kernel::boot! {
            boot: $boot,
            board: $crate::BlueGene,
            before: [
                "    bl      1f",
                "1:  mflr    4",
                "    tlbsx   6, 0, 4", // the entry that maps this code; STS and STID are 0
                "    tlbre   7, 6, 0",
                "    tlbre   8, 6, 1",
                "    .long   0x7D261764", // tlbre 9, 6, 2: LLVM 22 drops the upper bit of the word's number
                "    li      10, 0",
                "    cmpwi   6, 0",
                "    bne     2f",
                "    li      10, 1",
                "2:  ori     7, 7, 0x100", // TS
                "    tlbwe   0, 10, 0",
                "    tlbwe   8, 10, 1",
                "    .long   0x7D2A17A4", // tlbwe 9, 10, 2
                "    tlbwe   7, 10, 0",
                "    addi    4, 4, 3f - 1b",
                "    li      5, 0x30", // IS and DS
                "    mtspr   26, 4",
                "    mtspr   27, 5",
                "    rfi",
                "3:  li      5, 0",
                "4:  cmpw    5, 10",
                "    beq     5f",
                "    tlbwe   0, 5, 0",
                "5:  addi    5, 5, 1",
                "    cmpwi   5, 64",
                "    blt     4b",
            ],
            inside: [
                "    tlbwe   0, 10, 0", // the copy
            ],
        }
    };
}
