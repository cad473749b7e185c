//! Domain `console`: a device, its interrupt, two clients over `Call` wires.

use core::cell::RefCell;
use core::marker::PhantomData;

use ::console::Component as _;
use runtime::{Buffer, Client, ClientEntry, ClientTable, Inbox, Passive as _, Signals, Slot, WireError};

use crate::machine::{Machine, Uart};

/// What the ports of instance `console` are wired to.
struct Console<'a>(PhantomData<&'a ()>); // hello.ron:8
impl<'a> ::console::Ports for Console<'a> {
    type Uart = Uart<'a>; // on the target MmioDevice<'a>, hello.ron:10
    type ConsoleClients = ClientTable<'a>;
}

/// Clients of `console.console`, by the number in their badge.
const CONSOLE_CONSOLE_CLIENTS: [ClientEntry<'static>; 2] = [
    ClientEntry::called("alice", Slot(3), 1), // hello.ron:16
    ClientEntry::called("bob", Slot(4), 1),   // hello.ron:21
];

pub(crate) fn main(machine: &Machine) -> ! {
    let signals = Signals::new(Slot(1));
    let inbox = Inbox::passive(&signals);

    let console_console_buffers = [
        // SAFETY: composer maps this buffer, readable and writable, for this wire alone.
        unsafe { Buffer::at(machine.buffer(0), 256) }, // hello.ron:16
        // SAFETY: composer maps this buffer, readable and writable, for this wire alone.
        unsafe { Buffer::at(machine.buffer(1), 256) }, // hello.ron:21
    ];
    let console = RefCell::new(::console::Uart16550::<Console<'_>>::new(
        ::console::Wires {
            // On the target: MmioDevice::at(inbox, DeviceAt { base: 0xE000_0300, bytes: 8, irq: Slot(5),
            // bits: Bits(0b1) }), unsafe, because composer vouches for the mapping.
            uart: Uart::at(inbox, machine, Slot(6)), // hello.ron:10
            console_clients: ClientTable::new(&CONSOLE_CONSOLE_CLIENTS),
        },
        ::console::Config { prefix: true, keys: true },
    ));
    runtime::finish(runtime::serve(
        Slot(2),
        &signals,
        |badge, operation, words| match badge.port() {
            0 => interfaces::console::dispatch(
                &mut *console.borrow_mut(),
                Client::of(badge),
                operation,
                words,
                &console_console_buffers,
            ),
            _ => Err(WireError::Malformed),
        },
        |bits| console.borrow_mut().notified(bits),
    ))
}
