//! A minimal CNS, the service firmware that stays in the top of DRAM (section 8.5).
//!
//! It is code of the machine, written here by an assembler, so it runs, is traced and kept in checkpoints like any
//! software. It holds a descriptor, whose address a kernel gets in r3, a table of 64 entry points, and the cores that
//! wait for `takeCPU`. What the reference gives no arguments or no meaning of, and what this firmware lacks, reads a
//! DCR that does not exist: that is reported with the service's name.
//!
//! - `code`: the services;
//! - `console`: the mailbox and events;
//! - `interrupt`, `barrier`: the interrupt controller, the global interrupts;
//! - `device`: mapping devices.

mod barrier;
mod code;
mod console;
mod device;
mod interrupt;
mod names;

pub use names::{MISSING, NAMES};

use crate::assembler::{Assembler, Label};
use crate::core::tlb::Entry;
use crate::memory::Memory;

/// Where the firmware is mapped.
pub const BASE: u32 = 0xFFF4_0000;
/// How much of the top of DRAM is its own.
pub const BYTES: u32 = 0x4_0000;
/// The code of that page's size: 256 KiB.
const PAGE: u32 = 4;
/// Offsets: the descriptor, the table, code, boxes in which cores wait, pages of devices, room for messages.
const TABLE: u32 = 0x40;
const CODE: u32 = 0x200;
const BOXES: u32 = 0x2_0000;
const DEVICES: u32 = 0x2_0800;
const MESSAGES: u32 = 0x2_1000;
/// The version that software compares the upper half of.
const VERSION: u32 = 0x0103_0000;
/// Services in the table.
pub const SERVICES: usize = 64;

/// What the services know about the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Bytes of DRAM.
    pub dram: u64,
    /// It is an I/O node.
    pub io_node: bool,
}

/// Code under construction, with the label of each service that there is.
struct Services {
    code: Assembler,
    table: [Option<Label>; SERVICES],
}

impl Services {
    /// A service begins here.
    fn begin(&mut self, number: usize) {
        self.table[number] = Some(self.code.mark());
    }

    /// Several services are the same.
    fn begin_all(&mut self, numbers: &[usize]) {
        for number in numbers {
            self.begin(*number);
        }
    }

    /// A service that answers a number.
    fn answer(&mut self, numbers: &[usize], value: u32) {
        self.begin_all(numbers);
        self.code.load(3, value).back();
    }
}

/// The firmware once it stands in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The descriptor's address.
    pub descriptor: u32,
    /// Where the cores wait that nobody has taken.
    pub waiting: u32,
    physical: u64,
}

impl Installed {
    /// The entry that maps the firmware.
    pub const fn entry(&self, word2: u32) -> Entry {
        Entry::new(BASE, self.physical, PAGE, word2)
    }
}

/// Puts the firmware into the top of DRAM. `None`: there is no room.
pub fn install(memory: &mut Memory, facts: Facts) -> Option<Installed> {
    let physical = facts.dram.checked_sub(BYTES.into())?;
    let mut services = Services { code: Assembler::new(BASE + CODE), table: [None; SERVICES] };
    let waiting = code::write(&mut services, facts);
    let Services { code, table } = services;
    let mut head = Vec::new();
    let (low, high) = (physical as u32, (physical >> 32) as u32);
    for word in [BASE + TABLE, BASE, BYTES, low, high, 0, 0, VERSION] {
        head.extend(word.to_be_bytes());
    }
    head.resize(TABLE as usize, 0);
    for label in table.into_iter().flatten() {
        head.extend(code.address(label).to_be_bytes());
    }
    let parts = [(0, head), (CODE, code.bytes()), (DEVICES, device::table())];
    let placed = parts.iter().all(|(at, bytes)| memory.copy_in(physical + u64::from(*at), bytes));
    placed.then(|| Installed { descriptor: BASE, waiting: code.address(waiting), physical })
}

#[cfg(test)]
mod tests;
