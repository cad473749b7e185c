//! Exceptions: what raises them, which registers they set, where they lead (section 2.4).

use super::Core;
use super::bits::{debug, esr, mcsr, msr};
use serde::{Deserialize, Serialize};

/// An exception. Synchronous ones carry what goes to ESR and DEAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the architecture's; fields are those of the registers")]
pub enum Exception {
    CriticalInput,
    MachineCheck { syndrome: u32, fetch: bool },
    DataStorage { address: u32, syndrome: u32 },
    InstructionStorage { syndrome: u32 },
    External,
    Alignment { address: u32, syndrome: u32 },
    Program { syndrome: u32 },
    FloatUnavailable,
    SystemCall,
    Decrementer,
    FixedInterval,
    Watchdog,
    DataTlb { address: u32, syndrome: u32 },
    InstructionTlb,
    Debug { events: u32 },
}

/// The three classes, which save to registers of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Base,
    Critical,
    MachineCheck,
}

impl Exception {
    /// The number of its vector register.
    pub const fn vector(self) -> usize {
        match self {
            Self::CriticalInput => 0,
            Self::MachineCheck { .. } => 1,
            Self::DataStorage { .. } => 2,
            Self::InstructionStorage { .. } => 3,
            Self::External => 4,
            Self::Alignment { .. } => 5,
            Self::Program { .. } => 6,
            Self::FloatUnavailable => 7,
            Self::SystemCall => 8,
            Self::Decrementer => 10,
            Self::FixedInterval => 11,
            Self::Watchdog => 12,
            Self::DataTlb { .. } => 13,
            Self::InstructionTlb => 14,
            Self::Debug { .. } => 15,
        }
    }

    /// Its name in traces.
    pub const fn name(self) -> &'static str {
        [
            "critical input",
            "machine check",
            "data storage",
            "instruction storage",
            "external input",
            "alignment",
            "program",
            "floating point unavailable",
            "system call",
            "auxiliary processor unavailable",
            "decrementer",
            "fixed interval timer",
            "watchdog",
            "data TLB error",
            "instruction TLB error",
            "debug",
        ][self.vector()]
    }

    const fn class(self) -> Class {
        match self {
            Self::CriticalInput | Self::Watchdog | Self::Debug { .. } => Class::Critical,
            Self::MachineCheck { .. } => Class::MachineCheck,
            _ => Class::Base,
        }
    }
}

/// What each class leaves of the MSR.
const KEPT_BY_BASE: u32 = msr::CE | msr::ME | msr::DE;
const KEPT_BY_CRITICAL: u32 = msr::ME;

impl Core {
    /// Takes an exception: the handler is what is executed next.
    ///
    /// `pc` must be the address to which the handler returns: that of the instruction, except after a system
    /// call and for interrupts between instructions, where it is the next one's.
    pub fn take(&mut self, exception: Exception) {
        let (pc, state) = (self.registers.pc, self.registers.msr);
        let special = &mut self.registers.special;
        match exception {
            Exception::DataStorage { address, syndrome }
            | Exception::DataTlb { address, syndrome }
            | Exception::Alignment { address, syndrome } => {
                special.dear = address;
                special.esr = syndrome;
            }
            Exception::InstructionStorage { syndrome } | Exception::Program { syndrome } => {
                special.esr = syndrome
            }
            Exception::InstructionTlb => special.esr = 0,
            Exception::MachineCheck { syndrome, fetch } => {
                special.mcsr |= syndrome | mcsr::MCS;
                if fetch {
                    special.esr |= esr::MCI;
                }
            }
            Exception::Debug { events } => special.dbsr |= events,
            _ => {}
        }
        let kept = match exception.class() {
            Class::Base => {
                (special.srr0, special.srr1) = (pc, state);
                KEPT_BY_BASE
            }
            Class::Critical => {
                (special.csrr0, special.csrr1) = (pc, state);
                KEPT_BY_CRITICAL
            }
            Class::MachineCheck => {
                (special.mcsrr0, special.mcsrr1) = (pc, state);
                0
            }
        };
        self.registers.pc = special.ivpr & 0xFFFF_0000 | special.ivor[exception.vector()] & 0xFFF0;
        self.set_msr(state & kept);
        self.synchronise();
    }

    /// The interrupt to take now, if any: between instructions, in the order of their priority.
    pub(super) fn interrupt(&mut self) -> Option<Exception> {
        let (state, lines) = (self.registers.msr, self.lines);
        if lines.machine_check && state & msr::ME != 0 {
            return Some(Exception::MachineCheck { syndrome: mcsr::DRB, fetch: false });
        }
        if state & msr::DE != 0 && self.registers.special.dbcr[0] & debug::IDM != 0 {
            let events = self.registers.special.dbsr & debug::EVENTS;
            if events != 0 {
                return Some(Exception::Debug { events: 0 });
            }
        }
        if state & (msr::CE | msr::EE) == 0 {
            return None;
        }
        let now = self.clock.time();
        let (decrementer, interval, watchdog) = self.timers.pending(now);
        if state & msr::CE != 0 {
            if lines.critical {
                return Some(Exception::CriticalInput);
            }
            if watchdog {
                return Some(Exception::Watchdog);
            }
        }
        if state & msr::EE != 0 {
            if lines.external {
                return Some(Exception::External);
            }
            if interval {
                return Some(Exception::FixedInterval);
            }
            if decrementer {
                return Some(Exception::Decrementer);
            }
        }
        None
    }

    /// Notes debug events. They interrupt at once if that is enabled, else their record waits.
    pub(super) fn debug_event(&mut self, events: u32) -> Option<Exception> {
        let enabled = self.registers.special.dbcr[0] & events;
        if enabled == 0 {
            return None;
        }
        self.registers.special.dbsr |= enabled;
        self.freeze_timers();
        if self.registers.special.dbcr[0] & debug::IDM == 0 {
            return None;
        }
        if self.registers.msr & msr::DE != 0 {
            Some(Exception::Debug { events: enabled })
        } else {
            self.registers.special.dbsr |= debug::IDE;
            None
        }
    }
}
