//! The collective's invariants (section 11.2), and what drivers do (sections 7.2 to 7.6).

use super::registers::*;
use super::*;
use proptest::prelude::*;

/// A broadcast of class 1; a point-to-point packet of class 0 to an address.
const BROADCAST: u32 = 0x1000_0000;
const fn to(address: u32) -> u32 {
    0x0800_0000 | address << 2
}

/// A node alone: what leaves comes back.
struct Alone {
    device: Collective,
    bic: Bic,
    sent: usize,
}

impl Alone {
    fn new() -> Self {
        let mut device = Collective::default();
        device.set_up(5, &[0x0003; 16], 0);
        Self { device, bic: Bic::default(), sent: 0 }
    }

    fn settle(&mut self) {
        while let Some(packet) = self.device.take_departing() {
            self.sent += 1;
            self.device.arrive(packet);
        }
        self.device.interrupt(&mut self.bic);
    }

    fn read<const N: usize>(&mut self, channel: usize, offset: u32) -> [u8; N] {
        let mut bytes = [0xEE; N];
        assert_eq!(self.device.read(channel, offset, false, &mut bytes), Ok(()));
        self.settle();
        bytes
    }

    fn status(&mut self, channel: usize) -> u32 {
        u32::from_be_bytes(self.read(channel, 0x40))
    }

    fn write(&mut self, channel: usize, offset: u32, bytes: &[u8]) {
        assert_eq!(self.device.write(channel, offset, false, bytes), Ok(()));
        self.settle();
    }

    fn inject(&mut self, channel: usize, header: u32, fill: u8) {
        self.write(channel, 0x10, &header.to_be_bytes());
        for _ in 0..QUADS {
            self.write(channel, 0, &[fill; 16]);
        }
    }

    fn dcr(&mut self, offset: u32) -> u32 {
        let value = self.device.read_dcr(offset).expect("a register");
        self.settle();
        value
    }

    fn set(&mut self, offset: u32, value: u32) {
        assert_eq!(self.device.write_dcr(offset, value), Ok(()));
        self.settle();
    }

    /// Group 5 of the interrupt controller, as it was since the last look.
    fn interrupts(&mut self) -> u32 {
        let before = self.bic.read(5 * 0x80 + 4).expect("status");
        self.settle();
        before
    }
}

const fn bit(number: u32) -> u32 {
    0x8000_0000 >> number
}

#[test]
fn invariant_1_the_ninth_header_is_flagged_and_not_dropped_silently() {
    let mut node = Alone::new();
    // Injection stops: the flag is only cleared by an error or a reset.
    node.write(0, 0x10, &[0; 2]);
    assert_eq!(node.dcr(INJECTION) & inject::ENABLE, 0);
    for number in 1..=8 {
        node.inject(0, BROADCAST, 0);
        assert_eq!(node.status(0) >> 16 & 15, number);
        assert_eq!(node.dcr(INJECTION) & (inject::HEADER_OVERFLOW | inject::PAYLOAD_OVERFLOW), 0);
    }
    assert_eq!(node.status(0), 0x8008_0000);
    node.write(0, 0x10, &[0; 4]);
    assert_eq!(node.dcr(INJECTION) & 0x79, inject::HEADER_OVERFLOW);
    node.write(0, 0, &[0; 16]);
    assert_eq!(node.dcr(INJECTION) & 0x79, inject::PAYLOAD_OVERFLOW);
    assert_eq!(node.status(0), 0x8008_0000);
    // Enabled again, they leave: to fill the FIFO of reception.
    node.set(INJECTION, inject::ENABLE);
    assert_eq!((node.status(0), node.sent), (0x0000_8008, 8));
}

#[test]
fn a_full_receiver_holds_its_own_packets_back() {
    let mut node = Alone::new();
    for _ in 0..17 {
        node.inject(1, BROADCAST, 1);
    }
    // Eight received, one in the network, eight held back.
    assert_eq!((node.status(1), node.sent), (0x8008_8008, 9));
    assert_eq!(node.dcr(INJECTION) & 0x7E, inject::WATERMARK);
    node.write(1, 0x10, &[0; 4]);
    assert_eq!(node.dcr(INJECTION) & 0x78, inject::HEADER_OVERFLOW >> 1);
}

#[test]
fn invariant_2_reading_an_empty_fifo_flags_and_changes_nothing_else() {
    let mut node = Alone::new();
    let before = node.device.clone();
    assert_eq!(node.read::<16>(1, 0x20), [0; 16]);
    assert_eq!(node.dcr(RECEPTION), receive::PAYLOAD_UNDERRUN >> 1);
    assert_eq!(node.read::<4>(0, 0x30), [0; 4]);
    assert_eq!(node.dcr(RECEPTION), receive::HEADER_UNDERRUN);
    assert_eq!(node.dcr(RECEPTION), 0);
    assert_eq!(node.device, before);
}

