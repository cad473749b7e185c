//! Interrupts of the guest: how they are entered and returned from, and which comes first.
//!
//! PPC440 user's manual, interrupts and exceptions. MSR\[CE\], ME and DE are the guest's shadow only: they decide
//! what is delivered to it, and the hardware's never follow them.

use super::emulate::Flow;
use super::timers::{DIE, DIS, FIE, FIS, WIE, WIS};
use super::{Next, Run, VcpuMachine};
use abi::vcpu::{Exit, ExitReason, LINE_CRITICAL, LINE_EXTERNAL, REQUEST_STEP, VcpuCounter, VcpuState};
use ppc440::msr;

/// MSR: what the 440 keeps of it. FE0, DWE and FE1 are the bits without a name in [`ppc440::msr`].
pub(super) const MSR: u32 = 0x0006_FF30;

/// DBCR0: debug events interrupt.
const INTERNAL: u32 = 0x4000_0000;
/// DBCR0 and DBSR: an instruction has completed.
const COMPLETED: u32 = 0x0800_0000;
/// DBCR0 and DBSR: a trap.
const TRAPPED: u32 = 0x0100_0000;

/// An interrupt, by the number of its vector's offset register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupt(u32);

impl Interrupt {
    pub(crate) const CRITICAL_INPUT: Self = Self(0);
    pub(crate) const MACHINE_CHECK: Self = Self(1);
    pub(crate) const DATA_STORAGE: Self = Self(2);
    pub(crate) const INSTRUCTION_STORAGE: Self = Self(3);
    pub(crate) const EXTERNAL: Self = Self(4);
    pub(crate) const ALIGNMENT: Self = Self(5);
    pub(crate) const PROGRAM: Self = Self(6);
    pub(crate) const FLOAT_UNAVAILABLE: Self = Self(7);
    pub(crate) const SYSTEM_CALL: Self = Self(8);
    pub(crate) const DECREMENTER: Self = Self(10);
    pub(crate) const FIXED_INTERVAL: Self = Self(11);
    pub(crate) const WATCHDOG: Self = Self(12);
    pub(crate) const DATA_TLB_ERROR: Self = Self(13);
    pub(crate) const INSTRUCTION_TLB_ERROR: Self = Self(14);
    pub(crate) const DEBUG: Self = Self(15);

    /// The one of a monitor's number, of which four bits count.
    pub const fn from_number(number: u32) -> Self {
        Self(number & 15)
    }

    /// The interrupt of instructions beside one of data: both pairs have adjacent numbers.
    pub(super) const fn of_instructions(self) -> Self {
        Self(self.0 + 1)
    }

    /// What counts it, if it is not counted elsewhere.
    const fn counter(self) -> Option<VcpuCounter> {
        match self {
            Self::DATA_STORAGE | Self::INSTRUCTION_STORAGE => Some(VcpuCounter::Storage),
            Self::ALIGNMENT => Some(VcpuCounter::Alignment),
            Self::PROGRAM => Some(VcpuCounter::Program),
            Self::SYSTEM_CALL => Some(VcpuCounter::SystemCall),
            Self::DECREMENTER | Self::FIXED_INTERVAL | Self::WATCHDOG => Some(VcpuCounter::Timer),
            Self::EXTERNAL | Self::CRITICAL_INPUT => Some(VcpuCounter::External),
            _ => None,
        }
    }
}

/// Where an interrupt leaves what it interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// SRR0 and SRR1.
    Normal,
    /// CSRR0 and CSRR1.
    Critical,
    /// MCSRR0 and MCSRR1.
    MachineCheck,
}

