//! Names for the addresses in the report of a guest's death.
//!
//! The guest's monitor writes registers and the latest exits on the console as lines that begin with the machine's
//! number; `docs/reports.md` has their form. Those with a program counter are followed by the functions of the guest's
//! kernel.

use std::path::PathBuf;

use composer_build::Built;
use composer_payload::symbols::Symbols;

/// The longest line that is looked at.
const LINE: usize = 512;

/// The kernels of an image's guests. Their symbols are read when a report first needs them.
#[derive(Debug)]
pub(crate) struct Guests {
    kernels: Vec<(u32, PathBuf)>,
    read: Vec<(u32, Option<Symbols>)>,
    line: Vec<u8>,
}

impl Guests {
    /// The guests of an image.
    pub(crate) fn new(built: &Built) -> Self {
        let guests = built.guests.iter();
        let kernels = guests.filter_map(|guest| Some((guest.number, guest.symbols.clone()?))).collect();
        Self { kernels, read: Vec::new(), line: Vec::new() }
    }

    /// Takes a piece of the console up to a line's end or its own, and says what stands below the line that it ends.
    pub(crate) fn take(&mut self, piece: &[u8]) -> Option<String> {
        let room = LINE.saturating_sub(self.line.len());
        self.line.extend_from_slice(&piece[..piece.len().min(room)]);
        if !piece.ends_with(b"\n") || self.kernels.is_empty() {
            return None;
        }
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        let (number, text) = split(&line)?;
        let symbols = self.symbols(number)?;
        let mut places = Vec::new();
        for (word, what) in [(" pc ", "in "), (" lr ", "called from ")] {
            let address = text.split_once(word).and_then(|(_, rest)| rest.get(..8));
            let address = address.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if let Some((name, distance)) = address.and_then(|address| symbols.at(address)) {
                places.push(format!("{what}{name}+{distance:#x}"));
            }
        }
        (!places.is_empty()).then(|| format!("          {}\n", places.join(", ")))
    }

    fn symbols(&mut self, number: u32) -> Option<&Symbols> {
        if self.read.iter().all(|(of, _)| *of != number) {
            let (_, path) = self.kernels.iter().find(|(of, _)| *of == number)?;
            // Without the file, a report has addresses alone.
            self.read.push((number, Symbols::load(path).ok()));
        }
        self.read.iter().find(|(of, _)| *of == number)?.1.as_ref()
    }
}

/// The machine's number and the rest of a line of a report: `[vm0]   pc 00000000 …`, perhaps behind a client's name.
fn split(line: &str) -> Option<(u32, &str)> {
    let (before, rest) = line.split_once("[vm")?;
    let (number, text) = rest.split_once(']')?;
    let is_ours = before.is_empty() || before.ends_with(": ");
    // The rest of a report is indented; what a guest says is no line of its monitor's.
    if is_ours && text.starts_with("   ") { Some((number.parse().ok()?, text)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guests() -> Guests {
        let symbols = Symbols::read(b"c0001000 T start\nc0002000 T schedule\n");
        Guests { kernels: vec![(1, PathBuf::new())], read: vec![(1, Some(symbols))], line: vec![] }
    }

    #[test]
    fn lines_with_a_program_counter_are_followed_by_names() {
        let mut guests = guests();
        assert_eq!(guests.take(b"vm1: [vm1]   pc c00010"), None);
        assert_eq!(
            guests.take(b"04  msr 00000000  cr 00000000  lr c0002010  ctr 00000000\r\n").as_deref(),
            Some("          in start+0x4, called from schedule+0x10\n")
        );
        let exit = b"[vm1]   access    at pc c0002000, instruction 80000000, ef600300\n";
        assert_eq!(guests.take(exit).as_deref(), Some("          in schedule+0x0\n"));
    }

    #[test]
    fn nothing_else_is() {
        let mut guests = guests();
        for line in [
            "[vm1] stats pc c0001000\n",
            "[vm0]   pc c0001000\n",
            "a guest says [vm1]   pc c0001000\n",
            "[vm1]   pc c00010",
            "\n",
            "[vm1]   pc 00001000\n",
            "[vm1]   r0  c0001000\n",
        ] {
            assert_eq!(guests.take(line.as_bytes()), None, "{line}");
        }
    }
}
