//! What is typed: bytes for a client, and the keys behind Ctrl-A that are for the console itself.
//!
//! ```text
//!            Ctrl-A            : or =              Enter
//!   plain ─────────▶ escaped ─────────▶ naming ─────────▶ plain
//!     ▲                 │  ▲ Ctrl-A        │ Ctrl-A, Ctrl-C, Escape
//!     └── any other key ┘  └──┘            └────────────▶ plain
//! ```

use heapless::Vec;

const CONTROL_A: u8 = 0x01;
const CONTROL_C: u8 = 0x03;
const BACKSPACE: u8 = 0x08;
const ESCAPE: u8 = 0x1B;
const DELETE: u8 = 0x7F;

/// Bytes of a name that are kept; a longer one is nobody's.
const NAME: usize = 64;

/// What a typed byte means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A byte for whoever has the input.
    Send(u8),
    /// Nothing yet.
    Pending,
    /// The client with this number gets the input.
    Number(u8),
    /// The client after the one that has it gets it.
    Next,
    /// A name follows.
    Naming,
    /// A character of the name.
    Character(u8),
    /// The name's last character was taken back.
    Erased,
    /// There will be no name.
    GivenUp,
    /// The client whose [name](Keys::name) was typed gets the input.
    Named,
    /// The same, and it alone is shown from now on.
    Attached,
    /// From now on only the one that has the input is shown, or all are again.
    Only,
    /// Who is there.
    List,
    /// Which keys there are.
    Help,
    /// No key of the console's.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Plain,
    Escaped,
    Naming { quietly: bool },
}

/// Takes typed bytes apart.
#[derive(Debug)]
pub struct Keys {
    state: State,
    name: Vec<u8, NAME>,
    /// The name is longer than what is kept.
    is_cut: bool,
}

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}

impl Keys {
    /// Nothing was typed.
    pub const fn new() -> Self {
        Self { state: State::Plain, name: Vec::new(), is_cut: false }
    }

    /// The name that was typed last. Text that is no name of any instance's stands for one that is none.
    pub fn name(&self) -> &str {
        core::str::from_utf8(&self.name).ok().filter(|_| !self.is_cut).unwrap_or("?")
    }

    /// Takes a byte.
    pub fn take(&mut self, byte: u8) -> Typed {
        match self.state {
            State::Plain if byte == CONTROL_A => {
                self.state = State::Escaped;
                Typed::Pending
            }
            State::Plain => Typed::Send(byte),
            // Ctrl-A begins afresh: whoever is unsure whether one has arrived sends another.
            State::Escaped if byte == CONTROL_A => Typed::Pending,
            State::Escaped => {
                self.state = State::Plain;
                self.command(byte)
            }
            State::Naming { quietly } => self.spell(byte, quietly),
        }
    }

    fn command(&mut self, byte: u8) -> Typed {
        match byte.to_ascii_lowercase() {
            b'0'..=b'9' => Typed::Number(byte - b'0'),
            b'n' => Typed::Next,
            b':' => {
                self.begin(false);
                Typed::Naming
            }
            b'=' => {
                self.begin(true);
                Typed::Pending
            }
            b'o' => Typed::Only,
            b'l' => Typed::List,
            b'h' | b'?' => Typed::Help,
            b'a' => Typed::Send(CONTROL_A),
            _ => Typed::Unknown,
        }
    }

    fn begin(&mut self, quietly: bool) {
        self.state = State::Naming { quietly };
        self.name.clear();
        self.is_cut = false;
    }

    fn spell(&mut self, byte: u8, quietly: bool) -> Typed {
        let typed = match byte {
            b'\r' | b'\n' => {
                self.state = State::Plain;
                return if quietly { Typed::Attached } else { Typed::Named };
            }
            CONTROL_A | CONTROL_C | ESCAPE => {
                self.state = State::Plain;
                return Typed::GivenUp;
            }
            BACKSPACE | DELETE => self.name.pop().map_or(Typed::Pending, |_| Typed::Erased),
            b' '..=b'~' => {
                self.is_cut |= self.name.push(byte).is_err();
                Typed::Character(byte)
            }
            _ => Typed::Pending,
        };
        if quietly { Typed::Pending } else { typed }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::vec::Vec;

    use super::*;

    fn typed(keys: &mut Keys, bytes: &[u8]) -> Vec<Typed> {
        let all = bytes.iter().map(|byte| keys.take(*byte));
        all.filter(|typed| *typed != Typed::Pending).collect()
    }

    #[test]
    fn what_is_behind_no_escape_is_a_client_s() {
        let mut keys = Keys::new();
        let all: Vec<u8> = (0..=255).filter(|byte| *byte != CONTROL_A).collect();
        assert!(typed(&mut keys, &all).into_iter().eq(all.into_iter().map(Typed::Send)));
    }

    #[test]
    fn each_key_behind_the_escape_means_one_thing() {
        let mut keys = Keys::new();
        assert_eq!(
            typed(&mut keys, b"x\x010\x019\x01n\x01N\x01o\x01l\x01h\x01?\x01a\x01zy"),
            [
                Typed::Send(b'x'),
                Typed::Number(0),
                Typed::Number(9),
                Typed::Next,
                Typed::Next,
                Typed::Only,
                Typed::List,
                Typed::Help,
                Typed::Help,
                Typed::Send(CONTROL_A),
                Typed::Unknown,
                Typed::Send(b'y'),
            ]
        );
        assert_eq!(typed(&mut keys, b"\x01\x01\x011"), [Typed::Number(1)], "an escape begins afresh");
    }

    #[test]
    fn a_name_is_spelt_and_corrected() {
        let mut keys = Keys::new();
        let spelt = typed(&mut keys, b"\x01:vn\x7fm\t1\r");
        assert_eq!(spelt.first(), Some(&Typed::Naming));
        assert_eq!(spelt[2..4], [Typed::Character(b'n'), Typed::Erased]);
        assert_eq!((spelt.last(), keys.name()), (Some(&Typed::Named), "vm1"));
        assert_eq!(typed(&mut keys, b"\x01=vm0\n."), [Typed::Attached, Typed::Send(b'.')]);
        assert_eq!(keys.name(), "vm0");
        for end in [b"\x01", b"\x03", b"\x1B"] {
            assert_eq!(typed(&mut keys, b"\x01:").pop(), Some(Typed::Naming));
            assert_eq!(typed(&mut keys, end), [Typed::GivenUp]);
            assert_eq!(typed(&mut keys, b"q"), [Typed::Send(b'q')]);
        }
    }

    #[test]
    fn a_name_without_end_is_nobody_s() {
        let mut keys = Keys::new();
        typed(&mut keys, b"\x01:");
        typed(&mut keys, &[b'v'; 3 * NAME]);
        assert_eq!((typed(&mut keys, b"\r").pop(), keys.name()), (Some(Typed::Named), "?"));
        assert_eq!((typed(&mut keys, b"\x01=\r").pop(), keys.name()), (Some(Typed::Attached), ""));
    }
}
