//! The switch with clients that are tests.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use interfaces::ServeEthernet;
use interfaces::ethernet::{EthernetCounters, RECEIVED};
use proptest::prelude::*;
use runtime::{Client, Clients, Event, Memory, WireError};
use switch::{Component, Config, Ports, Switch, Wires};

type Signals = Rc<RefCell<Vec<u32>>>;

struct Some {
    count: u32,
    signals: Signals,
}

impl Clients for Some {
    fn count(&self) -> u32 {
        self.count
    }

    fn name(&self, _: Client) -> &'static str {
        "?"
    }

    fn signal(&mut self, client: Client, event: Event) {
        assert_eq!(event, RECEIVED);
        self.signals.borrow_mut().push(client.0);
    }
}

struct Frames(Rc<RefCell<Vec<u8>>>);

impl Memory for Frames {
    fn bytes(&self) -> usize {
        self.0.borrow().len()
    }

    fn read(&self, offset: usize, into: &mut [u8]) -> Result<(), WireError> {
        assert!(offset.is_multiple_of(4));
        let memory = self.0.borrow();
        into.copy_from_slice(memory.get(offset..offset + into.len()).ok_or(WireError::Malformed)?);
        Ok(())
    }

    fn write(&mut self, offset: usize, from: &[u8]) -> Result<(), WireError> {
        assert!(offset.is_multiple_of(4));
        let mut memory = self.0.borrow_mut();
        memory.get_mut(offset..offset + from.len()).ok_or(WireError::Malformed)?.copy_from_slice(from);
        Ok(())
    }
}

enum Mocked {}

impl Ports for Mocked {
    type EthernetClients = Some;
    type Frames = Frames;
}

/// A network of a test's.
struct Net {
    switch: Switch<Mocked>,
    count: u32,
    signals: Signals,
    memory: Rc<RefCell<Vec<u8>>>,
}

const CONFIG: Config = Config { network: 0x0102, age: 10, guard: true };

/// Bytes of memory for so many frames.
fn room(frames: usize) -> usize {
    frames * 1520
}

type Address = [u8; 6];

const ALL: Address = [0xFF; 6];
const STRANGER: Address = [0x0A, 0, 0, 0, 0, 1];
const NOBODY: Address = [0x0A, 0, 0, 0, 0, 2];

fn frame(to: Address, from: Address, payload: &[u8]) -> Vec<u8> {
    [&to[..], &from, &[0x88, 0xB5], payload].concat()
}

impl Net {
    fn new(count: u32, config: Config, bytes: usize) -> Self {
        let signals = Signals::default();
        let memory = Rc::new(RefCell::new(vec![0; bytes]));
        let clients = Some { count, signals: Rc::clone(&signals) };
        let wires = Wires { ethernet_clients: clients, frames: Frames(Rc::clone(&memory)) };
        Self { switch: Switch::new(wires, config), count, signals, memory }
    }

    /// Three ports with room for four frames each.
    fn three() -> Self {
        Self::new(3, CONFIG, room(12))
    }

    fn address(&mut self, port: u32) -> Address {
        self.switch.address(Client(port)).unwrap()
    }

    fn send(&mut self, port: u32, frame: &[u8]) {
        self.switch.send(Client(port), frame).unwrap();
    }

    fn receive(&mut self, port: u32) -> Option<Vec<u8>> {
        let mut into = [0; 1514];
        let bytes = self.switch.receive(Client(port), &mut into).unwrap() as usize;
        (bytes != 0).then(|| into[..bytes].to_vec())
    }

    /// Who gets a frame. Nothing else may wait anywhere.
    fn reached(&mut self, port: u32, frame: &[u8]) -> Vec<u32> {
        self.send(port, frame);
        let mut reached = Vec::new();
        for to in 0..self.count {
            if let Some(got) = self.receive(to) {
                assert_eq!(got, frame);
                reached.push(to);
            }
            assert_eq!(self.receive(to), None);
        }
        reached
    }

    fn counters(&mut self, port: u32) -> EthernetCounters {
        EthernetCounters::from_bytes(&self.switch.counters(Client(port)).unwrap())
    }
}

