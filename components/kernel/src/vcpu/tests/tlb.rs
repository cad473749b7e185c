//! The guest's TLB against a plain table, and the hardware's against the guest's.

use super::*;
use abi::vcpu::VcpuCounter;
use proptest::prelude::*;

/// The manual's search, entry by entry, in ranges of addresses.
fn reference(entries: &[([u32; 3], u8); 64], address: u32, space: bool, pid: u8) -> Option<usize> {
    entries.iter().position(|(words, tid)| {
        let size = words[0] >> 4 & 15;
        let bytes = 1024_u64 << (2 * size);
        let first = u64::from(words[0] & 0xFFFF_FC00) / bytes * bytes;
        size <= 9
            && words[0] & 0x200 != 0
            && (words[0] & 0x100 != 0) == space
            && (*tid == 0 || *tid == pid)
            && (first..first + bytes).contains(&address.into())
    })
}

fn word0() -> impl Strategy<Value = u32> {
    (0..0x400_u32, 0..16_u32, 0..8_u32).prop_map(|(page, size, flags)| {
        page << 10
            | if flags == 0 { 0 } else { 0x200 }
            | (flags & 1) << 8
            | if flags > 3 { 0x10 } else { size << 4 }
    })
}

proptest! {
    #[test]
    fn a_search_finds_what_a_scan_finds(
        writes in prop::collection::vec((0..64_usize, word0(), 0..4_u8), 1..200),
        searches in prop::collection::vec((0..0x10_0000_u32, any::<bool>(), 0..4_u8), 50),
    ) {
        let mut tlb = GuestTlb::new(7);
        let mut entries = [([0; 3], 0); 64];
        for (index, word, tid) in writes {
            tlb.write(index, 0, word, tid);
            entries[index] = ([word, 0, 0], tid);
        }
        for (address, space, pid) in searches {
            prop_assert_eq!(tlb.find(address, space, pid), reference(&entries, address, space, pid));
        }
    }

    /// The guest's pages do not overlap: entry n lies in its own 16 MiB of each space.
    #[test]
    fn the_hardware_translates_as_the_guest_says(
        steps in prop::collection::vec((
            0..16_u32, prop::sample::select(vec![1_u32, 2, 3, 4, 5, 7]), any::<bool>(), 0..3_u8, 0..64_u32,
            0..0x140_u32, 0..3_u32, 0..4_u8, any::<bool>(), any::<bool>(),
        ), 1..60),
        offset in 0..0x10_0000_u32,
    ) {
        let mut guest = Guest::new();
        guest.state.ivpr = 0xFFFF_0000;
        for (index, size, space, tid, rights, page, word, pid, user, store) in steps {
            let words = [
                (index * 4 + u32::from(tid)) << 24 | 0x200 | u32::from(space) << 8 | size << 4,
                page << 16 | u32::from(page & 0x100 != 0),
                rights,
            ];
            guest.state.mmucr = tid.into();
            for word in word..3 {
                guest.run().write_tlb(index as usize, word as usize, words[word as usize]);
            }
            let both = if space { msr::IS | msr::DS } else { 0 };
            guest.state.msr = both | if user { msr::PR } else { 0 };
            guest.state.pid = pid.into();
            guest.state.pc = words[0] & 0xFFFF_FC00;
            prop_assert_eq!(guest.prepare(), Next::Enter);
            for index in 0..64 {
                let entry = *guest.vcpu.tlb.entry(index);
                if !entry.is_valid() {
                    continue;
                }
                let address = entry.page & 0xFFFF_FC00 | offset & !entry.mask() & !3;
                let found = guest.vcpu.tlb.find(address, space, pid);
                let hardware = guest.vcpu.hardware_pid;
                if guest.hardware.find(hardware, address).is_none() {
                    let (msr, pc) = (guest.state.msr, guest.state.pc);
                    let next = guest.trap(GuestTrap::DataMiss { address, store });
                    if next != Next::Enter || (guest.state.msr, guest.state.pc) != (msr, pc) {
                        // To the monitor or to the guest: not RAM, or not the guest's either.
                        let in_ram = found.is_some_and(|found| {
                            let physical = guest.vcpu.tlb.entry(found).physical(address);
                            TABLE.ram.iter().any(|ram| (ram.guest..ram.guest + u64::from(ram.bytes)).contains(&physical))
                        });
                        prop_assert!(!in_ram);
                        (guest.state.msr, guest.state.pc) = (msr, pc);
                        guest.prepare();
                        continue;
                    }
                }
                let page = *guest.hardware.find(hardware, address).expect("just loaded");
                prop_assert_eq!(guest.hardware.matching(hardware, address).count(), 1);
                let entry = *guest.vcpu.tlb.entry(found.expect("the hardware knows more than the guest"));
                let physical = entry.physical(address);
                let ram = TABLE.ram.iter().find(|ram| (ram.guest..ram.guest + u64::from(ram.bytes)).contains(&physical)).expect("an alias of no RAM");
                prop_assert_eq!(page.physical() + u64::from(address - page.virt()), physical - ram.guest + ram.physical);
                let rights = if user { entry.attributes & 0x38 } else { (entry.attributes & 7) << 3 };
                prop_assert_eq!(page.word2 & 0x3F, rights | rights >> 5);
            }
        }
    }
}

