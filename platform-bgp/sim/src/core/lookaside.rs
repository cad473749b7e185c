//! Translations that a core remembers, so that an access to memory costs a comparison.
//!
//! Not the architecture's shadow TLB, though it is emptied when that is: at context-synchronising events
//! after the TLB was written. Entries hold the address space, the mode and the process in their key, so a
//! change of these empties nothing. Only pages of memory of 4 KiB or more, big-endian, are in here; whatever
//! else an access can meet is found the long way.

use crate::memory::{CodePage, FrameNumber};
use std::sync::Arc;

/// Entries of each kind: a power of two.
const ENTRIES: usize = 256;

/// Bit 11 of a key is never set in one that is asked for.
const NEVER: u32 = 0x800;

/// The upper 20 bits of the address are the page's.
const PAGE_MASK: u32 = 0xFFFF_F000;

/// Makes the part of a key that an address does not say.
pub(super) const fn context(space: bool, user: bool, process: u8) -> u32 {
    (process as u32) << 2 | (user as u32) << 1 | space as u32
}

/// A context that matches nothing: every access goes the long way.
pub(super) const NO_CONTEXT: u32 = NEVER | 1;

/// A page of data.
#[derive(Clone, Copy, Debug)]
struct Data {
    key: u32,
    frame: FrameNumber,
}

/// A page of code.
#[derive(Clone, Debug)]
struct Code {
    key: u32,
    page: Arc<CodePage>,
}

/// What a core remembers.
#[derive(Clone, Debug)]
pub(super) struct Lookaside {
    epoch: u64,
    reads: Box<[Data; ENTRIES]>,
    writes: Box<[Data; ENTRIES]>,
    code: Vec<Option<Code>>,
}

#[inline(always)]
fn slot(address: u32) -> usize {
    (address >> 12) as usize & (ENTRIES - 1)
}

impl Lookaside {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        let void = Data { key: NEVER, frame: 0 };
        self.reads.fill(void);
        self.writes.fill(void);
        self.code.fill(None);
    }

    /// Forgets everything if it was filled under another number.
    #[inline(always)]
    pub(super) fn follow(&mut self, epoch: u64) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.clear();
        }
    }

    /// The frame that a read of an address may use.
    #[inline(always)]
    pub(super) fn read(&self, address: u32, context: u32) -> Option<FrameNumber> {
        let entry = self.reads[slot(address)];
        if entry.key == (address & PAGE_MASK | context) { Some(entry.frame) } else { None }
    }

    /// The frame that a write to an address may use.
    #[inline(always)]
    pub(super) fn write(&self, address: u32, context: u32) -> Option<FrameNumber> {
        let entry = self.writes[slot(address)];
        if entry.key == (address & PAGE_MASK | context) { Some(entry.frame) } else { None }
    }

    /// The decoded page of an address.
    #[inline(always)]
    pub(super) fn code(&self, address: u32, context: u32) -> Option<&Arc<CodePage>> {
        let entry = self.code[slot(address)].as_ref()?;
        if entry.key == (address & PAGE_MASK | context) { Some(&entry.page) } else { None }
    }

    /// Remembers a page for reads.
    pub(super) fn learn_read(&mut self, address: u32, context: u32, frame: FrameNumber) {
        self.reads[slot(address)] = Data { key: address & PAGE_MASK | context, frame };
    }

    /// Remembers a page for writes.
    pub(super) fn learn_write(&mut self, address: u32, context: u32, frame: FrameNumber) {
        self.writes[slot(address)] = Data { key: address & PAGE_MASK | context, frame };
    }

    /// Remembers a decoded page.
    pub(super) fn learn_code(&mut self, address: u32, context: u32, page: Arc<CodePage>) {
        self.code[slot(address)] = Some(Code { key: address & PAGE_MASK | context, page });
    }

    /// Forgets that a frame may be written.
    pub(super) fn forget_writes(&mut self, frame: FrameNumber) {
        for entry in self.writes.iter_mut().filter(|entry| entry.frame == frame) {
            entry.key = NEVER;
        }
    }
}

impl Default for Lookaside {
    fn default() -> Self {
        let void = Data { key: NEVER, frame: 0 };
        Self {
            epoch: 0,
            reads: Box::new([void; ENTRIES]),
            writes: Box::new([void; ENTRIES]),
            code: vec![None; ENTRIES],
        }
    }
}
