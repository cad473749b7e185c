//! A console on a 16550 UART, shared by its clients.
//!
//! Output is gathered line by line for each client, so that no two clients share a line. Input comes by interrupt and
//! goes to one client at a time; keys behind Ctrl-A choose which, and whether it alone is shown. The registers are
//! known to `uart` alone.
//!
//! ```text
//!                ┌─▶ input ─▶ read        of the client that has the input
//!   uart ─▶ keys ┤
//!                └─▶ desk  ─▶ lines ─▶ uart
//!   write, flush ───────────────┘
//! ```

#![no_std]
#![forbid(unsafe_code)]

mod desk;
pub mod input;
pub mod keys;
pub mod lines;
mod uart;

use interfaces::{ServeConsole, console};
use runtime::{Bits, Client, Clients, Passive, WireError};

use desk::Desk;
use keys::{Keys, Typed};
use uart::Uart;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The console.
pub struct Uart16550<P: Ports> {
    uart: Uart<P::Uart>,
    clients: P::ConsoleClients,
    config: Config,
    keys: Keys,
    desk: Desk,
}

impl<P: Ports> Component<P> for Uart16550<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        let uart = Uart::new(wires.uart);
        Self {
            uart,
            clients: wires.console_clients,
            config,
            keys: Keys::new(),
            desk: Desk::new(config.prefix),
        }
    }
}

impl<P: Ports> ServeConsole for Uart16550<P> {
    fn write(&mut self, from: Client, text: &[u8]) -> Result<u32, WireError> {
        self.desk.write(from, text, &self.clients, &mut self.uart)?;
        Ok(text.len() as u32)
    }

    fn flush(&mut self, from: Client) -> Result<(), WireError> {
        self.desk.flush(from, &self.clients, &mut self.uart)
    }

    fn read(&mut self, from: Client, into: &mut [u8]) -> Result<u32, WireError> {
        self.desk.greet(from, &self.clients, &mut self.uart)?;
        let input = &mut self.desk.input;
        let mut count = 0;
        for (place, byte) in into.iter_mut().zip(core::iter::from_fn(|| input.pop(from))) {
            *place = byte;
            count += 1;
        }
        // There may be room again.
        let has_room = !input.is_full();
        self.uart.listen(has_room);
        Ok(count)
    }
}

impl<P: Ports> Passive for Uart16550<P> {
    fn notified(&mut self, bits: Bits) {
        if !bits.intersects(self.uart.interrupt()) {
            return;
        }
        while !self.desk.input.is_full()
            && let Some(byte) = self.uart.receive()
        {
            self.take(byte);
        }
        // Full, the rest stays in the device, which would interrupt for ever.
        let has_room = !self.desk.input.is_full();
        self.uart.listen(has_room);
        self.uart.acknowledge();
    }
}

impl<P: Ports> Uart16550<P> {
    fn take(&mut self, byte: u8) {
        let typed = if self.config.keys { self.keys.take(byte) } else { Typed::Send(byte) };
        if let Typed::Send(byte) = typed {
            // A terminal's Enter key sends a carriage return.
            self.desk.input.push(if byte == b'\r' { b'\n' } else { byte });
            self.announce();
        } else {
            // A device that takes nothing has nobody who could be told.
            let _ = self.desk.obey(typed, self.keys.name(), &self.clients, &mut self.uart);
        }
    }

    /// Tells whoever has the input; as long as nobody does, all of them.
    fn announce(&mut self) {
        let owner = self.desk.input.owner();
        for client in (0..self.clients.count()).map(Client) {
            if owner.is_none_or(|owner| owner == client) {
                self.clients.signal(client, console::READABLE);
            }
        }
    }
}
