//! The maps of sections 4.1 and 4.3: every register that software touches is modelled, or reported.

use super::*;
use proptest::prelude::*;

fn devices() -> (Devices, Memory) {
    let mut memory = Memory::new();
    memory.add(0, 1 << 24);
    memory.add(SRAM, SRAM_BYTES);
    (Devices::new(false, Place::default()), memory)
}

/// Blocks of DCRs: their first and last, and how many numbers in each are reported instead of modelled.
const BLOCKS: [(&str, u32, u32, usize); 22] = [
    ("BIC, coherence", 0x000, 0x1FF, 0),
    ("SerDes", 0x200, 0x3FF, 0),
    ("test interface", 0x400, 0x47F, 0),
    ("nobody's", 0x480, 0x4FF, 0x80),
    ("L3", 0x500, 0x57F, 0),
    ("XAUI", 0x580, 0x5BF, 0),
    ("nobody's, where the firmware reports what it lacks", 0x5C0, 0x60F, 0x50),
    ("SRAM, arbiters", 0x610, 0x65F, 0),
    ("global interrupts", 0x660, 0x66F, 0),
    ("clock stop, environment", 0x670, 0x68F, 0),
    ("nobody's", 0x690, 0x6FF, 0x70),
    ("FPU, L2", 0x700, 0x7FF, 0),
    ("snoop filters", 0x800, 0xBFF, 0),
    ("collective: routes, links", 0xC00, 0xC37, 5),
    ("collective: client", 0xC38, 0xC4F, 11),
    ("collective: checksums, counters", 0xC50, 0xC7F, 8),
    ("DDR 0", 0xE00, 0xEFF, 0),
    ("DDR 1", 0xF00, 0xFFF, 0),
    ("beyond twelve bits", 0x1000, 0x10FF, 0x100),
    ("beyond twelve bits", 0xFFFF_FF00, 0xFFFF_FFFF, 0x100),
    ("mailbox alerts", 0x417, 0x418, 0),
    ("whether this is an I/O node", 0x43A, 0x43A, 0),
];

#[test]
fn every_block_of_dcrs_is_modelled_or_reported() {
    for (name, first, last, reported) in BLOCKS {
        let (mut devices, _) = devices();
        let unknown = (first..=last).filter(|number| devices.read_dcr(*number).is_err()).count();
        assert_eq!(unknown, reported, "{name}: {first:#x} to {last:#x}");
    }
}

/// Pages of the physical map, with an access that software makes there and whether it is modelled.
const PAGES: [(&str, u64, usize, bool); 19] = [
    ("L3 as scratch", 0x4_0000_0000, 4, false),
    ("blind, normal", 0x5_0000_0000, 16, true),
    ("blind, transient", 0x5_0001_FFF0, 16, true),
    ("beyond the blind device", 0x5_0002_0000, 4, false),
    ("collective, channel 0", 0x6_1000_0040, 4, true),
    ("collective, channel 1", 0x6_1100_0020, 16, true),
    ("beyond the collective's kilobyte", 0x6_1000_0400, 4, false),
    ("counters", 0x7_1000_0000, 8, true),
    ("control of the counters", 0x7_1000_1000, 4, true),
    ("TOMAL", 0x7_2000_0000, 4, true),
    ("TOMAL's revision", 0x7_2000_0060, 4, false),
    ("XEMAC", 0x7_2000_4000, 4, true),
    ("DevBus", 0x7_2000_5004, 4, true),
    ("interrupt controller", 0x7_3000_0780, 4, true),
    ("a network of another machine monitor", 0x7_4000_0000, 4, false),
    ("errors of the SRAM", 0x7_FFFD_FC00, 4, true),
    ("back door of the SRAM", 0x7_FFFE_0000, 4, false),
    ("lockbox, supervisors'", 0x7_FFFF_0000, 4, true),
    ("lockbox, users'", 0x7_FFFF_7FFC, 4, true),
];

#[test]
fn every_page_is_modelled_or_reported() {
    for (name, physical, bytes, modelled) in PAGES {
        let (mut devices, mut memory) = devices();
        let mut into = vec![0; bytes];
        assert_eq!(devices.read(&mut memory, physical, &mut into).is_ok(), modelled, "{name}");
    }
}

/// What firmware's software reads back as fixed values (sections 4.3 and 7.6).
#[test]
fn fixed_values_are_what_boot_loaders_wait_for() {
    let (mut devices, mut memory) = devices();
    for number in [0x3F4, 0x3AD] {
        assert_eq!(devices.write_dcr(&mut memory, number, 0), Ok(()));
    }
    assert_eq!(devices.read_dcr(0x3F4), Ok(0x00C0_0000));
    assert_eq!(devices.read_dcr(0x3AD), Ok(0xFC00_0000));
    assert_eq!(devices.read_dcr(0x43A), Ok(0));
    assert_eq!(Devices::new(true, Place::default()).read_dcr(0x43A), Ok(0x1000_0000));
}

proptest! {
    /// Any accesses in any order, of any width: nothing panics, and what is left can be written and read.
    #[test]
    fn no_sequence_of_accesses_panics(
        accesses in proptest::collection::vec(
            (0_usize..PAGES.len() + 2, 0_u64..0x410, prop_oneof![Just(1_usize), Just(4), Just(16)], any::<u32>(), any::<bool>()),
            0..200,
        ),
    ) {
        let (mut devices, mut memory) = devices();
        for (at, (place, offset, bytes, value, writes)) in (0_u64..).zip(accesses) {
            devices.at(at, at as usize & 3);
            if let Some((_, page, ..)) = PAGES.get(place) {
                let physical = (page & !0xFFF) + offset;
                if writes {
                    let data = value.to_be_bytes().repeat(4);
                    let _ = devices.write(&mut memory, physical, &data[..bytes]);
                } else {
                    let _ = devices.read(&mut memory, physical, &mut vec![0; bytes]);
                }
            } else if writes {
                let _ = devices.write_dcr(&mut memory, value & 0xFFF, value);
            } else {
                let _ = devices.read_dcr(value & 0xFFF);
            }
            devices.act(&mut memory, at, at);
        }
        let text = serde_json::to_string(&devices).expect("they can be written");
        let again: Devices = serde_json::from_str(&text).expect("what was written can be read");
        prop_assert_eq!(serde_json::to_string(&again).expect("again"), text);
    }
}
