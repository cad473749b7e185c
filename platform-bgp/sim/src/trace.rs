//! Traces as text: one line for each instruction, exception, access to a device or a device control register.

use crate::core::{Core, Exception};
use crate::observe::Observer;
use bgp_isa::{Disassembly, Word};
use std::io::Write;

/// What a trace shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Instructions.
    pub instructions: bool,
    /// Exceptions.
    pub exceptions: bool,
    /// Accesses to devices.
    pub devices: bool,
    /// Accesses to device control registers.
    pub dcrs: bool,
    /// Of one core only.
    pub core: Option<usize>,
}

/// Writes a trace.
pub struct Text<W> {
    filter: Filter,
    into: W,
}

impl<W: Write> Text<W> {
    /// A trace of what passes a filter.
    pub const fn new(filter: Filter, into: W) -> Self {
        Self { filter, into }
    }

    fn line(&mut self, core: &Core, what: std::fmt::Arguments<'_>) {
        if self.filter.core.is_none_or(|number| number == core.number) {
            // A trace that cannot be written ends; the run goes on.
            let _ =
                writeln!(self.into, "{:>14} {} {:08x} {what}", core.time(), core.number, core.registers.pc);
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<W: Write + Send> Observer for Text<W> {
    fn instruction(&mut self, core: &Core, word: Word) {
        if self.filter.instructions {
            let pc = core.registers.pc;
            self.line(core, format_args!("{:08x} {}", word.0, Disassembly::new(word, pc)));
        }
    }

    fn exception(&mut self, core: &Core, exception: Exception) {
        if self.filter.exceptions {
            self.line(core, format_args!("exception {} {exception:x?}", exception.name()));
        }
    }

    fn device_read(&mut self, core: &Core, physical: u64, bytes: &[u8]) {
        if self.filter.devices {
            self.line(core, format_args!("read {physical:#011x} {}", hexadecimal(bytes)));
        }
    }

    fn device_write(&mut self, core: &Core, physical: u64, bytes: &[u8]) {
        if self.filter.devices {
            self.line(core, format_args!("write {physical:#011x} {}", hexadecimal(bytes)));
        }
    }

    fn dcr_read(&mut self, core: &Core, number: u32, value: u32) {
        if self.filter.dcrs {
            self.line(core, format_args!("mfdcr {number:#05x} {value:#010x}"));
        }
    }

    fn dcr_write(&mut self, core: &Core, number: u32, value: u32) {
        if self.filter.dcrs {
            self.line(core, format_args!("mtdcr {number:#05x} {value:#010x}"));
        }
    }
}