#[test]
fn each_port_gets_an_address_that_is_known_from_the_start() {
    let mut net = Net::three();
    assert_eq!(net.address(0), [0x02, b'F', b'G', 1, 2, 0]);
    assert_eq!(net.address(2), [0x02, b'F', b'G', 1, 2, 2]);
    let (from, to) = (net.address(0), net.address(2));
    assert_eq!(net.reached(0, &frame(to, from, b"hello")), [2]);
}

#[test]
fn what_nobody_has_and_what_all_have_goes_to_all_but_the_sender() {
    let mut net = Net::three();
    let own = net.address(1);
    for to in [ALL, NOBODY, [0x01, 0, 0x5E, 0, 0, 1], [0x33, 0x33, 0, 0, 0, 1]] {
        assert_eq!(net.reached(1, &frame(to, own, b"who?")), [0, 2]);
    }
    let counters = net.counters(1);
    assert_eq!((counters.sent, counters.flooded, counters.received), (4, 4, 0));
    assert_eq!(net.counters(0).received, 4);
}

#[test]
fn an_address_is_learnt_from_what_is_sent_under_it() {
    let mut net = Net::three();
    let own = net.address(0);
    assert_eq!(net.reached(0, &frame(STRANGER, own, b"")), [1, 2]);
    assert_eq!(net.reached(1, &frame(own, STRANGER, b"")), [0]);
    assert_eq!(net.reached(0, &frame(STRANGER, own, b"")), [1]);
    // Its own port does not get back what it sends to it.
    assert_eq!(net.reached(1, &frame(STRANGER, STRANGER, b"")), [0; 0]);
    assert_eq!(net.counters(1).filtered, 1);
}

#[test]
fn an_address_out_of_use_is_forgotten_and_only_its_own_port_counts() {
    let mut net = Net::three();
    let addresses = [0, 1, 2].map(|port| net.address(port));
    net.reached(1, &frame(ALL, STRANGER, b""));
    for _ in 0..100 {
        assert_eq!(net.reached(0, &frame(STRANGER, addresses[0], b"")), [1]);
    }
    for _ in 0..10 {
        net.reached(1, &frame(addresses[0], addresses[1], b""));
    }
    assert_eq!(net.reached(0, &frame(STRANGER, addresses[0], b"")), [1]);
    net.reached(1, &frame(addresses[0], addresses[1], b""));
    assert_eq!(net.reached(0, &frame(STRANGER, addresses[0], b"")), [1, 2]);
    // The given address never is.
    assert_eq!(net.reached(0, &frame(addresses[2], addresses[0], b"")), [2]);
}

#[test]
fn an_address_that_is_used_again_takes_one_place_and_the_given_one_none() {
    let mut net = Net::new(2, Config { age: 100_000, ..CONFIG }, room(8));
    let (own, other) = (net.address(0), net.address(1));
    net.reached(1, &frame(ALL, STRANGER, b""));
    for _ in 0..20 {
        net.reached(1, &frame(ALL, [0x0C; 6], b""));
        net.reached(1, &frame(ALL, other, b""));
    }
    // Six more fit beside these two.
    for nth in 0..6 {
        net.reached(1, &frame(ALL, [0x0E, 0, 0, 0, 0, nth], b""));
    }
    let flooded = net.counters(0).flooded;
    net.reached(0, &frame(STRANGER, own, b""));
    assert_eq!(net.counters(0).flooded, flooded);
}

#[test]
fn a_port_of_many_addresses_forgets_its_own_oldest() {
    let mut net = Net::new(3, Config { age: 100_000, ..CONFIG }, room(12));
    let own = net.address(0);
    net.reached(2, &frame(ALL, STRANGER, b""));
    let address = |nth: u8| [0x0C, 0, 0, 0, 0, nth];
    for nth in 0..9 {
        net.reached(1, &frame(ALL, address(nth), b""));
    }
    assert_eq!(net.reached(0, &frame(address(0), own, b"")), [1, 2]);
    assert_eq!(net.reached(0, &frame(address(1), own, b"")), [1]);
    assert_eq!(net.reached(0, &frame(address(8), own, b"")), [1]);
    for nth in 0..=255 {
        net.reached(1, &frame(ALL, address(nth), b""));
    }
    assert_eq!(net.reached(0, &frame(STRANGER, own, b"")), [2], "another port's stays");
}

