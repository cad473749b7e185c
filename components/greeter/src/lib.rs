//! A component that says hello, for the tutorial and the first spec.
//!
//! It knows one port and three settings, all from `component.ron`. Which console it talks to, and how, is
//! the spec's business.

#![no_std]
#![forbid(unsafe_code)]

use core::fmt::Write;

use heapless::Vec;
use interfaces::Console;
use interfaces::console::{self, Text};
use runtime::{Active, Wire, WireError};

include!(concat!(env!("OUT_DIR"), "/component.rs"));

/// Columns of the ruler: a line longer than a message, than a slice and than most terminals.
const COLUMNS: u32 = 300;

/// Bytes of a typed line that are kept.
const LINE: usize = 128;

/// Says hello.
pub struct Greeter<P: Ports> {
    wires: Wires<P>,
    config: Config,
}

impl<P: Ports> Component<P> for Greeter<P> {
    fn new(wires: Wires<P>, config: Config) -> Self {
        Self { wires, config }
    }
}

impl<P: Ports> Active for Greeter<P> {
    fn run(&mut self) -> Result<(), WireError> {
        for round in 1..=self.config.rounds {
            self.greet(round)?;
        }
        self.draw_ruler()?;
        if self.config.echo { self.echo() } else { Ok(()) }
    }
}

impl<P: Ports> Greeter<P> {
    fn greet(&mut self, round: u32) -> Result<(), WireError> {
        let Config { greeting, rounds, .. } = self.config;
        let mut text = Text::new(&mut self.wires.console);
        // `flush` says what went wrong.
        let _ = writeln!(text, "{greeting} ({round} of {rounds})");
        text.flush()
    }

    /// One long line in which a lost or doubled byte would show.
    fn draw_ruler(&mut self) -> Result<(), WireError> {
        let mut text = Text::new(&mut self.wires.console);
        for column in 1..=COLUMNS {
            let mark = match column % 10 {
                0 => char::from(b'0' + (column / 10 % 10) as u8),
                5 => ':',
                _ => '.',
            };
            let _ = text.write_char(mark);
        }
        let _ = text.write_char('\n');
        text.flush()
    }

    /// Says back each line that is typed, until the console fails.
    fn echo(&mut self) -> Result<(), WireError> {
        let mut line: Vec<u8, LINE> = Vec::new();
        loop {
            self.wires.console.wait(console::READABLE.into())?;
            let mut piece = [0; 64];
            loop {
                let count = self.wires.console.read(&mut piece)? as usize;
                if count == 0 {
                    break;
                }
                for byte in piece.into_iter().take(count) {
                    if byte == b'\n' || line.is_full() {
                        self.answer(&line)?;
                        line.clear();
                    }
                    if byte != b'\n' {
                        // There is room: a full line has just been said.
                        let _ = line.push(byte);
                    }
                }
            }
        }
    }

    fn answer(&mut self, line: &[u8]) -> Result<(), WireError> {
        for piece in [b"you said: ", line, b"\n"] {
            console::write_all(&mut self.wires.console, piece)?;
        }
        Ok(())
    }
}
