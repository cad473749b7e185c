//! The greeter over a console that stands in memory.

use std::collections::VecDeque;

use greeter::{Component, Config, Greeter, Ports, Wires};
use interfaces::Console;
use runtime::{Active, Events, Wire, WireError};

/// A console that keeps what is written, and fails when its test says so.
struct Recorder<'t> {
    written: &'t mut Vec<u8>,
    typed: VecDeque<&'static str>,
    calls_before_the_end: u32,
}

impl Recorder<'_> {
    fn call(&mut self) -> Result<(), WireError> {
        self.calls_before_the_end = self.calls_before_the_end.checked_sub(1).ok_or(WireError::PeerGone)?;
        Ok(())
    }
}

impl Wire for Recorder<'_> {
    fn wait(&mut self, wanted: Events) -> Result<Events, WireError> {
        if self.typed.is_empty() { Err(WireError::PeerGone) } else { Ok(wanted) }
    }

    fn pending(&mut self, wanted: Events) -> Result<Events, WireError> {
        self.wait(wanted)
    }
}

impl Console for Recorder<'_> {
    fn write(&mut self, text: &[u8]) -> Result<u32, WireError> {
        self.call()?;
        self.written.extend_from_slice(text);
        Ok(text.len() as u32)
    }

    fn read(&mut self, into: &mut [u8]) -> Result<u32, WireError> {
        self.call()?;
        let piece = self.typed.pop_front().unwrap_or_default();
        into[..piece.len()].copy_from_slice(piece.as_bytes());
        Ok(piece.len() as u32)
    }

    fn flush(&mut self) -> Result<(), WireError> {
        Ok(())
    }
}

struct Mocked<'t>(std::marker::PhantomData<&'t ()>);

impl<'t> Ports for Mocked<'t> {
    type Console = Recorder<'t>;
}

/// Runs a greeter of two rounds and returns what it said, and how it ended.
fn run(echo: bool, typed: &[&'static str], calls: u32) -> (String, Result<(), WireError>) {
    let mut written = Vec::new();
    let console = Recorder {
        written: &mut written,
        typed: typed.iter().copied().collect(),
        calls_before_the_end: calls,
    };
    let config = Config { greeting: "hello", rounds: 2, echo };
    let outcome = Greeter::<Mocked<'_>>::new(Wires { console }, config).run();
    (String::from_utf8(written).unwrap(), outcome)
}

#[test]
fn it_greets_and_draws_a_long_line() {
    let (said, outcome) = run(false, &[], u32::MAX);
    assert_eq!(outcome, Ok(()));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..2], ["hello (1 of 2)", "hello (2 of 2)"]);
    assert!(lines[2].starts_with("....:....1....:....2"), "{}", lines[2]);
    assert_eq!((lines.len(), lines[2].len()), (3, 300));
}

#[test]
fn it_says_back_each_typed_line() {
    let long = "0123456789012345678901234567890123456789";
    let (said, outcome) = run(true, &["o", "ne\ntw", "o\n\n", long, long, long, long, "\n"], u32::MAX);
    assert_eq!(outcome, Err(WireError::PeerGone));
    let lines: Vec<&str> = said.lines().skip(3).collect();
    let all = long.repeat(4);
    let (kept, rest) = all.split_at(128);
    let said = ["one", "two", "", kept, rest].map(|line| format!("you said: {line}"));
    assert_eq!(lines, said);
}

#[test]
fn it_ends_with_the_console_s_error() {
    for calls in 0..4 {
        assert_eq!(run(false, &[], calls).1, Err(WireError::PeerGone), "after {calls} calls");
    }
    assert_eq!(run(false, &[], 4).1, Ok(()), "two rounds, and two pieces of the long line");
}