#[test]
fn nobody_sends_under_another_s_address() {
    let mut net = Net::three();
    let (own, other) = (net.address(0), net.address(1));
    net.reached(1, &frame(ALL, STRANGER, b""));
    assert_eq!(net.reached(0, &frame(ALL, STRANGER, b"")), [0; 0]);
    assert_eq!(net.reached(0, &frame(ALL, other, b"")), [0; 0]);
    assert_eq!(net.reached(2, &frame(STRANGER, [0x0A; 6], b"")), [1]);
    let counters = net.counters(0);
    assert_eq!((counters.foreign, counters.sent), (2, 0));
    assert_eq!(net.reached(0, &frame(other, own, b"")), [1]);
}

#[test]
fn without_guard_an_address_moves_but_not_one_that_was_given() {
    let mut net = Net::new(3, Config { guard: false, ..CONFIG }, room(12));
    let given = net.address(1);
    net.reached(1, &frame(ALL, STRANGER, b""));
    assert_eq!(net.reached(2, &frame(STRANGER, [0x0A; 6], b"")), [1]);
    assert_eq!(net.reached(0, &frame(ALL, STRANGER, b"")), [1, 2]);
    assert_eq!(net.reached(2, &frame(STRANGER, [0x0A; 6], b"")), [0]);
    let own = net.address(0);
    for _ in 0..11 {
        net.reached(0, &frame(given, own, b""));
    }
    assert_eq!(net.reached(2, &frame(STRANGER, [0x0A; 6], b"")), [0, 1], "its old port has forgotten it");
    assert_eq!(net.reached(0, &frame(ALL, STRANGER, b"")), [1, 2]);
    assert_eq!(net.reached(0, &frame(ALL, given, b"")), [0; 0]);
    assert_eq!(net.reached(2, &frame(given, [0x0A; 6], b"")), [1]);
}

#[test]
fn frames_that_are_none_are_refused() {
    let mut net = Net::three();
    let own = net.address(0);
    let group = frame(ALL, [0x03, 0, 0, 0, 0, 0], b"");
    for bad in [&[][..], &[0; 13], &[0; 1515], &frame(ALL, ALL, b""), &group] {
        assert_eq!(net.switch.send(Client(0), bad), Err(WireError::Malformed));
    }
    assert_eq!(net.counters(0), EthernetCounters { malformed: 5, ..EthernetCounters::default() });
    assert_eq!(net.receive(1), None);
    let longest = frame(ALL, own, &[7; 1500]);
    assert_eq!(net.reached(0, &longest), [1, 2]);
    assert_eq!(net.reached(0, &frame(ALL, own, b"")), [1, 2]);
}

#[test]
fn bridges_keep_their_own_protocols() {
    let mut net = Net::three();
    let own = net.address(0);
    for last in [0, 1, 0x0F] {
        assert_eq!(net.reached(0, &frame([1, 0x80, 0xC2, 0, 0, last], own, b"")), [0; 0]);
    }
    assert_eq!(net.reached(0, &frame([1, 0x80, 0xC2, 0, 0, 0x10], own, b"")), [1, 2]);
    assert_eq!(net.counters(0).filtered, 3);
}

#[test]
fn a_port_that_does_not_fetch_loses_its_own_frames_only() {
    let mut net = Net::three();
    let own = net.address(0);
    let sent: Vec<Vec<u8>> = (0..6).map(|nth| frame(ALL, own, &[nth])).collect();
    for frame in &sent {
        net.send(0, frame);
        assert_eq!(net.receive(2).as_ref(), Option::Some(frame));
    }
    let kept: Vec<Vec<u8>> = std::iter::from_fn(|| net.receive(1)).collect();
    assert_eq!(kept, sent[..4]);
    let counters = net.counters(1);
    assert_eq!((counters.received, counters.lost), (4, 2));
    assert_eq!(net.counters(2).lost, 0);
}

#[test]
fn a_client_is_told_of_the_first_frame_that_waits() {
    let mut net = Net::three();
    let (own, other) = (net.address(0), net.address(1));
    net.send(0, &frame(other, own, b"a"));
    net.send(0, &frame(other, own, b"b"));
    assert_eq!(*net.signals.borrow(), [1]);
    assert!(net.receive(1).is_some() && net.receive(1).is_some());
    net.send(0, &frame(other, own, b"c"));
    assert_eq!(*net.signals.borrow(), [1, 1]);
}

