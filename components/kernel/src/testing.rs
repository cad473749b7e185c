//! A machine for the host's tests: it records what the kernel asks of it.

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
        }
    }
}

impl Machine for Recorder {
    const MMUCR: u32 = 0;
    const USER_MSR: u32 = crate::arch::USER_MSR;

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

    fn halt(&mut self) {
        self.halted = true;
    }
}
