//! A console on a Blue Gene/P core's mailbox, shared by its clients.
//!
//! Output is gathered line by line for each client, as on a UART's console, and goes to the service node a
//! line a message. There is no input: the node's operators send none to running systems.

#![no_std]
#![forbid(unsafe_code)]

mod mailbox;

use console::lines::Lines;
use interfaces::ServeConsole;
use runtime::{Client, Clients, Passive, WireError};

use mailbox::Mailbox;

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// The console.
pub struct MailboxConsole<P: Ports> {
    mailbox: Mailbox<P::Mailbox>,
    clients: P::ConsoleClients,
    config: Config,
    lines: Lines,
}

impl<P: Ports> Component<P> for MailboxConsole<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        let mailbox = Mailbox::new(wires.mailbox);
        Self { mailbox, clients: wires.console_clients, config, lines: Lines::new() }
    }
}

impl<P: Ports> ServeConsole for MailboxConsole<P> {
    fn write(&mut self, from: Client, text: &[u8]) -> Result<u32, WireError> {
        let prefix = self.config.prefix.then(|| self.clients.name(from));
        self.lines.write(from, prefix, text, &mut self.mailbox)?;
        Ok(text.len() as u32)
    }

    /// The service node prints messages of whole lines, and nobody waits at it for a prompt.
    fn flush(&mut self, _: Client) -> Result<(), WireError> {
        Ok(())
    }

    fn read(&mut self, _: Client, _: &mut [u8]) -> Result<u32, WireError> {
        Ok(0)
    }
}

impl<P: Ports> Passive for MailboxConsole<P> {}
