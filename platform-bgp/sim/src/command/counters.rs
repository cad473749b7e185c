//! What the cores have done, as JSON.

use bgp_isa::{Class, Word, decode};
use bgp_sim::core::{Core, Exception};
use bgp_sim::node::CORES;
use bgp_sim::observe::Observer;
use bgp_sim::{Node, checkpoint};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What one core has done since counting began.
#[derive(Clone, Debug, Default)]
struct Counts {
    classes: BTreeMap<&'static str, u64>,
    exceptions: BTreeMap<&'static str, u64>,
    interrupts: BTreeMap<usize, u64>,
    tlb_writes: u64,
    device_reads: u64,
    device_writes: u64,
    dcr_reads: u64,
    dcr_writes: u64,
}

/// Counts. The clone that the node does not get is read at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Counting {
    cores: Arc<Mutex<[Counts; CORES]>>,
    classes: bool,
}

impl Counting {
    /// Begins to count, instructions by their class or not.
    pub(super) fn new(classes: bool) -> Self {
        Self { classes, ..Self::default() }
    }

    fn note(&self, core: &Core, count: impl FnOnce(&mut Counts)) {
        count(&mut self.cores.lock().unwrap_or_else(PoisonError::into_inner)[core.number]);
    }

    /// The counters of a node.
    pub(super) fn document(&self, node: &Node) -> Value {
        let counted = self.cores.lock().unwrap_or_else(PoisonError::into_inner);
        let cores = node.cores.iter().zip(counted.iter());
        let cores: Vec<Value> = cores.map(|(core, counts)| self.core(core, counts)).collect();
        json!({
            "schema": 1,
            "instructions": node.instructions(),
            "cycles": node.time(),
            "pages": node.bus.memory.touched(),
            "unmodelled": node.bus.reports.sites.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "state": checkpoint::digest(node),
            "cores": cores,
        })
    }

    fn core(&self, core: &Core, counts: &Counts) -> Value {
        let missed = |name| counts.exceptions.get(name).copied().unwrap_or(0);
        let mut tlb = json!({
            "data_misses": missed("data TLB error"),
            "instruction_misses": missed("instruction TLB error"),
        });
        let mut document = json!({
            "core": core.number,
            "instructions": core.clock.instructions(),
            "cycles": core.time(),
            "skipped_while_spinning": core.spin.skipped,
            "exceptions": counts.exceptions,
            "external_interrupts": named(&counts.interrupts),
            "devices": { "reads": counts.device_reads, "writes": counts.device_writes },
            "dcrs": { "reads": counts.dcr_reads, "writes": counts.dcr_writes },
        });
        if self.classes {
            document["classes"] = json!(counts.classes);
            tlb["writes"] = counts.tlb_writes.into();
        }
        document["tlb"] = tlb;
        document
    }
}

/// Interrupts by number, as hexadecimal.
fn named(interrupts: &BTreeMap<usize, u64>) -> Map<String, Value> {
    interrupts.iter().map(|(number, count)| (format!("{number:#05x}"), (*count).into())).collect()
}

const fn name(class: Class) -> &'static str {
    match class {
        Class::Integer => "integer",
        Class::Condition => "condition",
        Class::Load => "load",
        Class::Store => "store",
        Class::Branch => "branch",
        Class::Cache => "cache",
        Class::System => "system",
        Class::Float => "float",
        Class::Double => "double",
    }
}

impl Observer for Counting {
    fn wants_instructions(&self) -> bool {
        self.classes
    }

    fn instruction(&mut self, core: &Core, word: Word) {
        if !self.classes {
            return;
        }
        let op = decode(word);
        let class = op.map_or("illegal", |op| name(op.row().class));
        self.note(core, |counts| {
            *counts.classes.entry(class).or_default() += 1;
            counts.tlb_writes += u64::from(op == Some(bgp_isa::Op::Tlbwe));
        });
    }

    fn exception(&mut self, core: &Core, exception: Exception) {
        self.note(core, |counts| *counts.exceptions.entry(exception.name()).or_default() += 1);
    }

    fn interrupt(&mut self, core: &Core, number: usize) {
        self.note(core, |counts| *counts.interrupts.entry(number).or_default() += 1);
    }

    fn device_read(&mut self, core: &Core, _: u64, _: &[u8]) {
        self.note(core, |counts| counts.device_reads += 1);
    }

    fn device_write(&mut self, core: &Core, _: u64, _: &[u8]) {
        self.note(core, |counts| counts.device_writes += 1);
    }

    fn dcr_read(&mut self, core: &Core, _: u32, _: u32) {
        self.note(core, |counts| counts.dcr_reads += 1);
    }

    fn dcr_write(&mut self, core: &Core, _: u32, _: u32) {
        self.note(core, |counts| counts.dcr_writes += 1);
    }
}
