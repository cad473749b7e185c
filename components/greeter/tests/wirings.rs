//! The mains that composer generates, in the three shapes that a wire can give them, run on the host.
//!
//! Each `mod` below is one domain's `main.rs` as composer writes it, except for what only the target has
//! (see `runtime`'s crate documentation: crate attributes, `#[unsafe(no_mangle)]`, addresses of devices and
//! buffers). They run on [`runtime::host::Node`], which keeps the kernel's rules with host threads.

/// Domain `alice`: a client over a `Call` wire.
mod alice {
    use core::marker::PhantomData;

    use greeter::Component as _;
    use interfaces::ConsoleClient;
    use runtime::{Active as _, Bits, Buffer, CallWire, Inbox, Signals, Slot, WireAt};

    /// What the ports of instance `alice` are wired to.
    struct Alice<'a>(PhantomData<&'a ()>); // hello.ron:12
    impl<'a> greeter::Ports for Alice<'a> {
        type Console = ConsoleClient<CallWire<'a>>; // hello.ron:14
    }

    pub extern "C" fn main() -> ! {
        let signals = Signals::new(Slot(1));
        let inbox = Inbox::of(&signals);

        // SAFETY: composer maps this buffer, readable and writable, for this wire alone.
        let alice_console_buffer = unsafe { Buffer::at(0x4000_0000, 256) }; // hello.ron:14
        let alice_console_at = WireAt {
            slot: Slot(2),
            buffer: alice_console_buffer,
            events: Bits(0b0000_0001),
            gone: Bits(0b0000_0010),
        };
        let mut alice = greeter::Greeter::<Alice>::new(
            greeter::Wires {
                console: ConsoleClient::new(CallWire::new(inbox, alice_console_at)), // hello.ron:14
            },
            greeter::Config { rounds: 3, greeting: "hello from alice", echo: false }, // hello.ron:15
        );
        runtime::finish(alice.run())
    }
}

/// Domain `console`: a device, its interrupt, two clients over `Call` wires.
mod console {
    use core::cell::RefCell;
    use core::marker::PhantomData;

    use ::console::Component as _;
    use runtime::{
        Bits, Buffer, Client, ClientEntry, ClientTable, DeviceAt, Inbox, MmioDevice, Passive as _, Signals,
        Slot, WireError,
    };

    /// What the ports of instance `console` are wired to.
    struct Console<'a>(PhantomData<&'a ()>); // hello.ron:7
    impl<'a> ::console::Ports for Console<'a> {
        type Uart = MmioDevice<'a>; // hello.ron:9
        type ConsoleClients = ClientTable<'a>;
    }

    /// Clients of `console.console`, by the number in their badge.
    const CONSOLE_CONSOLE_CLIENTS: [ClientEntry; 2] = [
        ClientEntry::called("alice", Slot(3), 1), // hello.ron:14: first slot and number of its events
        ClientEntry::called("bob", Slot(4), 1),   // hello.ron:19
    ];

    pub extern "C" fn main() -> ! {
        let signals = Signals::new(Slot(1));
        let inbox = Inbox::passive(&signals);

        let console_console_buffers = [
            // SAFETY: composer maps this buffer, readable and writable, for this wire alone.
            unsafe { Buffer::at(0x4000_0000, 256) }, // hello.ron:14
            // SAFETY: as above.
            unsafe { Buffer::at(0x4000_1000, 256) }, // hello.ron:19
        ];
        let console_uart_at = DeviceAt { base: 0xE000_0300, bytes: 8, irq: Slot(5), bits: Bits(0b1) }; // hello.ron:9
        let console = RefCell::new(::console::Uart16550::<Console>::new(
            ::console::Wires {
                // SAFETY: composer maps these registers for this instance alone, uncached and guarded.
                uart: unsafe { MmioDevice::at(inbox, console_uart_at) }, // hello.ron:9
                console_clients: ClientTable::new(&CONSOLE_CONSOLE_CLIENTS),
            },
            ::console::Config { prefix: true },
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
}

/// Domain `alice` again, with `wires: {"console": Direct("console")}`: both instances, one thread.
mod fused {
    use core::cell::RefCell;
    use core::marker::PhantomData;

    use ::console::Component as _;
    use greeter::Component as _;
    use runtime::{
        Active as _, Bits, Client, ClientEntry, ClientTable, DeviceAt, Direct, EventFlags, Inbox, MmioDevice,
        Passive as _, Signals, Slot,
    };

    /// What the ports of instance `console` are wired to.
    struct Console<'a>(PhantomData<&'a ()>); // hello.ron:7
    impl<'a> ::console::Ports for Console<'a> {
        type Uart = MmioDevice<'a>; // hello.ron:9
        type ConsoleClients = ClientTable<'a>;
    }

    /// What the ports of instance `alice` are wired to.
    struct Alice<'a>(PhantomData<&'a ()>); // hello.ron:12
    impl<'a> greeter::Ports for Alice<'a> {
        type Console = Direct<'a, ::console::Uart16550<Console<'a>>>; // hello.ron:14
    }

    pub extern "C" fn main() -> ! {
        let signals = Signals::new(Slot(1));

        // Passive instances first, then what hands them their notifications, then the active one.
        let inbox = Inbox::passive(&signals);
        let alice_console_events = EventFlags::new(); // hello.ron:14
        let console_console_clients = [ClientEntry::direct("alice", &alice_console_events)];
        let console_uart_at = DeviceAt { base: 0xE000_0300, bytes: 8, irq: Slot(2), bits: Bits(0b1) }; // hello.ron:9
        let console = RefCell::new(::console::Uart16550::<Console>::new(
            ::console::Wires {
                // SAFETY: composer maps these registers for this instance alone, uncached and guarded.
                uart: unsafe { MmioDevice::at(inbox, console_uart_at) }, // hello.ron:9
                console_clients: ClientTable::new(&console_console_clients),
            },
            ::console::Config { prefix: true },
        ));

        let passives = |bits| console.borrow_mut().notified(bits);
        let inbox = Inbox::driving(&signals, &passives);
        let mut alice = greeter::Greeter::<Alice>::new(
            greeter::Wires {
                console: Direct::new(inbox, &console, Client(0), &alice_console_events), // hello.ron:14
            },
            greeter::Config { rounds: 3, greeting: "hello from alice", echo: false }, // hello.ron:15
        );
        runtime::finish(alice.run())
    }
}
