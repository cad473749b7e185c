//! A component never sees how it is wired: every method gives the same over a call, a direct wire and a ring.

mod common;

use std::cell::RefCell;
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;

use abi::{Badge, Cap, Kind, Object, Rights, ring};
use common::Answers;
use interfaces::{Probe, ProbeClient, probe};
use proptest::prelude::*;
use runtime::host::{Domain, End, Loopback, Node};
use runtime::{
    Bits, Buffer, Client, ClientEntry, ClientTable, Direct, EventFlags, Events, Inbox, RingAt, RingMemory,
    RingServer, RingWire, Signals, Slot, Wire, WireError, finish, serve_rings,
};

/// One use of the interface.
#[derive(Clone, Debug)]
enum Use {
    Nothing,
    Add(u32, u32),
    Values(u8, u16, i32, bool, u64, [u8; 6]),
    /// The text, and how much room there is for it.
    Reverse(Vec<u8>, usize),
    Refuse(u16),
    Ring(bool),
    Pending(u32),
}

/// Does the uses one after the other, and writes down all that a component could see.
fn perform(probe: &mut impl Probe, uses: &[Use]) -> Vec<String> {
    let mut one = |used: &Use| match used {
        Use::Nothing => format!("{:?}", probe.nothing()),
        Use::Add(left, right) => format!("{:?}", probe.add(*left, *right)),
        Use::Values(a, b, c, d, e, f) => format!("{:?}", probe.values(*a, *b, *c, *d, *e, *f)),
        Use::Reverse(text, room) => {
            // What stood there before must not show through on one wire only.
            let mut into = vec![0x55; *room];
            let result = probe.reverse(text, &mut into);
            let shown = result.is_ok().then_some(into);
            format!("{result:?} {shown:?}")
        }
        Use::Refuse(number) => format!("{:?}", probe.refuse(*number)),
        Use::Ring(chime) => format!("{:?}", probe.ring(*chime)),
        Use::Pending(wanted) => format!("{:?}", probe.pending(Events(*wanted))),
    };
    uses.iter().map(&mut one).collect()
}

fn over_call(uses: &[Use]) -> Vec<String> {
    let events = EventFlags::new();
    let entries = [ClientEntry::direct("user", &events)];
    let mut provider = Answers { clients: ClientTable::new(&entries) };
    let cells: Vec<AtomicU32> = (0..probe::BUFFER_BYTES / 4).map(|_| AtomicU32::new(0xA5A5_A5A5)).collect();
    let wire = Loopback::new(Buffer::over(&cells), &events, |from, operation, words, buffers| {
        probe::dispatch(&mut provider, from, operation, words, buffers)
    });
    perform(&mut ProbeClient::new(wire), uses)
}

fn over_direct(uses: &[Use]) -> Vec<String> {
    let events = EventFlags::new();
    let entries = [ClientEntry::direct("user", &events)];
    let provider = RefCell::new(Answers { clients: ClientTable::new(&entries) });
    let signals = Signals::new(Slot(1));
    let mut wire = Direct::new(Inbox::passive(&signals), &provider, Client(0), &events);
    perform(&mut wire, uses)
}

