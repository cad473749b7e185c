//! Domain `bob`: a second client, which never echoes.

use core::marker::PhantomData;

use greeter::Component as _;
use interfaces::ConsoleClient;
use runtime::{Active as _, Bits, Buffer, CallWire, Inbox, Signals, Slot, WireAt};

use crate::machine::Machine;

/// What the ports of instance `bob` are wired to.
struct Bob<'a>(PhantomData<&'a ()>); // hello.ron:19
impl<'a> greeter::Ports for Bob<'a> {
    type Console = ConsoleClient<CallWire<'a>>; // hello.ron:21
}

pub(crate) fn main(machine: &Machine) -> ! {
    let signals = Signals::new(Slot(1));
    let inbox = Inbox::of(&signals);

    let bob_console = WireAt {
        slot: Slot(2),
        // SAFETY: composer maps this buffer, readable and writable, for this wire alone.
        buffer: unsafe { Buffer::at(machine.buffer(1), 256) },
        events: Bits(0b0000_0001),
        gone: Bits(0b0000_0010),
    }; // hello.ron:21
    let mut bob = greeter::Greeter::<Bob<'_>>::new(
        greeter::Wires { console: ConsoleClient::new(CallWire::new(inbox, bob_console)) },
        greeter::Config { greeting: "hello", rounds: 3, echo: false }, // hello.ron:22
    );
    runtime::finish(bob.run())
}
