//! The records of the kernel's trace, as a tracer reads them from the ring.
//!
//! The ring is a region that the kernel writes and the tracer's domain may only read. All words are big-endian.
//!
//! | offset | content                                                                           |
//! |--------|-----------------------------------------------------------------------------------|
//! | 0      | how many records were written since the start, upper word                         |
//! | 4      | lower word; a reader takes the upper one before and after                         |
//! | 8      | zero                                                                              |
//! | 12     | zero                                                                              |
//! | 16 *i* | for *i* from 1: a record; record *n* is at *i* = 1 + *n* mod the ring's [`capacity`] |
//!
//! A record is overwritten when the ring comes round; [`Cursor`] says how many a reader has missed.

use crate::numbered::numbered;

mod reading;

pub use reading::Cursor;

/// Bytes of a record, and of what stands before the first.
pub const RECORD_BYTES: u32 = 16;

/// How many records a ring of `bytes` holds: one place is the index's.
pub const fn capacity(bytes: u32) -> u32 {
    (bytes / RECORD_BYTES).saturating_sub(1)
}

numbered! {
    /// What happened.
    pub enum Event: u32 {
        /// Another thread runs; the argument is 0. Thread [`NO_THREAD`] is the idle core.
        Switch = 0 "switch",
        /// The thread calls; the argument is the server.
        Call = 1 "call",
        /// The thread replies; the argument is the caller.
        Reply = 2 "reply",
        /// A notification of the thread was signalled; the argument holds the bits.
        Signal = 3 "signal",
        /// A device interrupt while the thread ran; the argument is the line.
        Interrupt = 4 "interrupt",
        /// A timer fired while the thread ran; the argument is the timer.
        Timer = 5 "timer",
        /// The thread faulted; the argument is the [`Cause`](crate::Cause).
        Fault = 6 "fault",
        /// A domain starts afresh; the argument is the domain.
        Restart = 7 "restart",
        /// A domain stops; the argument is the domain.
        Stop = 8 "stop",
    }
}

/// In place of a thread: none runs.
pub const NO_THREAD: u32 = u32::MAX;

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Low word of the time base.
    pub time: u32,
    /// What happened.
    pub event: Event,
    /// The thread that it happened to.
    pub thread: u32,
    /// What else there is to say.
    pub argument: u32,
}

impl Record {
    /// The record as words.
    pub const fn words(&self) -> [u32; 4] {
        [self.time, self.event as u32, self.thread, self.argument]
    }
}
