//! The service that maps devices (section 8.5): each at the distances that section 4.1 has in its last column.

use super::{BASE, DEVICES, Services};
use crate::assembler::If;
use crate::core::tlb::{self, Entry};
use bgp_isa::Op;

const RIGHTS: u32 = tlb::SX | tlb::SW | tlb::SR;
const DEVICE: u32 = tlb::I | tlb::G | RIGHTS;
/// As firmware has memory: coherent, written through, U2.
const MEMORY: u32 = tlb::M | tlb::WL1 | 0x2000 | RIGHTS;

/// Bit of the mask, distance from the address, physical address, code of the page's size, rights and attributes.
const PAGES: [(u32, u32, u64, u32, u32); 15] = [
    (0x8000_0000, 0, 0x7_FFFF_8000, 2, MEMORY),
    (0x8000_0000, 0x4000, 0x7_FFFF_C000, 2, MEMORY),
    (0x4000_0000, 0, 0x7_3000_0000, 1, DEVICE),
    (0x2000_0000, 0, 0x6_0114_0000, 3, DEVICE),
    (0x2000_0000, 0x1_0000, 0x6_0115_0000, 3, DEVICE),
    (0x1000_0000, 0, 0x7_2000_5000, 1, DEVICE),
    (0x0800_0000, 0, 0x7_2000_4000, 1, DEVICE),
    (0x0400_0000, 0, 0x7_FFFF_0000, 2, DEVICE),
    (0x0400_0000, 0x4000, 0x7_FFFF_4000, 2, DEVICE),
    (0x0200_0000, 0, 0x6_1000_0000, 0, DEVICE),
    (0x0200_0000, 0x1000, 0x6_1100_0000, 0, DEVICE),
    (0x0100_0000, 0, 0x7_FFFD_F000, 1, DEVICE),
    (0x0080_0000, 0, 0x6_0000_0000, 2, DEVICE),
    (0x0040_0000, 0, 0x7_1000_0000, 1, DEVICE),
    (0x0040_0000, 0x1000, 0x7_1000_1000, 1, DEVICE),
];
/// Bytes of a row in memory: bit, distance, the entry's three words.
const ROW: i32 = 20;
/// Special registers: MMUCR, CTR.
const MMUCR: u32 = 0x3B2;
const CTR: u32 = 9;
/// Entries from here down are looked through; those above are the firmware's and the kernel's.
const LAST: u32 = tlb::ENTRIES as u32 - 3;

/// The table, as it stands in the firmware's data.
pub(super) fn table() -> Vec<u8> {
    let row = |(bit, distance, physical, size, word2): (u32, u32, u64, u32, u32)| {
        let entry = Entry::new(0, physical, size, word2);
        [bit, distance, entry.word0, entry.word1, entry.word2]
    };
    PAGES.into_iter().flat_map(row).flat_map(u32::to_be_bytes).collect()
}

/// `mapDevice(mask, address)`: a TLB entry that nobody uses for each page of the device; 0, or -1 if there is none left.
/// A mask of several devices would map them over each other.
pub(super) fn write(services: &mut Services) {
    services.begin(59);
    let code = &mut services.code;
    let (next, found, full) = (code.label(), code.label(), code.label());
    // Entries are everybody's: TID comes from MMUCR, which reading an entry changes.
    code.special(Op::Mfspr, 12, MMUCR).load(6, BASE + DEVICES - ROW as u32);
    code.load(5, PAGES.len() as u32).special(Op::Mtspr, 5, CTR).load(7, LAST);
    let row = code.mark();
    code.d(Op::Addi, 6, 6, ROW).d(Op::Lwz, 8, 6, 0).x(Op::And, 8, 8, 3).compare(8, 0).go_if(If::Equal, next);
    let entry = code.mark();
    code.x(Op::Tlbre, 8, 7, 0).d(Op::AndiRecord, 8, 8, tlb::VALID as i32).go_if(If::Equal, found);
    code.d(Op::Addi, 7, 7, -1).compare(7, 0).go_if(If::NotLess, entry).go(full);
    code.place(found).rotate(12, 8, 0, 0, 23).special(Op::Mtspr, 8, MMUCR);
    code.d(Op::Lwz, 8, 6, 12).x(Op::Tlbwe, 8, 7, 1).d(Op::Lwz, 8, 6, 16).x(Op::Tlbwe, 8, 7, 2);
    code.d(Op::Lwz, 8, 6, 4).x(Op::Add, 8, 8, 4).rotate(8, 8, 0, 0, 21).d(Op::Lwz, 9, 6, 8);
    code.x(Op::Or, 8, 8, 9).x(Op::Tlbwe, 8, 7, 0);
    code.place(next).go_if(If::Counting, row);
    code.special(Op::Mtspr, 12, MMUCR).plain(Op::Isync).load(3, 0).back();
    code.place(full).special(Op::Mtspr, 12, MMUCR).plain(Op::Isync).load(3, u32::MAX).back();
}
