//! A pinger and a ponger in domains of their own, and in one.

#![expect(unsafe_code, reason = "the test vouches for the address of the buffer that two domains share")]

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;

use abi::{Badge, Cap, Kind, Object, Rights};
use interfaces::{Console, ProbeClient, probe};
use pinger::{Component as _, Pinger};
use ponger::{Component as _, Ponger};
use runtime::host::{Domain, End, Node};
use runtime::{
    Active, Bits, Buffer, CallWire, Client, ClientEntry, ClientTable, Direct, EventFlags, Events, Inbox,
    Passive, Signals, Slot, Wire, WireAt, WireError, finish, serve,
};

/// A console that keeps what is written.
struct Recorder<'m>(&'m Mutex<Vec<u8>>);

impl Wire for Recorder<'_> {
    fn wait(&mut self, _: Events) -> Result<Events, WireError> {
        Err(WireError::Busy)
    }

    fn pending(&mut self, _: Events) -> Result<Events, WireError> {
        Ok(Events::NONE)
    }
}

impl Console for Recorder<'_> {
    fn write(&mut self, text: &[u8]) -> Result<u32, WireError> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len() as u32)
    }

    fn read(&mut self, _: &mut [u8]) -> Result<u32, WireError> {
        Ok(0)
    }

    fn flush(&mut self) -> Result<(), WireError> {
        Ok(())
    }
}

struct Ponging<'a>(PhantomData<&'a ()>);

impl<'a> ponger::Ports for Ponging<'a> {
    type ProbeClients = ClientTable<'a>;
}

/// Pinging over a wire of this type.
struct Pinging<'a, W>(PhantomData<&'a W>);

impl<'a, W: interfaces::Probe> pinger::Ports for Pinging<'a, W> {
    type Console = Recorder<'a>;
    type Probe = W;
}

fn cap(object: Object, badge: u32) -> Cap {
    Cap::new(object, Rights::all(), Badge(badge))
}

fn domain<'m>(priority: u8, caps: &[Cap], main: impl FnOnce() + Send + 'm) -> Domain<'m> {
    let caps = [&[cap(Object(Kind::Node, 0), 0)], caps].concat();
    Domain { name: "domain", priority, caps, mourners: Vec::new(), bits: 0, main: Box::new(main) }
}

fn ping<W: interfaces::Probe>(wire: W, said: &Mutex<Vec<u8>>) -> ! {
    let wires = pinger::Wires { probe: wire, console: Recorder(said) };
    finish(Pinger::<Pinging<'_, W>>::new(wires, pinger::Config {}).run())
}

/// What it said.
fn text(said: Mutex<Vec<u8>>) -> String {
    String::from_utf8(said.into_inner().unwrap()).unwrap()
}

const ALL_WELL: &str = "\
check values ok
check short-slices ok
check longest-slices ok
check too-long-slices ok
check errors ok
check events ok
pinged
";

#[test]
fn over_calls() {
    let said = Mutex::default();
    let shared = [const { AtomicU32::new(0) }; probe::BUFFER_BYTES / 4];
    let address = shared.as_ptr().expose_provenance();
    // SAFETY: the words outlive the node, and only one of its domains runs at a time.
    let buffer = || unsafe { Buffer::at(address, probe::BUFFER_BYTES) };
    let ponger = || {
        let signals = Signals::new(Slot(1));
        let clients = [ClientEntry::called("pinger", Slot(3), probe::EVENTS)];
        let wires = ponger::Wires { probe_clients: ClientTable::new(&clients) };
        let ponger = RefCell::new(Ponger::<Ponging<'_>>::new(wires, ponger::Config {}));
        let buffers = [buffer()];
        finish(serve(
            Slot(2),
            &signals,
            |badge, operation, words| {
                probe::dispatch(&mut *ponger.borrow_mut(), Client::of(badge), operation, words, &buffers)
            },
            |bits| ponger.borrow_mut().notified(bits),
        ))
    };
    let pinger = || {
        let signals = Signals::new(Slot(1));
        let inbox = Inbox::of(&signals);
        let at = WireAt { slot: Slot(2), buffer: buffer(), events: Bits(0b110), gone: Bits(0b1000) };
        ping(ProbeClient::new(CallWire::new(inbox, at)), &said)
    };
    let of_ponger = [
        cap(Object(Kind::Notification, 0), 0),
        cap(Object(Kind::Endpoint, 0), 0),
        cap(Object(Kind::Notification, 1), 0b010),
        cap(Object(Kind::Notification, 1), 0b100),
    ];
    let of_pinger = [cap(Object(Kind::Notification, 1), 0), cap(Object(Kind::Endpoint, 0), 0)];
    let outcome = Node::run(vec![domain(2, &of_ponger, ponger), domain(1, &of_pinger, pinger)]);
    assert_eq!(outcome.ends, [None, Some(End::Exited(0))]);
    assert_eq!(text(said), ALL_WELL);
}

#[test]
fn directly() {
    let said = Mutex::default();
    let fused = || {
        let signals = Signals::new(Slot(1));
        let events = EventFlags::new();
        let clients = [ClientEntry::direct("pinger", &events)];
        let wires = ponger::Wires { probe_clients: ClientTable::new(&clients) };
        let ponger = RefCell::new(Ponger::<Ponging<'_>>::new(wires, ponger::Config {}));
        let inbox = Inbox::of(&signals);
        ping(Direct::new(inbox, &ponger, Client(0), &events), &said)
    };
    let caps = [cap(Object(Kind::Notification, 0), 0), cap(Object(Kind::Node, 0), 0)];
    let outcome = Node::run(vec![domain(1, &caps, fused)]);
    assert_eq!(outcome.ends, [Some(End::Exited(0))]);
    assert_eq!(text(said), ALL_WELL);
}