/// Entry `index` maps 4 KiB at `address` to `physical`, for a process.
fn map(guest: &mut Guest, index: u32, address: u32, physical: u32, rights: u32, tid: u8) {
    guest.state.mmucr = tid.into();
    for (word, value) in [address | 0x210, physical, rights].into_iter().enumerate() {
        guest.run().write_tlb(index as usize, word, value);
    }
}

fn dropped(guest: &Guest) -> u32 {
    guest.state.counters[VcpuCounter::Dropped as usize]
}

#[test]
fn a_change_of_process_drops_nothing() {
    let mut guest = Guest::new();
    let load = GuestTrap::DataMiss { address: 0x4000, store: false };
    let mut pids = Vec::new();
    for pid in 0..8 {
        guest.state.pid = pid;
        assert_eq!((guest.prepare(), guest.trap(load)), (Next::Enter, Next::Enter));
        pids.push(guest.vcpu.hardware_pid);
    }
    assert_eq!(dropped(&guest), 0);
    for (pid, hardware) in pids.iter().enumerate() {
        guest.state.pid = pid as u32;
        guest.prepare();
        assert_eq!(guest.vcpu.hardware_pid, *hardware);
        assert!(guest.hardware.find(*hardware, 0x4000).is_some());
    }
    assert_eq!(dropped(&guest), 0);
}

#[test]
fn user_contexts_end_with_a_generation() {
    let mut guest = Guest::new();
    map(&mut guest, 5, 0x100_0000, 0, 0x3F, 0);
    guest.state.msr = msr::PR;
    for round in 0..2 {
        for pid in 0..=255 {
            guest.state.pid = pid;
            guest.prepare();
            let address = 0x100_0000;
            if guest.hardware.find(guest.vcpu.hardware_pid, address).is_none() {
                assert_eq!(guest.trap(GuestTrap::DataMiss { address, store: false }), Next::Enter);
            }
        }
        assert_eq!(guest.state.counters[VcpuCounter::Generations as usize], 1 + round);
    }
}

#[test]
fn an_access_that_is_not_ram_needs_the_right() {
    let mut guest = Guest::new();
    map(&mut guest, 1, 0x200_0000, 0xEF60_0000, 1, 0);
    guest.state.pc = 0x100;
    let miss = |store| GuestTrap::DataMiss { address: 0x200_0304, store };
    assert_eq!(guest.trap(miss(false)), Next::Exit);
    let exit = guest.state.exit;
    assert_eq!(
        (exit.effective, exit.physical, exit.physical_upper, exit.detail),
        (0x200_0304, 0xEF60_0304, 0, 0)
    );
    assert_eq!(guest.trap(miss(true)), Next::Enter);
    assert_eq!((guest.state.dear, guest.state.esr, guest.state.srr[0]), (0x200_0304, msr::ESR_ST, 0x100));
}

