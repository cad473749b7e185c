//! Traces as lines of text.

use super::{Filter, hexadecimal};
use crate::core::{Core, Exception};
use crate::observe::Observer;
use bgp_isa::{Disassembly, Word};
use std::io::Write;

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
        if self.filter.passes(core) {
            // A trace that cannot be written ends; the run goes on.
            let _ =
                writeln!(self.into, "{:>14} {} {:08x} {what}", core.time(), core.number, core.registers.pc);
        }
    }
}

impl<W: Write + Send> Observer for Text<W> {
    fn wants_instructions(&self) -> bool {
        self.filter.instructions
    }

    fn finish(&mut self) {
        let _ = self.into.flush();
    }

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