/// The same over a ring, between two domains of a node: the server above its client, or below it.
fn over_ring(uses: &[Use], server_first: bool) -> Vec<String> {
    const SLOTS: u32 = 2;
    let bytes = ring::region_bytes(SLOTS, probe::REQUEST_BYTES, probe::ANSWER_BYTES);
    let region: Vec<AtomicU32> = (0..bytes / 4).map(|_| AtomicU32::new(0xA5A5_A5A5)).collect();
    let memory = || RingMemory::new(Buffer::over(&region), SLOTS, probe::REQUEST_BYTES, probe::ANSWER_BYTES);
    let server = || {
        let entries = [ClientEntry::called("user", Slot(4), probe::EVENTS)];
        let mut provider = Answers { clients: ClientTable::new(&entries) };
        let served = serve_rings(
            Slot(2),
            &Signals::new(Slot(1)),
            &mut [RingServer::new(memory(), Badge::of_client(0, 0), Slot(3), Bits(1))],
            |_, _, _| Err(WireError::Malformed),
            |from, operation, words, slices| {
                probe::dispatch(&mut provider, Client::of(from), operation, words, slices)
            },
            |_| (),
        );
        finish(served)
    };
    let seen = Mutex::new(Vec::new());
    let user = || {
        let signals = Signals::new(Slot(1));
        let at = RingAt {
            memory: memory(),
            server: Slot(3),
            wake: Bits(0b1),
            events: Bits(0b1100),
            gone: Bits(0b10),
        };
        let mut wire = ProbeClient::new(RingWire::new(Inbox::of(&signals), at));
        *seen.lock().unwrap() = perform(&mut wire, uses);
        finish(Ok(()))
    };
    let domain = |number: u16, above: bool, peers: &[Cap], main| {
        let own =
            [Object(Kind::Domain, number), Object(Kind::Notification, number), Object(Kind::Endpoint, 0)];
        let own = own.map(|object| Cap::new(object, Rights::all(), Badge(0)));
        let caps = [&own[..], peers].concat();
        let priority = 1 + u8::from(above);
        Domain { name: "domain", priority, caps, mourners: Vec::new(), bits: 0, main }
    };
    let signal = |domain, bits| Cap::new(Object(Kind::Notification, domain), Rights::all(), Badge(bits));
    let to_client = [signal(1, 0b1), signal(1, 0b100), signal(1, 0b1000)];
    let outcome = Node::run(vec![
        domain(0, server_first, &to_client, Box::new(server)),
        domain(1, !server_first, &[signal(0, 0b1)], Box::new(user)),
    ]);
    assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    seen.into_inner().unwrap()
}

/// The uses whose outcome does not depend on when the server runs: a post over a ring brings its event once
/// the server has taken it, and until then only so many fit.
fn timeless(uses: &[Use]) -> Vec<Use> {
    uses.iter().filter(|used| !matches!(used, Use::Ring(_) | Use::Pending(_))).cloned().collect()
}

#[test]
fn values_arrive_as_they_were_sent() {
    let uses =
        [Use::Values(0x12, 0x3456, -2, true, 0x0102_0304_0506_0708, *b"fugue!"), Use::Add(u32::MAX, 2)];
    let seen = over_call(&uses);
    let bytes: [u8; 22] = [
        0x12, 0x34, 0x56, 0xFF, 0xFF, 0xFF, 0xFE, 1, 1, 2, 3, 4, 5, 6, 7, 8, b'f', b'u', b'g', b'u', b'e',
        b'!',
    ];
    assert_eq!(seen, [format!("{:?}", Ok::<_, WireError>(bytes)), "Ok(4294967297)".to_owned()]);
}

#[test]
fn slices_cross_both_ways_up_to_their_maximum() {
    let longest: Vec<u8> = (0..511).map(|n| n as u8).collect();
    let seen = over_call(&[
        Use::Reverse(b"fugue".to_vec(), 7),
        Use::Reverse(longest.clone(), 509),
        Use::Reverse(vec![0; 512], 509),
        Use::Reverse(vec![], 510),
        Use::Reverse(longest[..509].to_vec(), 509),
    ]);
    assert_eq!(
        seen[0],
        format!("Ok(5) Some({:?})", b"eugufXX".map(|byte| if byte == b'X' { 0 } else { byte }))
    );
    assert_eq!(seen[1], "Err(Full) None");
    assert_eq!(seen[2], "Err(TooLong) None");
    assert_eq!(seen[3], "Err(TooLong) None");
    assert!(seen[4].starts_with("Ok(509) Some([252, 251, "));
}