#[test]
fn invariant_3_a_route_without_targets_raises_an_interrupt() {
    let mut node = Alone::new();
    node.set(0, 0x0003_0002);
    node.inject(0, BROADCAST, 0);
    assert_eq!((node.interrupts() & bit(1), node.status(0)), (bit(1), 0));
    assert_eq!(node.device.read_dcr(0x1F), Err(Unknown));
    // Class 0 has one; with link 0's targets switched off for channel 1, class 2 has none there.
    node.inject(0, 0, 0);
    assert_eq!(node.interrupts() & bit(1), 0);
    node.set(1, 0x0102_0102);
    node.set(0x10, 0x1000_0000);
    node.inject(0, 0x2000_0000, 0);
    assert_eq!(node.interrupts() & bit(1), 0);
    node.inject(1, 0x2000_0000, 0);
    assert_eq!(node.interrupts() & bit(1), bit(1));
}

#[test]
fn invariant_4_own_broadcast_returns_with_its_payload() {
    let mut node = Alone::new();
    node.inject(0, BROADCAST, 0xA5);
    assert_eq!(node.status(0), 0x0000_1001);
    assert_eq!(u32::from_be_bytes(node.read(1, 0x50)), 0x0000_1001);
    assert_eq!(u32::from_be_bytes(node.read(0, 0x30)), BROADCAST);
    for left in (0..16).rev() {
        assert_eq!(node.read::<16>(0, 0x20), [0xA5; 16]);
        assert_eq!(node.status(0), left << 8);
    }
}

#[test]
fn invariant_5_an_address_reaches_its_node_and_who_receives_everything() {
    for (address, all, expected) in [(5, false, 1), (6, false, 0), (6, true, 1)] {
        let mut node = Alone::new();
        node.set(CHANNELS, if all { 0x8000_0000 } else { 0 });
        node.inject(0, to(address), 0);
        assert_eq!((node.sent, node.status(0)), (1, expected * 0x1001));
    }
}

#[test]
fn payload_may_come_before_its_header() {
    let mut node = Alone::new();
    for _ in 0..QUADS {
        node.write(0, 0, &[9; 16]);
    }
    assert_eq!(node.status(0), 0x1000_0000);
    assert_eq!(node.dcr(NEXT_HEADER), 0);
    node.write(0, 0x10, &BROADCAST.to_be_bytes());
    assert_eq!(node.status(0), 0x0000_1001);
}

#[test]
fn wrong_accesses_are_flagged_by_port_and_change_no_fifo() {
    let mut node = Alone::new();
    let read = |node: &mut Alone, offset, unit, bytes: usize| {
        assert_eq!(node.device.read(0, offset, unit, &mut vec![0; bytes]), Ok(()));
        node.dcr(RECEPTION)
    };
    assert_eq!(read(&mut node, 0x20, false, 4), receive::ALIGNMENT);
    assert_eq!(read(&mut node, 0x40, true, 16), receive::ALIGNMENT >> 1);
    assert_eq!(read(&mut node, 0x00, false, 16), receive::ADDRESS);
    assert_eq!(read(&mut node, 0x60, true, 4), receive::ADDRESS >> 1);
    assert_eq!(node.device.read(0, 0x400, false, &mut [0; 4]), Err(Unknown));
    let write = |node: &mut Alone, offset, bytes: usize| {
        assert_eq!(node.device.write(0, offset, true, &vec![0; bytes]), Ok(()));
        let flags = node.dcr(INJECTION);
        node.set(INJECTION, inject::ENABLE);
        flags & !0x7E
    };
    assert_eq!(write(&mut node, 0x00, 8), inject::ALIGNMENT >> 1);
    assert_eq!(write(&mut node, 0x20, 16), inject::ADDRESS >> 1);
    assert_eq!(node.status(0), 0);
}

#[test]
fn watermarks_are_conditions_and_enables_lead_to_interrupts() {
    let mut node = Alone::new();
    node.set(RECEPTION_ENABLES, 3);
    assert_eq!(node.interrupts(), 0);
    // Channel 1 interrupts above two packets.
    node.set(CHANNELS + 1, 0x200);
    for _ in 0..2 {
        node.inject(1, BROADCAST | 0x0400_0000, 0);
    }
    assert_eq!(node.interrupts(), bit(23));
    node.inject(1, BROADCAST, 0);
    assert_eq!(node.interrupts() & bit(21), bit(21));
    assert_eq!((node.dcr(RECEPTION), node.dcr(RECEPTION)), (1, 1));
    assert_eq!(node.status(1) & 0x10, 0x10);
    for _ in 0..2 {
        node.read::<4>(1, 0x30);
        for _ in 0..QUADS {
            node.read::<16>(1, 0x20);
        }
    }
    assert_eq!((node.dcr(RECEPTION), node.status(1)), (0, 0x1001));
    assert_eq!((node.interrupts(), node.interrupts()), (bit(21) | bit(23), 0));
    // Injection: at most as many packets as the watermark wait. ENABLE itself never interrupts.
    node.set(INJECTION_ENABLES, 0x7F);
    assert_eq!((node.interrupts(), node.dcr(INJECTION)), (bit(20), 0x7));
    node.set(INJECTION_ENABLES, inject::ENABLE);
    assert_eq!((node.interrupts(), node.interrupts()), (bit(20), 0));
    // The upper flags have a line of their own besides.
    node.set(RECEPTION_ENABLES, u32::MAX);
    node.read::<8>(0, 0x20);
    assert_eq!(node.interrupts(), bit(4) | bit(21));
}

