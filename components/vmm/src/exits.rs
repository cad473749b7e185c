//! The latest exits, for the report when the guest dies.

use abi::vcpu::Exit;

/// How many are kept.
pub const KEPT: usize = 16;

/// One exit: why the guest stopped, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// An [`ExitReason`](abi::vcpu::ExitReason).
    pub reason: u32,
    /// The guest's program counter.
    pub pc: u32,
    /// The instruction.
    pub instruction: u32,
    /// Guest-physical address, its lower 32 bits, or the device control register.
    pub physical: u32,
}

/// A ring of the latest exits.
#[derive(Clone, Copy, Debug)]
pub struct Exits {
    records: [Record; KEPT],
    next: usize,
}

impl Default for Exits {
    fn default() -> Self {
        Self::new()
    }
}

impl Exits {
    /// None.
    pub const fn new() -> Self {
        Self { records: [Record { reason: 0, pc: 0, instruction: 0, physical: 0 }; KEPT], next: 0 }
    }

    /// Keeps one and forgets the oldest.
    #[inline]
    pub fn record(&mut self, exit: &Exit, pc: u32) {
        self.records[self.next % KEPT] =
            Record { reason: exit.reason, pc, instruction: exit.instruction, physical: exit.physical };
        self.next = (self.next + 1) % KEPT;
    }

    /// Oldest first. Places that were never used hold zeros.
    pub fn oldest_first(&self) -> impl Iterator<Item = Record> {
        let (newer, older) = self.records.split_at(self.next);
        older.iter().chain(newer).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut exits = Exits::new();
        for pc in 1..=KEPT as u32 + 3 {
            exits.record(&Exit { reason: 3, ..Exit::default() }, pc);
        }
        assert!(exits.oldest_first().map(|record| record.pc).eq(4..=KEPT as u32 + 3));
    }
}
