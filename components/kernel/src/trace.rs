//! The trace: what the kernel did, as [records](abi::trace) in a ring that a domain reads.
//!
//! A service: without the feature `trace`, nothing is recorded and the kernel holds no instruction of it.

use crate::initial::initial;
use crate::kernel::Kernel;
use crate::list::ThreadId;
use crate::machine::{Machine, Node};
use abi::trace::{Event, NO_THREAD, RECORD_BYTES, Record, capacity};

initial! {
    /// How far the trace has come.
    pub struct Ring {
        /// How many records were written.
        written: u64 = 0,
        /// Place of the next among the ring's records.
        place: u32 = 0,
    }
}

impl<N: Node> Kernel<N> {
    /// Records an event of a thread, or of the idle core.
    pub(crate) fn record(&mut self, event: Event, thread: Option<ThreadId>, argument: u32) {
        let Some(table) = self.tables().trace.filter(|_| cfg!(feature = "trace")) else { return };
        let ring = &mut self.core().trace;
        let offset = RECORD_BYTES * (1 + ring.place);
        ring.written += 1;
        ring.place += 1;
        if ring.place == capacity(table.bytes) {
            ring.place = 0;
        }
        let written = ring.written;
        let thread = thread.map_or(NO_THREAD, |thread| thread.number().into());
        let record = Record { time: self.machine.now() as u32, event, thread, argument };
        self.machine.write_trace(table.address + offset, &record.words());
        self.machine.write_trace(table.address, &[(written >> 32) as u32, written as u32]);
    }

    /// Records an event of the thread that runs, or of the idle core.
    pub(crate) fn record_now(&mut self, event: Event, argument: u32) {
        let current = self.core().current;
        self.record(event, current, argument);
    }
}