/// Section 7.6: after both flag registers were read and PIXEN is 0, boot loaders still transmit.
#[test]
fn the_enable_survives_being_read() {
    let mut node = Alone::new();
    node.set(INJECTION_ENABLES, 0);
    for _ in 0..2 {
        assert_eq!(node.dcr(INJECTION), inject::ENABLE | 0x6);
    }
    node.inject(0, BROADCAST, 0);
    assert_eq!(node.sent, 1);
}

#[test]
fn firmware_leaves_routes_address_and_loops() {
    let mut device = Collective::default();
    device.set_up(0x0102_0304, &std::array::from_fn(|class| (class as u16) << 8 | 3), 0b001);
    assert_eq!(device.read_dcr(0), Ok(0x0003_0103));
    assert_eq!(device.read_dcr(7), Ok(0x0E03_0F03));
    assert_eq!(device.read_dcr(0x41).map(|_| device.address()), Ok(0x02_0304));
    assert_eq!(device.read_dcr(0x10), Ok(0x60));
    assert_eq!(device.read_dcr(0x48), Ok(7));
}

/// Every register of section 7.5: it can be read and written, or is reported.
#[test]
fn each_register_is_modelled_or_reported() {
    let unknown =
        [0x0A, 0x0B, 0x0D, 0x0E, 0x0F, 0x40, 0x47, 0x4B, 0x56, 0x57, 0x5E, 0x5F, 0x6E, 0x6F, 0x7E, 0x7F];
    for offset in 0..0x100 {
        let mut device = Collective::default();
        let lacks = unknown.contains(&offset) || (0x38..0x40).contains(&offset) || offset >= 0x80;
        assert_eq!(device.read_dcr(offset).is_err(), lacks, "read of {offset:#x}");
        if lacks {
            assert_eq!(device.write_dcr(offset, 0), Err(Unknown), "write to {offset:#x}");
        }
    }
}

#[derive(Clone, Debug)]
enum Access {
    Read(usize, u32, bool, usize),
    Write(usize, u32, bool, Vec<u8>),
    ReadDcr(u32),
    WriteDcr(u32, u32),
}

fn access() -> impl Strategy<Value = Access> {
    let offset = prop_oneof![(0_u32..6).prop_map(|register| register * 16), 0_u32..0x410];
    let bytes = prop_oneof![Just(4_usize), Just(16), 1..=16_usize];
    let dcr = prop_oneof![0_u32..0x80, Just(INJECTION), Just(RECEPTION), Just(ROUTER)];
    let page = (0..2_usize, offset, any::<bool>(), bytes);
    let value = prop_oneof![any::<u32>(), Just(0), Just(3), Just(u32::MAX)];
    prop_oneof![
        page.clone().prop_map(|(channel, offset, unit, bytes)| Access::Read(channel, offset, unit, bytes)),
        (page, any::<u8>()).prop_map(|((channel, offset, unit, bytes), fill)| {
            Access::Write(channel, offset, unit, vec![fill; bytes])
        }),
        dcr.clone().prop_map(Access::ReadDcr),
        (dcr, value).prop_map(|(number, value)| Access::WriteDcr(number, value)),
    ]
}

proptest! {
    /// Whatever a guest does: nothing panics, no FIFO exceeds its depth, and a checkpoint is the device.
    #[test]
    fn any_accesses_keep_the_fifos_within_bounds(accesses in proptest::collection::vec(access(), 0..300)) {
        let mut node = Alone::new();
        for access in accesses {
            let _: Result<(), Unknown> = match access {
                Access::Read(channel, offset, unit, bytes) => {
                    node.device.read(channel, offset, unit, &mut vec![0; bytes])
                }
                Access::Write(channel, offset, unit, bytes) => node.device.write(channel, offset, unit, &bytes),
                Access::ReadDcr(offset) => node.device.read_dcr(offset).map(drop),
                Access::WriteDcr(offset, value) => node.device.write_dcr(offset, value),
            };
            node.settle();
            for channel in &node.device.channels {
                prop_assert!(channel.inject.headers.len() <= 8 && channel.inject.quads.len() <= 128);
                prop_assert!(channel.receive.headers.len() <= 8 && channel.receive.quads.len() <= 128);
            }
        }
        let text = serde_json::to_string(&node.device).expect("it can be written");
        let read: Collective = serde_json::from_str(&text).expect("what was written can be read");
        prop_assert_eq!(read, node.device);
    }
}
