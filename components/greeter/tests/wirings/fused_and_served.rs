//! Domain `alice` with a `Direct` wire to the console, which bob calls from a domain of his own. His calls
//! are answered while alice waits, and when she is done.

use core::cell::RefCell;
use core::marker::PhantomData;

use ::console::Component as _;
use greeter::Component as _;
use runtime::{
    Active as _, Badge, Buffer, Client, ClientEntry, ClientTable, Direct, EventFlags, Inbox, Passive as _,
    Signals, Slot, WireError, Words,
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

    // Passive instances first, then what hands them their notifications and calls, then the active one.
    let inbox = Inbox::passive(&signals);
    let alice_console_events = EventFlags::new(); // hello.ron:16
    let console_console_clients = [
        ClientEntry::direct("alice", &alice_console_events), // hello.ron:16
        ClientEntry::called("bob", Slot(4), 1),              // hello.ron:21
    ];
    let console_console_buffers = [
        Buffer::EMPTY, // hello.ron:16
        // SAFETY: composer maps this buffer, readable and writable, for this wire alone.
        unsafe { Buffer::at(machine.buffer(1), 256) }, // hello.ron:21
    ];
    let console = RefCell::new(::console::Uart16550::<Console<'_>>::new(
        ::console::Wires {
            uart: Uart::at(inbox, machine, Slot(5)), // hello.ron:10
            console_clients: ClientTable::new(&console_console_clients),
        },
        ::console::Config { prefix: true, keys: true },
    ));
    let notified = |bits| console.borrow_mut().notified(bits);
    let answer = |badge: Badge, operation: u16, words: &Words| match badge.port() {
        0 => interfaces::console::dispatch(
            &mut *console.borrow_mut(),
            Client::of(badge),
            operation,
            words,
            &console_console_buffers,
        ),
        _ => Err(WireError::Malformed),
    };

    let inbox = Inbox::serving(&signals, Slot(3), &answer, &notified);
    let mut alice = greeter::Greeter::<Alice<'_>>::new(
        greeter::Wires { console: Direct::new(inbox, &console, Client(0), &alice_console_events) },
        greeter::Config { greeting: "hello from alice", rounds: 2, echo: machine.echo }, // hello.ron:17
    );
    let run = alice.run();
    runtime::finish(run.and_then(|()| runtime::serve(Slot(3), &signals, &answer, &notified)))
}
