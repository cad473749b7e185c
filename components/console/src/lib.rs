//! A console on a 16550 UART, shared by its clients.
//!
//! Output is gathered line by line for each client, so that no two clients share a line; input
//! comes by interrupt into a ring, from which clients read. The registers are known to `uart` alone.

#![no_std]
#![forbid(unsafe_code)]

pub mod lines;
mod uart;

use heapless::Deque;
use interfaces::{ServeConsole, console};
use runtime::{Bits, Client, Clients, Passive, WireError};

use lines::Lines;
use uart::Uart;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Bytes of input that wait for a reader. Once they are full, the UART keeps the rest, and then whoever
/// sends.
const INPUT: usize = 256;

/// The console.
pub struct Uart16550<P: Ports> {
    uart: Uart<P::Uart>,
    clients: P::ConsoleClients,
    config: Config,
    lines: Lines,
    input: Deque<u8, INPUT>,
}

impl<P: Ports> Component<P> for Uart16550<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        let uart = Uart::new(wires.uart);
        Self { uart, clients: wires.console_clients, config, lines: Lines::new(), input: Deque::new() }
    }
}

impl<P: Ports> ServeConsole for Uart16550<P> {
    fn write(&mut self, from: Client, text: &[u8]) -> Result<u32, WireError> {
        let prefix = self.config.prefix.then(|| self.clients.name(from));
        self.lines.write(from, prefix, text, &mut self.uart)?;
        Ok(text.len() as u32)
    }

    fn flush(&mut self, from: Client) -> Result<(), WireError> {
        let prefix = self.config.prefix.then(|| self.clients.name(from));
        self.lines.flush(from, prefix, &mut self.uart)
    }

    fn read(&mut self, _: Client, into: &mut [u8]) -> Result<u32, WireError> {
        let mut count = 0;
        for (place, byte) in into.iter_mut().zip(core::iter::from_fn(|| self.input.pop_front())) {
            *place = byte;
            count += 1;
        }
        // There is room again.
        self.uart.listen(true);
        Ok(count)
    }
}

impl<P: Ports> Passive for Uart16550<P> {
    fn notified(&mut self, bits: Bits) {
        if !bits.intersects(self.uart.interrupt()) {
            return;
        }
        let before = self.input.len();
        while !self.input.is_full()
            && let Some(byte) = self.uart.receive()
        {
            // A terminal's Enter key sends a carriage return.
            let byte = if byte == b'\r' { b'\n' } else { byte };
            // The ring has room: the loop's condition says so.
            let _ = self.input.push_back(byte);
        }
        // A full ring leaves the rest in the device, which would interrupt for ever.
        self.uart.listen(!self.input.is_full());
        self.uart.acknowledge();
        if self.input.len() > before {
            for client in 0..self.clients.count() {
                self.clients.signal(Client(client), console::READABLE);
            }
        }
    }
}
