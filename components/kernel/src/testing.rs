//! A machine for the host's tests: it records what the kernel asks of it.

use crate::list::ThreadId;
use crate::machine::Machine;
use ppc440::tlb::{ENTRIES, Page};
use std::collections::{BTreeMap, BTreeSet};

/// A machine that only records.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) now: u64,
    pub(crate) deadline: Option<u64>,
    pub(crate) tlb: Vec<Option<(u8, Page)>>,
    pub(crate) pending: Vec<u16>,
    pub(crate) unmasked: BTreeSet<u16>,
    pub(crate) console: String,
    pub(crate) memory: BTreeMap<u64, u32>,
    /// Words of memory that were read.
    pub(crate) reads: usize,
    pub(crate) halted: bool,
    /// The device control registers that there are.
    pub(crate) dcrs: BTreeMap<u32, u32>,
    /// The floating-point registers, as one number, and those that were saved.
    pub(crate) float_registers: u64,
    pub(crate) floats: BTreeMap<ThreadId, u64>,
    /// The trace's ring, as it stands in memory.
    pub(crate) trace: BTreeMap<u32, [u8; 4]>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            now: 0,
            deadline: None,
            tlb: vec![None; ENTRIES],
            pending: Vec::new(),
            unmasked: BTreeSet::new(),
            console: String::new(),
            memory: BTreeMap::new(),
            reads: 0,
            halted: false,
            dcrs: BTreeMap::new(),
            float_registers: 0,
            floats: BTreeMap::new(),
            trace: BTreeMap::new(),
        }
    }
}

impl Machine for &mut Recorder {
    const MMUCR: u32 = 0;

    fn now(&self) -> u64 {
        self.now
    }

    fn set_deadline(&mut self, deadline: Option<u64>) {
        self.deadline = deadline;
    }

    fn load_page(&mut self, slot: u8, pid: u8, page: &Page) {
        self.tlb[slot as usize] = Some((pid, *page));
    }

    fn drop_space(&mut self, pid: u8, slots: u8) {
        for entry in &mut self.tlb[..slots as usize] {
            entry.take_if(|(owner, _)| *owner == pid);
        }
    }

    fn pending_irq(&mut self) -> Option<u16> {
        self.pending.iter().copied().find(|line| self.unmasked.contains(line))
    }

    fn mask_irq(&mut self, line: u16) {
        self.unmasked.remove(&line);
    }

    fn unmask_irq(&mut self, line: u16) {
        self.unmasked.insert(line);
    }

    fn write_console(&mut self, byte: u8) {
        self.console.push(char::from(byte));
    }

    fn read_physical(&mut self, address: u64) -> u32 {
        self.reads += 1;
        self.memory.get(&address).copied().unwrap_or(0)
    }

    fn access_dcr(&mut self, number: u32, written: Option<u32>) -> Option<u32> {
        let register = self.dcrs.get_mut(&number)?;
        let Some(value) = written else { return Some(*register) };
        *register = value;
        Some(0)
    }

    fn switch_float(&mut self, from: Option<ThreadId>, to: ThreadId) {
        if let Some(from) = from {
            self.floats.insert(from, self.float_registers);
        }
        self.float_registers = self.floats.get(&to).copied().unwrap_or(0);
    }

    fn clear_float(&mut self, thread: ThreadId) {
        self.floats.remove(&thread);
    }

    fn write_trace(&mut self, address: u32, words: &[u32]) {
        for (index, word) in (0..).zip(words) {
            self.trace.insert(address + 4 * index, word.to_be_bytes());
        }
    }

    #[cfg(feature = "vm")]
    fn drop_slot(&mut self, slot: u8) {
        self.tlb[slot as usize] = None;
    }

    #[cfg(feature = "vm")]
    fn show_vcpu(&mut self, _index: u16) {}

    #[cfg(feature = "vm")]
    fn step(&mut self, _steps: bool) {}

    #[cfg(feature = "vm")]
    fn give_floats(&mut self, thread: ThreadId, floats: &mut [u64; 33]) {
        floats[0] = self.floats.get(&thread).copied().unwrap_or(0);
    }

    #[cfg(feature = "vm")]
    fn take_floats(&mut self, thread: ThreadId, floats: &[u64; 33]) {
        self.floats.insert(thread, floats[0]);
    }

    fn halt(&mut self) {
        self.halted = true;
    }
}