impl<M: VcpuMachine> Run<'_, M> {
    fn saved(&mut self, level: Level) -> &mut [u32; 2] {
        match level {
            Level::Normal => &mut self.state.srr,
            Level::Critical => &mut self.state.csrr,
            Level::MachineCheck => &mut self.state.mcsrr,
        }
    }

    /// Enters an interrupt: the guest goes on in its handler.
    pub(super) fn enter(&mut self, interrupt: Interrupt) {
        let (level, kept) = match interrupt {
            Interrupt::MACHINE_CHECK => (Level::MachineCheck, 0),
            Interrupt::CRITICAL_INPUT | Interrupt::WATCHDOG | Interrupt::DEBUG => (Level::Critical, msr::ME),
            _ => (Level::Normal, msr::CE | msr::ME | msr::DE),
        };
        *self.saved(level) = [self.state.pc, self.state.msr & MSR];
        self.state.msr &= kept;
        let offset = self.state.ivor[interrupt.0 as usize & 15];
        self.state.pc = self.state.ivpr & 0xFFFF_0000 | offset & 0xFFF0;
        if let Some(counter) = interrupt.counter() {
            self.state.count(counter);
        }
    }

    /// Enters an interrupt that an instruction caused.
    pub(super) fn deliver(&mut self, interrupt: Interrupt) -> Next {
        self.enter(interrupt);
        self.finish()
    }

    /// Returns from an interrupt.
    pub(super) fn return_from(&mut self, level: Level) -> Flow {
        let [pc, machine_state] = *self.saved(level);
        self.state.pc = pc & !3;
        self.state.msr = machine_state & MSR;
        self.state.count(VcpuCounter::Return);
        Flow::Gone
    }

    /// The interrupt to enter next, if the guest lets any in.
    pub(super) fn pending(&self) -> Option<Interrupt> {
        let VcpuState { msr, lines, tcr, tsr, .. } = *self.state;
        let asks = |enable, status| tcr & enable != 0 && tsr & status != 0;
        if self.state.dbsr & (COMPLETED | TRAPPED) != 0 && self.watches() {
            return Some(Interrupt::DEBUG);
        }
        if msr & msr::CE != 0 {
            if lines & LINE_CRITICAL != 0 {
                return Some(Interrupt::CRITICAL_INPUT);
            }
            if asks(WIE, WIS) {
                return Some(Interrupt::WATCHDOG);
            }
        }
        if msr & msr::EE != 0 {
            if lines & LINE_EXTERNAL != 0 {
                return Some(Interrupt::EXTERNAL);
            }
            if asks(FIE, FIS) {
                return Some(Interrupt::FIXED_INTERVAL);
            }
            if asks(DIE, DIS) {
                return Some(Interrupt::DECREMENTER);
            }
        }
        None
    }

    /// Whether the guest has debug interrupts on.
    fn watches(&self) -> bool {
        self.state.msr & msr::DE != 0 && self.state.dbcr[0] & INTERNAL != 0
    }

    /// Whether the guest asks for one after each instruction.
    pub(super) fn steps_itself(&self) -> bool {
        self.watches() && self.state.dbcr[0] & COMPLETED != 0
    }

    /// An instruction has completed: whether the guest had asked for that before.
    pub(super) fn note_step(&mut self, steps: bool) {
        if steps {
            self.state.dbsr |= COMPLETED;
        }
    }

    /// Whether the guest has a debug interrupt in place of a trap. If so, it is noted.
    pub(super) fn watches_traps(&mut self) -> bool {
        let watches = self.watches() && self.state.dbcr[0] & TRAPPED != 0;
        if watches {
            self.state.dbsr |= TRAPPED;
        }
        watches
    }

    /// One instruction of the guest is done, in whatever way.
    pub(super) fn finish(&mut self) -> Next {
        if self.state.requests & REQUEST_STEP != 0 {
            self.state.requests &= !REQUEST_STEP;
            return self.exit(ExitReason::Step, Exit::default());
        }
        self.prepare()
    }

    /// Ends the run.
    pub(super) fn exit(&mut self, reason: ExitReason, exit: Exit) -> Next {
        self.state.exit = Exit { reason: reason as u32, ..exit };
        self.state.count(match reason {
            ExitReason::DcrRead | ExitReason::DcrWrite => VcpuCounter::ExitDcr,
            ExitReason::Access => VcpuCounter::ExitAccess,
            ExitReason::Signalled => VcpuCounter::ExitSignal,
            _ => VcpuCounter::ExitOther,
        });
        Next::Exit(reason)
    }
}
