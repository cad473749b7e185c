//! Traces in the trace event format: JSON, one object an event, times in microseconds. A core is a thread.

use super::{Filter, hexadecimal};
use crate::core::{Core, Exception};
use crate::node::CORES;
use crate::observe::Observer;
use crate::time::FREQUENCY;
use bgp_isa::{Disassembly, Word};
use serde_json::{Value, json};
use std::io::Write;

/// Writes a trace.
pub struct Chrome<W> {
    filter: Filter,
    into: W,
    finished: bool,
}

/// Microseconds of virtual time.
fn microseconds(cycles: u64) -> f64 {
    cycles as f64 * 1e6 / FREQUENCY as f64
}

impl<W: Write> Chrome<W> {
    /// A trace of what passes a filter.
    pub fn new(filter: Filter, mut into: W) -> Self {
        let names: Vec<String> = (0..CORES)
            .map(|core| {
                let name = format!("core {core}");
                json!({ "ph": "M", "name": "thread_name", "pid": 0, "tid": core, "args": { "name": name } })
                    .to_string()
            })
            .collect();
        // A trace that cannot be written ends; the run goes on.
        let _ = write!(into, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{}", names.join(",\n"));
        Self { filter, into, finished: false }
    }

    fn event(&mut self, core: &Core, category: &str, name: &str, mut arguments: Value) {
        if !self.filter.passes(core) {
            return;
        }
        arguments["pc"] = format!("{:#010x}", core.registers.pc).into();
        let event = json!({
            "ph": "X",
            "name": name,
            "cat": category,
            "ts": microseconds(core.time()),
            "dur": microseconds(1),
            "pid": 0,
            "tid": core.number,
            "args": arguments,
        });
        let _ = write!(self.into, ",\n{event}");
    }

    fn device(&mut self, core: &Core, what: &str, physical: u64, bytes: &[u8]) {
        if self.filter.devices {
            let name = format!("{what} {physical:#011x}");
            self.event(core, "device", &name, json!({ "value": hexadecimal(bytes) }));
        }
    }

    fn register(&mut self, core: &Core, what: &str, number: u32, value: u32) {
        if self.filter.dcrs {
            let name = format!("{what} {number:#05x}");
            self.event(core, "dcr", &name, json!({ "value": format!("{value:#010x}") }));
        }
    }
}

impl<W: Write + Send> Observer for Chrome<W> {
    fn wants_instructions(&self) -> bool {
        self.filter.instructions
    }

    fn finish(&mut self) {
        if !std::mem::replace(&mut self.finished, true) {
            let _ = self.into.write_all(b"\n]}\n").and_then(|()| self.into.flush());
        }
    }

    fn instruction(&mut self, core: &Core, word: Word) {
        if self.filter.instructions {
            let name = Disassembly::new(word, core.registers.pc).to_string();
            self.event(core, "instruction", &name, json!({ "word": format!("{:#010x}", word.0) }));
        }
    }

    fn exception(&mut self, core: &Core, exception: Exception) {
        if self.filter.exceptions {
            self.event(core, "exception", exception.name(), json!({ "what": format!("{exception:x?}") }));
        }
    }

    fn device_read(&mut self, core: &Core, physical: u64, bytes: &[u8]) {
        self.device(core, "read", physical, bytes);
    }

    fn device_write(&mut self, core: &Core, physical: u64, bytes: &[u8]) {
        self.device(core, "write", physical, bytes);
    }

    fn dcr_read(&mut self, core: &Core, number: u32, value: u32) {
        self.register(core, "mfdcr", number, value);
    }

    fn dcr_write(&mut self, core: &Core, number: u32, value: u32) {
        self.register(core, "mtdcr", number, value);
    }
}
