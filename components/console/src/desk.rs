//! Who is shown and who has the input, and what the console itself says of it.

use runtime::{Client, Clients, WireError};

use crate::input::Input;
use crate::keys::Typed;
use crate::lines::{Lines, Output};

/// What begins a line of the console's own.
const OWN: &[u8] = b"[console] ";

const HELP: [&str; 2] = [
    "Ctrl-A, then 0 to 9 or N: another has the input;  : and a name, Enter: likewise;  L: who is there",
    "Ctrl-A, then O: show only the one that has the input, or all;  A: send a Ctrl-A;  H: this help",
];

/// The screen and the keyboard, as the clients share them.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) input: Input,
    lines: Lines,
    prefixes: bool,
    /// Only the client that has the input is shown, as it is.
    only: bool,
}

impl Desk {
    pub(crate) const fn new(prefixes: bool) -> Self {
        Self { input: Input::new(), lines: Lines::new(), prefixes, only: false }
    }

    /// Takes a client's text.
    pub(crate) fn write(
        &mut self,
        from: Client,
        text: &[u8],
        clients: &impl Clients,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        if self.is_hidden(from) {
            return self.lines.hide(from, text);
        }
        self.lines.write(from, self.prefix(from, clients), text, output)
    }

    /// Shows what a client has written of a line.
    pub(crate) fn flush(
        &mut self,
        from: Client,
        clients: &impl Clients,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        if self.is_hidden(from) {
            return Ok(());
        }
        self.lines.flush(from, self.prefix(from, clients), output)
    }

    /// A client is about to read. Once there are two that do, somebody must know which of them gets what is typed.
    pub(crate) fn greet(
        &mut self,
        from: Client,
        clients: &impl Clients,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        if self.input.note_reader(from) && !self.only {
            self.say(&["input goes to ", self.owner(clients), "; Ctrl-A H helps"], output)?;
        }
        Ok(())
    }

    /// Does what a key asks for.
    pub(crate) fn obey(
        &mut self,
        typed: Typed,
        name: &str,
        clients: &impl Clients,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        let count = clients.count();
        match typed {
            Typed::Number(number) if u32::from(number) < count => {
                self.choose(Client(number.into()), clients, output)
            }
            Typed::Number(number) => {
                self.refuse(&["there is no number ", digit(number.into())], clients, output)
            }
            Typed::Next => {
                let next = self.input.owner().map_or(0, |client| client.0 + 1);
                self.choose(Client(if next < count { next } else { 0 }), clients, output)
            }
            Typed::Naming => {
                self.lines.say(OWN, output)?;
                self.lines.say(b"input goes to: ", output)
            }
            Typed::Character(byte) => self.lines.say(&[byte], output),
            Typed::Erased => self.lines.say(b"\x08 \x08", output),
            Typed::GivenUp => {
                self.lines.say(b"\n", output)?;
                self.show_line(clients, output)
            }
            Typed::Named | Typed::Attached => {
                let attached = typed == Typed::Attached;
                if !attached {
                    self.lines.say(b"\n", output)?;
                }
                match (0..count).map(Client).find(|client| clients.name(*client) == name) {
                    Some(client) => {
                        self.only |= attached;
                        self.choose(client, clients, output)
                    }
                    None => self.refuse(&["there is no `", name, "`"], clients, output),
                }
            }
            Typed::Only => {
                self.only = !self.only && self.input.owner().is_some();
                self.report(clients, output)
            }
            Typed::List => {
                for client in (0..count).map(Client) {
                    let mark = if self.input.owner() == Some(client) { "  has the input" } else { "" };
                    self.say(&[digit(client.0), " ", clients.name(client), mark], output)?;
                }
                self.show_line(clients, output)
            }
            Typed::Help => {
                HELP.iter().try_for_each(|line| self.say(&[line], output))?;
                self.show_line(clients, output)
            }
            Typed::Unknown => {
                self.say(&["that is no key of the console's; Ctrl-A H helps"], output)?;
                self.show_line(clients, output)
            }
            Typed::Send(_) | Typed::Pending => Ok(()),
        }
    }

    fn is_hidden(&self, client: Client) -> bool {
        self.only && self.input.owner() != Some(client)
    }

    fn prefix(&self, client: Client, clients: &impl Clients) -> Option<&'static str> {
        (self.prefixes && !self.only).then(|| clients.name(client))
    }

    fn owner(&self, clients: &impl Clients) -> &'static str {
        self.input.owner().map_or("nobody", |client| clients.name(client))
    }

    /// Gives a client the input, and says so.
    fn choose(
        &mut self,
        client: Client,
        clients: &impl Clients,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        self.input.choose(client);
        self.report(clients, output)
    }

    /// Says who has the input and who is shown, and shows what stood on that one's last line.
    fn report(&mut self, clients: &impl Clients, output: &mut impl Output) -> Result<(), WireError> {
        let others = if self.only { ", which alone is shown; Ctrl-A O shows all" } else { "" };
        self.say(&["input goes to ", self.owner(clients), others], output)?;
        if !self.only {
            for client in (0..clients.count()).map(Client) {
                let hidden = self.lines.hidden(client);
                if hidden > 0 {
                    let mut room = [0; 10];
                    let parts =
                        [decimal(hidden, &mut room), " lines of ", clients.name(client), " were not shown"];
                    self.say(&parts, output)?;
                }
            }
        }
        self.show_line(clients, output)
    }

    /// Says what is wrong with whom was asked for, and who there is.
    fn refuse(
        &mut self,
        why: &[&str],
        clients: &impl Clients,
        output: &mut impl Output,
    ) -> Result<(), WireError> {
        self.lines.say(OWN, output)?;
        why.iter().try_for_each(|part| self.lines.say(part.as_bytes(), output))?;
        for client in (0..clients.count()).map(Client) {
            let before = if client.0 == 0 { "; there is " } else { ", " };
            for part in [before, digit(client.0), " ", clients.name(client)] {
                self.lines.say(part.as_bytes(), output)?;
            }
        }
        self.lines.say(b"\n", output)?;
        self.show_line(clients, output)
    }

    /// Shows what the client that has the input has left of a line, such as its prompt.
    fn show_line(&mut self, clients: &impl Clients, output: &mut impl Output) -> Result<(), WireError> {
        let Some(owner) = self.input.owner() else { return Ok(()) };
        self.lines.flush(owner, self.prefix(owner, clients), output)
    }

    /// Says a line.
    fn say(&mut self, parts: &[&str], output: &mut impl Output) -> Result<(), WireError> {
        self.lines.say(OWN, output)?;
        parts.iter().try_for_each(|part| self.lines.say(part.as_bytes(), output))?;
        self.lines.say(b"\n", output)
    }
}

/// A client's number, by which a key chooses it; those beyond 9 have none.
fn digit(number: u32) -> &'static str {
    "0123456789-".get(number.min(10) as usize..).and_then(|rest| rest.get(..1)).unwrap_or("-")
}

/// A number in decimal.
fn decimal(number: u32, room: &mut [u8; 10]) -> &str {
    let mut rest = number;
    let mut start = room.len();
    loop {
        start -= 1;
        room[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    core::str::from_utf8(&room[start..]).unwrap_or("?")
}