#[test]
fn two_spaces_at_once_do_not_see_each_other() {
    let mut guest = Guest::new();
    // Both spaces map 0x300_0000, each to a page of its own.
    map(&mut guest, 1, 0x300_0000, 0x1000, 7, 0);
    map(&mut guest, 2, 0x300_0100, 0x2000, 7, 0);
    guest.state.msr = msr::DS;
    guest.state.pc = 0x300_0800;
    let load = GuestTrap::DataMiss { address: 0x300_1004, store: false };
    assert_eq!((guest.prepare(), guest.trap(GuestTrap::FetchMiss)), (Next::Enter, Next::Enter));
    let pid = guest.vcpu.hardware_pid;
    let code = *guest.hardware.find(pid, 0x300_0000).expect("loaded");
    assert_eq!((code.physical(), code.word2 & 0x3F), (0x1000_1000, 0x21));
    // Data in the page of the instruction: the monitor's.
    let store = GuestTrap::DataStorage { address: 0x300_0004, store: true };
    assert_eq!(guest.trap(store), Next::Exit);
    assert_eq!(guest.state.exit.physical, 0x2004);
    assert_eq!(guest.trap(load), Next::Enter);
    assert_eq!(guest.state.pc, guest.state.ivpr, "nothing maps it, so the guest learns of it");
    // Then the code moves on, and its old page is data's.
    guest.state.pc = 0x100;
    guest.state.msr = msr::DS;
    assert_eq!((guest.prepare(), guest.trap(GuestTrap::FetchMiss)), (Next::Enter, Next::Enter));
    assert_eq!(guest.trap(store), Next::Enter);
    let data = *guest.hardware.find(pid, 0x300_0000).expect("loaded");
    assert_eq!((data.physical(), data.word2 & 0x3F), (0x1000_2000, 0x18));
}

#[test]
fn two_spaces_share_a_large_page_by_its_small_ones() {
    let mut guest = Guest::new();
    // Space 1 maps what entry 0 maps in space 0, as large.
    for (word, value) in [0x370, 0, 7].into_iter().enumerate() {
        guest.vcpu.tlb.write(1, word, value, 0);
    }
    guest.state.msr = msr::DS;
    guest.state.pc = 0x100;
    assert_eq!((guest.prepare(), guest.trap(GuestTrap::FetchMiss)), (Next::Enter, Next::Enter));
    assert_eq!(guest.trap(GuestTrap::DataMiss { address: 0x5000, store: true }), Next::Enter);
    let pid = guest.vcpu.hardware_pid;
    for (address, rights) in [(0x100, 0x21), (0x5000, 0x18)] {
        let page = guest.hardware.find(pid, address).expect("both at once");
        assert_eq!((page.bytes(), page.word2 & 0x3F), (4096, rights));
    }
}

#[test]
fn an_alias_is_as_large_as_all_three_allow() {
    // Size, page in the guest's TLB, guest-physical page, what is accessed, and the alias with its size.
    for (size, effective, physical, address, alias, bytes) in [
        // Linux's own page: RAM is smaller.
        (9, 0xC000_0000, 0, 0xC012_3456, 0x1000_0000_u64, 16 << 20),
        (7, 0x4000_0000, 0, 0x4012_3456, 0x1000_0000, 16 << 20),
        // No page of the hardware's.
        (6, 0x4040_0000, 0x40_0000, 0x4053_0000, 0x1050_0000, 1 << 20),
        // In RAM that is aligned to no more than it is large.
        (5, 0x4000_0000, 0x1, 0x4001_2345, 0x3_0000, 64 << 10),
        (2, 0x4001_C000, 0x1_C001, 0x4001_F000, 0x3_C000, 16 << 10),
        (0, 0x4000_0C00, 0x1400, 0x4000_0C04, 0x1000_1400, 1 << 10),
        // What an entry has below its size counts for nothing.
        (3, 0x4000_FC00, 0x8_FC00, 0x4000_0004, 0x1008_0000, 64 << 10),
    ] {
        let mut guest = Guest::new();
        for (word, value) in [effective | 0x200 | size << 4, physical, 7].into_iter().enumerate() {
            guest.vcpu.tlb.write(1, word, value, 0);
        }
        assert_eq!(guest.trap(GuestTrap::DataMiss { address, store: false }), Next::Enter);
        let page = *guest.hardware.find(guest.vcpu.hardware_pid, address).expect("loaded");
        assert_eq!((page.physical(), page.bytes()), (alias, bytes), "size {size}");
        assert_eq!(page.virt() % page.bytes(), 0);
    }
}

#[test]
fn attributes_that_matter_are_kept() {
    let mut guest = Guest::new();
    map(&mut guest, 1, 0x200_0000, 0x4000, 0xFFBF, 0);
    assert_eq!(guest.trap(GuestTrap::DataMiss { address: 0x200_0000, store: false }), Next::Enter);
    let page = guest.hardware.find(guest.vcpu.hardware_pid, 0x200_0000).expect("loaded");
    assert_eq!(page.word2, 0x1B9, "guarded, little-endian, the supervisor's rights");
}