#[test]
fn a_frame_that_does_not_fit_stays() {
    let mut net = Net::three();
    let (own, other) = (net.address(0), net.address(1));
    net.send(0, &frame(other, own, b"payload"));
    assert_eq!(net.switch.receive(Client(1), &mut [0; 20]), Err(WireError::TooLong));
    assert_eq!(net.receive(1), Option::Some(frame(other, own, b"payload")));
}

#[test]
fn clients_without_a_port_are_told() {
    let mut net = Net::new(20, CONFIG, room(64));
    assert_eq!(net.switch.send(Client(15), &frame(ALL, STRANGER, b"")), Ok(()));
    for client in [16, 19, u32::MAX].map(Client) {
        assert_eq!(net.switch.send(client, &frame(ALL, STRANGER, b"")), Err(WireError::Full));
        assert_eq!(net.switch.receive(client, &mut [0; 1514]), Err(WireError::Full));
        assert_eq!(net.switch.settle(client), Err(WireError::Full));
        assert_eq!(net.switch.address(client), Err(WireError::Full));
        assert_eq!(net.switch.counters(client), Err(WireError::Full));
    }
}

#[test]
fn little_memory_and_memory_that_others_write_do_no_harm() {
    for bytes in [0, 1, 1519, room(2)] {
        let mut net = Net::new(3, CONFIG, bytes);
        let own = net.address(0);
        assert_eq!(net.reached(0, &frame(ALL, own, b"")), [0; 0]);
        assert_eq!(net.counters(1).lost, 1);
    }
    let mut net = Net::three();
    let own = net.address(0);
    net.send(0, &frame(ALL, own, b""));
    net.memory.borrow_mut().fill(0xFF);
    assert_eq!(net.receive(1).map(|frame| frame.len()), Option::Some(1514));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever clients send: nobody gets what it sent itself; a frame comes whole, in order and once; who gets a frame
    /// to a given address is its port alone; and every frame is counted as something.
    #[test]
    fn frames_come_whole_to_those_who_may_have_them(
        steps in proptest::collection::vec((0..4_u32, any::<bool>(), 0..12_u8, 0..12_u8, 0..80_usize), 1..300),
        guard in any::<bool>(),
    ) {
        let mut net = Net::new(4, Config { guard, ..CONFIG }, room(32));
        let given = [0, 1, 2, 3].map(|port| net.address(port));
        let address = |nth: u8| match nth {
            0..4 => given[usize::from(nth)],
            4 => ALL,
            5 => [1, 0x80, 0xC2, 0, 0, 3],
            nth => [0x0A, 0, 0, 0, 0, nth],
        };
        let mut serial = 0_u32;
        let mut senders = Vec::new();
        let mut last = [None; 4];
        let mut seen = BTreeSet::new();
        let (mut sent, mut received) = (0, 0);
        for (port, sends, to, from, bytes) in steps {
            if sends {
                let payload = [&serial.to_be_bytes()[..], &vec![port as u8; bytes]].concat();
                let frame = frame(address(to), address(from), &payload);
                let _ = net.switch.send(Client(port), &frame);
                senders.push((port, to, frame));
                serial += 1;
                sent += 1;
            } else if let Option::Some(got) = net.receive(port) {
                let number = u32::from_be_bytes(got[14..18].try_into().unwrap());
                let (sender, to, frame) = &senders[number as usize];
                prop_assert_eq!(&got, frame);
                prop_assert_ne!(*sender, port);
                prop_assert!(*to >= 4 || u32::from(*to) == port, "somebody else's frame");
                prop_assert_ne!(*to, 5);
                prop_assert!(seen.insert((number, port)));
                prop_assert!(last[port as usize] < Option::Some(number));
                last[port as usize] = Option::Some(number);
                received += 1;
            }
        }
        let all = [0, 1, 2, 3].map(|port| net.counters(port));
        prop_assert_eq!(all.iter().map(|one| one.sent + one.malformed + one.foreign).sum::<u32>(), sent);
        let waiting: u32 = (0..4).map(|port| std::iter::from_fn(|| net.receive(port)).count() as u32).sum();
        prop_assert_eq!(all.iter().map(|one| one.received).sum::<u32>(), received + waiting);
    }
}
