//! One report: a block of lines, read as far as it makes sense.

use serde::Serialize;
use tinyvec::ArrayVec;

/// Who the report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reporter {
    /// A domain; the rest of the node may go on.
    Domain,
    /// The kernel; the run is over.
    Kernel,
}

/// A processor's registers. One that the block does not give is None.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Registers {
    /// The instruction at fault.
    pub pc: Option<u32>,
    /// Link register.
    pub lr: Option<u32>,
    /// Machine state register.
    pub msr: Option<u32>,
    /// Condition register.
    pub cr: Option<u32>,
    /// Count register.
    pub ctr: Option<u32>,
    /// Fixed-point exception register.
    pub xer: Option<u32>,
    /// Exception syndrome register.
    pub esr: Option<u32>,
    /// Data exception address register.
    pub dear: Option<u32>,
    /// r0 to r31.
    pub general: [Option<u32>; 32],
}

/// How many return addresses a report holds at most: as many as the kernel follows. A console's other
/// text may look like a report and go on for ever.
const CHAIN_LENGTH: usize = 24;

/// Return addresses, innermost first.
pub type Chain = ArrayVec<[u32; CHAIN_LENGTH]>;

/// The end of a domain or of the kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Who the report is about.
    pub reporter: Reporter,
    /// Version of the format.
    pub version: u32,
    /// What happened (`store-unmapped`).
    pub cause: String,
    /// The domain's number.
    pub domain: Option<u32>,
    /// The domain's name, or `kernel`.
    pub name: String,
    /// The thread's number.
    pub thread: Option<u32>,
    /// The address that the cause speaks of.
    pub address: Option<u32>,
    /// The registers.
    pub registers: Registers,
    /// Return addresses, innermost first.
    pub chain: Chain,
    /// The domain's own words, with the escapes undone.
    pub text: Option<String>,
}

impl Report {
    /// A report of which nothing but the first line is known.
    pub(super) fn new(reporter: Reporter, version: u32) -> Self {
        Self {
            reporter,
            version,
            cause: String::new(),
            domain: None,
            name: String::new(),
            thread: None,
            address: None,
            registers: Registers::default(),
            chain: Chain::new(),
            text: None,
        }
    }

    /// Reads one line of the block, without its prefix. What is not known is passed over, so that a
    /// newer kernel's reports stay readable.
    pub(super) fn read(&mut self, line: &str) {
        if let Some(text) = line.strip_prefix("text=") {
            self.text = Some(unescape(text));
            return;
        }
        for (key, value) in fields(line) {
            self.field(key, value);
        }
    }

    fn field(&mut self, key: &str, value: &str) {
        let hex = || u32::from_str_radix(value, 16).ok();
        let registers = &mut self.registers;
        match key {
            "cause" => self.cause = value.to_owned(),
            "name" => self.name = value.to_owned(),
            "domain" => self.domain = value.parse().ok(),
            "thread" => self.thread = value.parse().ok(),
            "address" => self.address = hex(),
            "chain" => {
                let addresses = value.split(',').filter_map(|word| u32::from_str_radix(word, 16).ok());
                self.chain = addresses.take(CHAIN_LENGTH).collect();
            }
            "pc" => registers.pc = hex(),
            "lr" => registers.lr = hex(),
            "msr" => registers.msr = hex(),
            "cr" => registers.cr = hex(),
            "ctr" => registers.ctr = hex(),
            "xer" => registers.xer = hex(),
            "esr" => registers.esr = hex(),
            "dear" => registers.dear = hex(),
            _ => {
                let number = key.strip_prefix('r').and_then(|digits| digits.parse::<usize>().ok());
                if let Some(register) = number.and_then(|number| registers.general.get_mut(number)) {
                    *register = hex();
                }
            }
        }
    }
}

/// The fields `key=value` of a line.
pub(super) fn fields(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split_ascii_whitespace().filter_map(|word| word.split_once('='))
}

/// Undoes `\n`, `\\` and `\xNN`; anything else after a backslash stays as it is.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, used) = match (first, after) {
            (b'\\', [b'n', ..]) => (b'\n', 2),
            (b'\\', [b'\\', ..]) => (b'\\', 2),
            (b'\\', [b'x', high, low, ..]) => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 4),
                _ => (first, 1),
            },
            _ => (first, 1),
        };
        bytes.push(byte);
        rest = &rest[used..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape(r"a\nb\\n\x41\xc3\xa9"), "a\nb\\nA\u{e9}");
        assert_eq!(unescape(r"\q\x4"), r"\q\x4");
        assert_eq!(unescape("\\"), "\\");
    }
}
