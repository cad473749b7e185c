//! The stand-in against a node's collective device, without cores.

use super::link::{self, protocol};
use super::*;
use crate::node::Configuration;

const RANK: u32 = 3;
const IO_RANK: u32 = 64;

fn description() -> Description {
    Description { rank: RANK, io_node_rank: IO_RANK, ..Description::default() }.below_io_node()
}

/// A packet with a message, as the node sends it.
fn up(header: u32, channel: u8, payload: Vec<u8>) -> CollectivePacket {
    let route = description().routes[Header(header).class()];
    CollectivePacket { channel, header, payload, route }
}

fn message(protocol: u16, destination: u32) -> link::Header {
    link::Header { destination, source: RANK, connection: 9, fragment: 0, fragments: 1, protocol, option: 0 }
}

/// Sends; answers what comes back, with delays.
fn send(attached: &mut Attached, packet: CollectivePacket) -> Vec<(u64, CollectivePacket)> {
    let mut arrivals = Arrivals::default();
    let parcel = Parcel::Collective(packet);
    assert_eq!(attached.send(Sent { time: 1000, node: 0, sequence: 0, parcel }, &mut arrivals), Ok(()));
    std::iter::from_fn(|| arrivals.take(u64::MAX))
        .map(|arrival| match arrival.parcel {
            Parcel::Collective(packet) => (arrival.time - 1000, packet),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// A wire that keeps what is sent, and gives what it holds.
#[derive(Default)]
struct Kept {
    sent: Vec<Vec<u8>>,
    waiting: VecDeque<Vec<u8>>,
}

impl Wire for Kept {
    fn send(&mut self, frame: &[u8]) {
        self.sent.push(frame.to_vec());
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        self.waiting.pop_front()
    }
}

fn node() -> (Node, Attached) {
    let mut node = Node::new(Configuration::default());
    crate::boot::describe(&mut node, &description());
    let attached = Attached::new(IoNode::above(&description()), &mut node);
    (node, attached)
}

/// What the node's channel 0 has received.
fn received(node: &mut Node) -> Vec<(u32, Vec<u8>)> {
    let collective = &mut node.bus.devices.collective;
    std::iter::from_fn(|| {
        let mut status = [0; 4];
        collective.read(0, 0x40, false, &mut status).expect("the status");
        if status[3] & 15 == 0 {
            return None;
        }
        let (mut header, mut payload) = ([0; 4], [[0; 16]; 16]);
        collective.read(0, 0x30, false, &mut header).expect("a header");
        for quad in &mut payload {
            collective.read(0, 0x20, false, quad).expect("a quad");
        }
        Some((u32::from_be_bytes(header), payload.concat()))
    })
    .collect()
}

#[test]
fn it_announces_itself_once_with_number_and_address() {
    let (mut node, _attached) = node();
    node.run_until(ANNOUNCED - 10_000);
    assert_eq!(received(&mut node), []);
    node.run_until(100 * ANNOUNCED);
    let [(header, payload)] = &received(&mut node)[..] else { panic!("one packet") };
    assert_eq!(*header, 0);
    let link = link::Header::of(payload).expect("a header");
    assert_eq!((link.destination, link.source, link.protocol), (0, IO_RANK, protocol::CONTROL));
    assert_eq!((link.fragment, link.fragments), (0, 1));
    assert_eq!(payload[16..40], [&[0; 16][..], &[10, 0, 0, 1], &[0; 4]].concat());
}

#[test]
fn frames_reach_the_host_and_come_back_on_the_channel_that_was_used() {
    let (mut node, mut attached) = node();
    let frame: Vec<u8> = (0..1000).map(|number| number as u8).collect();
    let payloads = link::cut(&frame, message(protocol::NET, 1)).expect("it fits");
    for payload in payloads {
        // To the bridge; class 0 comes back to nobody.
        assert_eq!(send(&mut attached, up(0x0800_0000 | IO_RANK << 2, 1, payload)), []);
    }
    let mut wire = Kept::default();
    let answer = [vec![2, 0, 0, 0, 0, RANK as u8], vec![7; 500]].concat();
    let for_all = [vec![0xFF; 6], vec![8; 54]].concat();
    let for_others = [vec![2, 0, 0, 0, 0, 9], vec![7; 500]].concat();
    wire.waiting.extend([answer.clone(), for_others, for_all.clone(), vec![1; 3]]);
    attached.exchange(&mut node, &mut wire);
    assert_eq!(wire.sent, [frame]);
    let mut assembler = Assembler::default();
    let mut frames = Vec::new();
    for (header, channel) in
        std::iter::from_fn(|| node.bus.devices.port.arrivals.take(ANNOUNCED - 1)).map(|arrival| {
            let Parcel::Collective(packet) = arrival.parcel else { panic!("the collective's") };
            let link = link::Header::of(&packet.payload).expect("a header");
            frames.extend(assembler.add(link, &packet.payload));
            (packet.header, packet.channel)
        })
    {
        assert!(channel == 1 && matches!(header, 0 | 0x0800_000C), "{header:#x}");
    }
    assert_eq!(frames, [answer, for_all]);
}

#[test]
fn what_floods_the_block_comes_back_and_consoles_are_heard() {
    let (_node, mut attached) = node();
    let mut payload = link::Header { option: 5, ..message(protocol::CONSOLE, 77) }.bytes().to_vec();
    payload.extend(b"hello, and what is not counted");
    payload.resize(256, 0);
    let packet = up(0xF000_0000, 0, payload);
    assert_eq!(send(&mut attached, packet.clone()), [(2 * DELAY, packet)]);
    assert_eq!(attached.take_said(), b"hello");
    // A class that only the node itself is in.
    let packet = up(0x1000_0000, 0, vec![0; 256]);
    assert_eq!(send(&mut attached, packet.clone()), [(DELAY, packet)]);
    assert_eq!(attached.take_said(), b"");
}

#[test]
fn frames_for_everybody_are_reflected_when_asked_for() {
    let (_node, mut attached) = node();
    let frame = [vec![0xFF; 6], vec![3; 60]].concat();
    let payload = link::cut(&frame, message(protocol::REFLECT, 5)).expect("it fits").swap_remove(0);
    let answer = send(&mut attached, up(0x0800_0000 | IO_RANK << 2, 0, payload));
    let [(DELAY, packet)] = &answer[..] else { panic!("{answer:?}") };
    let header = link::Header::of(&packet.payload).expect("a header");
    assert_eq!((header.protocol, header.destination, packet.header), (protocol::NET, 5, 0));
    assert_eq!(Assembler::default().add(header, &packet.payload), Some(frame));
}

#[test]
fn its_state_survives_a_checkpoint() {
    let (_node, attached) = node();
    let text = serde_json::to_string(&attached.state()).expect("it can be written");
    assert_eq!(serde_json::from_str::<IoNode>(&text).expect("it can be read"), attached.state());
}
