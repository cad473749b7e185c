//! Domain `alice`: a client over a `Call` wire.

use core::marker::PhantomData;

use greeter::Component as _;
use interfaces::ConsoleClient;
use runtime::{Active as _, Bits, Buffer, CallWire, Inbox, Signals, Slot, WireAt};

use crate::machine::Machine;

/// What the ports of instance `alice` are wired to.
struct Alice<'a>(PhantomData<&'a ()>); // hello.ron:13
impl<'a> greeter::Ports for Alice<'a> {
    type Console = ConsoleClient<CallWire<'a>>; // hello.ron:16
}

pub(crate) fn main(machine: &Machine) -> ! {
    let signals = Signals::new(Slot(1));
    let inbox = Inbox::of(&signals);

    let alice_console = WireAt {
        slot: Slot(2),
        // SAFETY: composer maps this buffer, readable and writable, for this wire alone.
        buffer: unsafe { Buffer::at(machine.buffer(0), 256) },
        events: Bits(0b0000_0001),
        gone: Bits(0b0000_0010),
    }; // hello.ron:16
    let mut alice = greeter::Greeter::<Alice<'_>>::new(
        greeter::Wires { console: ConsoleClient::new(CallWire::new(inbox, alice_console)) },
        greeter::Config { greeting: "hello from alice", rounds: 2, echo: machine.echo }, // hello.ron:17
    );
    runtime::finish(alice.run())
}