#[test]
fn events_are_taken_once() {
    let uses = [Use::Ring(true), Use::Ring(true), Use::Pending(0b10), Use::Pending(0b11), Use::Pending(0b11)];
    assert_eq!(over_call(&uses)[2..], ["Ok(Events(0))", "Ok(Events(1))", "Ok(Events(0))"]);
}

#[test]
fn re_entry_is_busy() {
    let events = EventFlags::new();
    let provider = RefCell::new(Answers { clients: ClientTable::new(&[]) });
    let signals = Signals::new(Slot(1));
    let mut wire = Direct::new(Inbox::passive(&signals), &provider, Client(0), &events);
    let held = provider.borrow_mut();
    assert_eq!(wire.nothing(), Err(WireError::Busy));
    drop(held);
    assert_eq!(wire.nothing(), Ok(()));
}

#[test]
fn a_passive_instance_cannot_wait() {
    let events = EventFlags::new();
    let provider = RefCell::new(Answers { clients: ClientTable::new(&[]) });
    let signals = Signals::new(Slot(1));
    let mut wire = Direct::new(Inbox::passive(&signals), &provider, Client(0), &events);
    assert_eq!(wire.wait(probe::CHIMED.into()), Err(WireError::Busy));
    assert_eq!(wire.wait(Events::NONE), Err(WireError::Malformed));
}

fn uses() -> impl Strategy<Value = Use> {
    let bytes = proptest::collection::vec(any::<u8>(), 0..520);
    prop_oneof![
        Just(Use::Nothing),
        any::<(u32, u32)>().prop_map(|(left, right)| Use::Add(left, right)),
        any::<(u8, u16, i32, bool, u64, [u8; 6])>()
            .prop_map(|(a, b, c, d, e, f)| Use::Values(a, b, c, d, e, f)),
        (bytes, 0_usize..520).prop_map(|(text, room)| Use::Reverse(text, room)),
        (0_u16..9).prop_map(Use::Refuse),
        any::<bool>().prop_map(Use::Ring),
        (0_u32..4).prop_map(Use::Pending),
    ]
}

proptest! {
    #[test]
    fn all_wires_show_the_same(uses in proptest::collection::vec(uses(), 0..12)) {
        let direct = over_direct(&uses);
        prop_assert_eq!(over_call(&uses), &direct[..]);
        prop_assert_eq!(over_ring(&uses, true), direct);
        let uses = timeless(&uses);
        prop_assert_eq!(over_ring(&uses, false), over_direct(&uses));
    }

    /// A client can put anything into the registers and the buffer; the server lives and answers.
    #[test]
    fn no_message_harms_the_server(
        from in 0_u32..3,
        operation in prop_oneof![0_u16..8, any::<u16>()],
        words in any::<[u32; 8]>(),
        small in any::<[u16; 8]>(),
        is_small in any::<[bool; 8]>(),
        room in prop_oneof![Just(probe::BUFFER_BYTES / 4), 0_usize..260],
    ) {
        let mut words = words;
        for (word, (small, is_small)) in words.iter_mut().zip(small.into_iter().zip(is_small)) {
            if is_small {
                *word = u32::from(small % 600);
            }
        }
        let mut provider = Answers { clients: ClientTable::new(&[]) };
        let cells: Vec<AtomicU32> = (0..room).map(|_| AtomicU32::new(0xA5A5_A5A5)).collect();
        let buffers = [Buffer::over(&cells)];
        let outcome = probe::dispatch(&mut provider, Client(from), operation, &words, &buffers);
        let malformed = matches!(outcome, Err(WireError::Malformed));
        prop_assert!(operation < 6 || malformed, "an unknown operation was not refused");
        prop_assert!(operation != 3 || from == 0 || malformed, "a client without a buffer was served");
        prop_assert!(operation != 3 || words[0] <= 511 || outcome.is_err(), "a length was believed");
        prop_assert!(operation != 2 || words[0] <= 255 || malformed, "a byte of more than eight bits was taken");
    }
}
