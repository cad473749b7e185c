//! Finds the kernel's lines in a stream of bytes.

use super::Event;
use super::block::{Report, Reporter, fields};

/// Longer lines are none of the kernel's. Its longest carries 256 bytes of text, each as four at most.
const LONGEST_LINE: usize = 2048;

/// A block with more lines has lost its end.
const LONGEST_BLOCK: usize = 32;

const PREFIX: &str = "[fugue] ";

/// Finds what the kernel says in what the console says.
#[derive(Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    overlong: bool,
    block: Option<Block>,
}

#[derive(Debug)]
struct Block {
    report: Box<Report>,
    lines: usize,
}

impl Parser {
    /// A parser at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes. Each event comes with the offset in `bytes` behind the line that ends it.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<(usize, Event)> {
        let mut events = Vec::new();
        let mut start = 0;
        for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            self.take(&bytes[start..at]);
            if let Some(event) = self.end_of_line() {
                events.push((at + 1, event));
            }
            start = at + 1;
        }
        self.take(&bytes[start..]);
        events
    }

    fn take(&mut self, piece: &[u8]) {
        let room = LONGEST_LINE - self.line.len();
        self.overlong |= piece.len() > room;
        self.line.extend_from_slice(&piece[..piece.len().min(room)]);
    }

    fn end_of_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let overlong = std::mem::take(&mut self.overlong);
        let text = String::from_utf8_lossy(&line);
        let said = text.trim_end_matches('\r').strip_prefix(PREFIX);
        match said {
            Some(said) if !overlong => self.kernel_line(said),
            // The kernel writes a block without a pause: a foreign line inside means that it died there.
            _ => {
                self.block = None;
                None
            }
        }
    }

    fn kernel_line(&mut self, said: &str) -> Option<Event> {
        if let Some(report) = block_start(said) {
            self.block = Some(Block { report: Box::new(report), lines: 1 });
            return None;
        }
        let Some(mut block) = self.block.take() else { return news(said) };
        if said.trim_end() == "end" {
            return Some(Event::Report(block.report));
        }
        block.report.read(said);
        block.lines += 1;
        self.block = Some(block).filter(|block| block.lines < LONGEST_BLOCK);
        None
    }
}

/// The first line of a block.
fn block_start(said: &str) -> Option<Report> {
    let (kind, version) = said.trim_end().split_once(" v")?;
    let reporter = match kind {
        "domain-report" => Reporter::Domain,
        "kernel-report" => Reporter::Kernel,
        _ => return None,
    };
    Some(Report::new(reporter, version.parse().ok()?))
}

/// News of one line.
fn news(said: &str) -> Option<Event> {
    let (kind, rest) = said.split_once(' ')?;
    let field = |key: &str| fields(rest).find(|(name, _)| *name == key).map(|(_, value)| value);
    let text = |key: &str| field(key).map(str::to_owned);
    let number = |key: &str| field(key).and_then(|value| value.parse().ok());
    match kind {
        "boot" => Some(Event::Boot { system: text("system")?, board: text("board")? }),
        "halt" => Some(Event::Halt { code: number("code")? }),
        "stopped" => Some(Event::Stopped { name: text("name")?, by: text("by")? }),
        "restarted" => Some(Event::Restarted { name: text("name")?, generation: number("generation")? }),
        "exited" => Some(Event::Exited { name: text("name")?, code: number("code")? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
