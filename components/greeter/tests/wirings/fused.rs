//! Domain `alice` with `wires: {"console": Direct("console")}`: both instances, one thread.

use core::cell::RefCell;
use core::marker::PhantomData;

use ::console::Component as _;
use greeter::Component as _;
use runtime::{
    Active as _, Client, ClientEntry, ClientTable, Direct, EventFlags, Inbox, Passive as _, Signals, Slot,
};

use crate::machine::{Machine, Uart};

/// What the ports of instance `console` are wired to.
struct Console<'a>(PhantomData<&'a ()>); // hello.ron:8
impl<'a> ::console::Ports for Console<'a> {
    type Uart = Uart<'a>; // on the target MmioDevice<'a>, hello.ron:10
    type ConsoleClients = ClientTable<'a>;
}

/// What the ports of instance `alice` are wired to.
struct Alice<'a>(PhantomData<&'a ()>); // hello.ron:13
impl<'a> greeter::Ports for Alice<'a> {
    type Console = Direct<'a, ::console::Uart16550<Console<'a>>>; // hello.ron:16
}

pub(crate) fn main(machine: &Machine) -> ! {
    let signals = Signals::new(Slot(1));

    // Passive instances first, then what hands them their notifications, then the active one.
    let inbox = Inbox::passive(&signals);
    let alice_console_events = EventFlags::new(); // hello.ron:16
    let console_console_clients = [ClientEntry::direct("alice", &alice_console_events)];
    let console = RefCell::new(::console::Uart16550::<Console<'_>>::new(
        ::console::Wires {
            uart: Uart::at(inbox, machine, Slot(3)), // hello.ron:10
            console_clients: ClientTable::new(&console_console_clients),
        },
        ::console::Config { prefix: true, keys: true },
    ));
    let notified = |bits| console.borrow_mut().notified(bits);

    let inbox = Inbox::driving(&signals, &notified);
    let mut alice = greeter::Greeter::<Alice<'_>>::new(
        greeter::Wires { console: Direct::new(inbox, &console, Client(0), &alice_console_events) },
        greeter::Config { greeting: "hello from alice", rounds: 2, echo: machine.echo }, // hello.ron:17
    );
    runtime::finish(alice.run())
}
