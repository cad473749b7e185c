//! A PowerPC 450 core: registers, translation, exceptions, timers, and the execution of instructions.
//!
//! - `registers`: what software can see; `bits` names what is in them, `special` moves to and from SPRs;
//! - `tlb`, `lookaside`, `access`: from effective addresses to memory and devices;
//! - `run`: the loop, which executes decoded instructions; `fast` is its big match, and `integer`, `multiply`,
//!   `branch`, `storage`, `string` hold what its arms do;
//! - `float`, `float_fast`, `float_status`, `double`: the scalar unit, its shortest way, FPSCR, the Double Hummer;
//! - `system`: everything that the loop leaves first, because it needs the exact time, can change what is
//!   executed next, or is seen by other cores;
//! - `spin`: loops that wait are skipped;
//! - `exception`, `timers`: interrupts.

mod access;
pub mod bits;
mod branch;
mod debug;
mod double;
mod exception;
mod fast;
mod float;
mod float_fast;
mod float_status;
mod integer;
mod lookaside;
mod multiply;
mod registers;
mod run;
mod special;
mod spin;
mod storage;
mod string;
mod system;
mod timers;
pub mod tlb;

pub use exception::Exception;
pub use registers::{Registers, Special, Xer};
pub use run::{Activity, Paused};
pub use spin::Spin;
pub use timers::Timers;

use crate::memory::PAGE;
use crate::report::Unmodelled;
use crate::time::Clock;
use bits::msr;
use lookaside::Lookaside;
use serde::{Deserialize, Serialize};
use tlb::Tlb;

const _: () = assert!(PAGE == 4096);

/// Why an instruction did not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It raises an exception.
    Exception(Exception),
    /// Other cores must catch up first; it has done nothing and is executed again.
    Cut,
    /// It does something that this simulator does not model.
    Unmodelled(Box<Unmodelled>),
}

impl From<Exception> for Fault {
    fn from(exception: Exception) -> Self {
        Self::Exception(exception)
    }
}

/// A core.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Core {
    /// Which of the node's cores it is, 0 to 3.
    pub number: usize,
    /// General, floating-point and special registers.
    pub registers: Registers,
    /// The 64 entries.
    pub tlb: Tlb,
    /// Time base, decrementer, interval timer, watchdog.
    pub timers: Timers,
    /// Its place in time, and how many instructions it has completed.
    pub clock: Clock,
    /// What it does.
    pub activity: Activity,
    /// The interrupt controller's lines to it, as it last saw them.
    lines: crate::bus::Lines,
    /// The TLB was written since the last context-synchronising event.
    tlb_written: bool,
    /// The hard-wired translation of the reset page is in force (section 2.8).
    pub reset_page: bool,
    /// Loops that wait are skipped.
    pub spin: Spin,
    /// The instruction under way may touch what other cores see: they have all caught up.
    #[serde(skip)]
    in_order: bool,
    /// Keys of the lookaside buffer for fetches and for data, from MSR and PID.
    #[serde(skip)]
    contexts: (u32, u32),
    /// What FPSCR is owed; nothing, unless instructions are being executed.
    #[serde(skip)]
    pending: float_fast::Pending,
    #[serde(skip)]
    lookaside: Lookaside,
}

impl Core {
    /// A core as it comes out of reset: parked, at the reset vector.
    pub fn new(number: usize, clock: Clock) -> Self {
        Self {
            number,
            registers: Registers::reset(number),
            tlb: Tlb::new(),
            timers: Timers::default(),
            clock,
            activity: Activity::Parked,
            lines: crate::bus::Lines::default(),
            tlb_written: false,
            reset_page: true,
            spin: Spin::default(),
            in_order: false,
            contexts: (lookaside::NO_CONTEXT, lookaside::NO_CONTEXT),
            pending: float_fast::Pending::default(),
            lookaside: Lookaside::default(),
        }
    }

    /// Derives what is remembered from what software can see: after a restore, and after anything outside
    /// the core has written its registers or its TLB.
    pub fn refresh(&mut self) {
        self.lookaside.clear();
        self.context_changed();
    }

    /// Follows a change of MSR or PID.
    fn context_changed(&mut self) {
        let state = self.registers.msr;
        let user = state & msr::PR != 0;
        let process = self.registers.special.pid as u8;
        self.contexts = (
            lookaside::context(state & msr::IS != 0, user, process),
            lookaside::context(state & msr::DS != 0, user, process),
        );
        if self.watches_data() {
            self.contexts.1 = lookaside::NO_CONTEXT;
        }
    }

    /// Sets the MSR; bits that do not exist stay 0.
    fn set_msr(&mut self, value: u32) {
        self.registers.msr = value & msr::ALL;
        self.context_changed();
    }

    /// A context-synchronising event: translations that the TLB no longer holds end here.
    fn synchronise(&mut self) {
        if self.tlb_written {
            self.tlb_written = false;
            self.reset_page &= !self.registers.special.left_reset_page;
            self.lookaside.clear();
        }
    }

    /// The virtual time in cycles.
    pub fn time(&self) -> u64 {
        self.clock.time()
    }
}

#[cfg(test)]
mod tests;
