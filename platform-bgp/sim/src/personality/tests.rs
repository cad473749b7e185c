//! Fields stand where section 8.4 has them, and descriptions are read.

use super::*;
use proptest::prelude::*;

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four"))
}

#[test]
fn fields_stand_at_their_offsets() {
    let description = Description::from_ron(
        r#"(
            rack: (1, 2), midplane: 1, node_card: 3, card: 5, memory: 1024, rank: 0x10203, io_node_rank: 65,
            torus: (size: (4, 5, 6), coordinates: (1, 2, 3), mesh: (false, true, false)),
            pset: (number: 7, size: 16, rank: 9), block: 0xB10C, io_nodes: 2, links: (true, false, true),
            processes: VirtualNodes, node_config: 0x100, ras_policy: 1, caches: (2, 3, 4, 5),
            ethernet: (mtu: 9000, mac: "02:00:00:00:00:01", address: "10.1.2.3", netmask: "255.0.0.0",
                gateway: "10.0.0.1", service_node: "10.0.0.2", nfs_export: "/bgsys", nfs_mount: "block"),
        )"#,
    )
    .expect("it is right");
    let bytes = description.bytes();
    assert_eq!(bytes[..4], [0, 0, 0x0A, 0x68]);
    let words = [
        (0x004, 0x6894_C500),
        (0x008, 850),
        (0x00C, 1),
        (0x010, 0x0804_0201),
        // Tree A and C, Y open, DMA, SerDes, UPC, FPU.
        (0x018, 0x7700_0000 | 0x0040_0000 | 0x0014_0000 | 0x0003_8000 | 0x0400 | 0x100),
        (0x01C, 2),
        (0x020, 3),
        (0x024, 4),
        (0x028, 5),
        (0x08C, 0x0400_0000),
        (0x090, 0xB10C),
        (0x094, 0x0405_0601),
        (0x098, 0x0203_0007),
        (0x09C, 16),
        (0x0A0, 9),
        (0x0A4, 2),
        (0x0A8, 0x10203),
        (0x0AC, 65),
        (0x0B0, 0x0003_0003),
        (0x0CC, 0x0003_0003),
        (0x0D0, 0x2328_0200),
        (0x0D4, 1),
        (0x0D8, 0),
        (0x0E4, 0x0A01_0203),
        (0x0F4, 0xFF00_0000),
        (0x104, 0),
        (0x114, 0x0A00_0001),
        (0x124, 0),
        (0x134, 0x0A00_0002),
        (0x138, u32::from_be_bytes(*b"/bgs")),
        (0x158, u32::from_be_bytes(*b"bloc")),
    ];
    for (at, expected) in words {
        assert_eq!(word(&bytes, at), expected, "at {at:#x}");
    }
}

#[test]
fn an_io_node_says_so() {
    let description = Description { card: 1, ..Description::default() };
    assert!(description.is_io_node());
    assert_eq!(description.identifier() >> 27, 14);
    assert_eq!(description.node_config() & 0x0102_2000, 0x2000);
}

#[test]
fn the_way_to_the_io_node_is_link_0() {
    let description = Description::default().below_io_node();
    assert_eq!((description.routes[0], description.routes[15], description.routes[1]), (0x0102, 0x0102, 3));
    assert_eq!(description.wired(), 1);
}

#[test]
fn what_cannot_be_is_told() {
    for (text, told) in [
        ("(card: 36)", "card is 36"),
        ("(torus: (size: (1, 1, 2), coordinates: (0, 0, 2)))", "coordinate Z is 2"),
        ("(ethernet: (mac: \"1\"))", "no Ethernet address"),
        ("(colour: 1)", "colour"),
        ("(rank: 0x1000000)", "rank is 16777216"),
    ] {
        let error = Description::from_ron(text).expect_err(text);
        assert!(error.contains(told), "{text}: {error}");
    }
}

proptest! {
    /// A description is read as it was written.
    #[test]
    fn descriptions_survive_being_written(card in 0_u32..36, rank in 0_u32..0x100_0000, mac: [u8; 6], address: [u8; 4]) {
        let ethernet = Ethernet { mac: Mac(mac), address: address.into(), ..Ethernet::default() };
        let description = Description { card, rank, ethernet, ..Description::default() };
        let text = ron::to_string(&description).expect("it can be written");
        prop_assert_eq!(Description::from_ron(&text), Ok(description));
    }

    #[test]
    fn no_text_panics(text in ".{0,80}") {
        let _ = Description::from_ron(&text);
    }
}
