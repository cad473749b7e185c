//! A waiter, its provider, and a reaper that stops the provider and then the node.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Mutex;

use abi::{Badge, Cap, Kind, Object, Rights};
use interfaces::{Console, ProbeClient, probe};
use ponger::{Component as _, Ponger};
use reaper::{Component as _, Reaper};
use runtime::host::{Domain, End, Mourner, Node, Outcome};
use runtime::{
    Active, Bits, Buffer, CallWire, Client, ClientEntry, ClientTable, DomainControl, Events, Inbox,
    KernelTimer, NodeHalt, Signals, Slot, Wire, WireAt, WireError, finish, serve,
};
use waiter::{Component as _, Waiter};

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

struct Waiting<'a>(PhantomData<&'a ()>);

impl<'a> waiter::Ports for Waiting<'a> {
    type Console = Recorder<'a>;
    type First = KernelTimer<'a>;
    type Probe = ProbeClient<CallWire<'a>>;
    type Second = KernelTimer<'a>;
}

struct Reaping<'a>(PhantomData<&'a ()>);

impl<'a> reaper::Ports for Reaping<'a> {
    type Console = Recorder<'a>;
    type Node = NodeHalt;
    type Pacer = KernelTimer<'a>;
    type Victim = DomainControl<'a>;
}

fn cap(object: Object, badge: u32) -> Cap {
    Cap::new(object, Rights::all(), Badge(badge))
}

fn domain<'m>(priority: u8, caps: &[Cap], main: impl FnOnce() + Send + 'm) -> Domain<'m> {
    let caps = [&[cap(Object(Kind::Node, 0), 0)], caps].concat();
    Domain { name: "domain", priority, caps, mourners: Vec::new(), bits: 0, main: Box::new(main) }
}

fn ponger_main() {
    let signals = Signals::new(Slot(1));
    let clients = [ClientEntry::called("waiter", Slot(3), probe::EVENTS)];
    let wires = ponger::Wires { probe_clients: ClientTable::new(&clients) };
    let ponger = RefCell::new(Ponger::<Ponging<'_>>::new(wires, ponger::Config {}));
    let answer = |badge, operation, words: &_| {
        probe::dispatch(&mut *ponger.borrow_mut(), Client::of(badge), operation, words, &[])
    };
    finish(serve(Slot(2), &signals, answer, |_| ()))
}

fn waiter_main(said: &Mutex<Vec<u8>>) {
    let signals = Signals::new(Slot(1));
    let inbox = Inbox::of(&signals);
    let at = WireAt { slot: Slot(2), buffer: Buffer::EMPTY, events: Bits(0b00110), gone: Bits(0b01000) };
    let wires = waiter::Wires {
        probe: ProbeClient::new(CallWire::new(inbox, at)),
        console: Recorder(said),
        first: KernelTimer::new(inbox, Slot(3), Bits(0b00001), 400_000_000),
        second: KernelTimer::new(inbox, Slot(4), Bits(0b10000), 400_000_000),
    };
    finish(Waiter::<Waiting<'_>>::new(wires, waiter::Config { ticks: 100, to_the_end: true }).run())
}

fn reaper_main(said: &Mutex<Vec<u8>>) {
    let signals = Signals::new(Slot(1));
    let inbox = Inbox::of(&signals);
    let wires = reaper::Wires {
        console: Recorder(said),
        pacer: KernelTimer::new(inbox, Slot(2), Bits(0b1), 400_000_000),
        victim: DomainControl::new(inbox, Slot(3), Bits(0b10)),
        node: NodeHalt::new(Slot(0)),
    };
    let config = reaper::Config { rounds: 3, pause: 10_000, code: 7 };
    finish(Reaper::<Reaping<'_>>::new(wires, config).run())
}

#[test]
fn everything_that_a_thread_can_wait_for() {
    let said = Mutex::default();
    let of_ponger = [
        cap(Object(Kind::Notification, 0), 0),
        cap(Object(Kind::Endpoint, 0), 0),
        cap(Object(Kind::Notification, 1), 0b00010),
        cap(Object(Kind::Notification, 1), 0b00100),
    ];
    let of_waiter = [
        cap(Object(Kind::Notification, 1), 0),
        cap(Object(Kind::Endpoint, 0), 0),
        cap(Object(Kind::Timer, 0), 0b00001),
        cap(Object(Kind::Timer, 1), 0b10000),
    ];
    let of_reaper = [
        cap(Object(Kind::Notification, 2), 0),
        cap(Object(Kind::Timer, 2), 0b1),
        cap(Object(Kind::Domain, 0), 0),
    ];
    let mut ponger = domain(2, &of_ponger, ponger_main);
    ponger.mourners = vec![Mourner { domain: 1, bits: 0b01000 }];
    let outcome = Node::run(vec![
        ponger,
        domain(1, &of_waiter, || waiter_main(&said)),
        domain(3, &of_reaper, || reaper_main(&said)),
    ]);
    let ends = vec![Some(End::Stopped), Some(End::Exited(0)), None];
    assert_eq!(outcome, Outcome { ends, halted: Some(7) });
    let said = String::from_utf8(said.into_inner().unwrap()).unwrap();
    let expected = "\
check timer ok
check two-timers ok
check cancelled-timer ok
check event-and-timer ok
the victim is stopped
check end-of-a-peer ok
check call-after-the-end ok
waited
the node ends
";
    assert_eq!(said, expected);
}
