//! Interrupts of the guest: how they are entered and returned from, and which comes first.
//!
//! PPC440 user's manual, interrupts and exceptions. MSR\[CE\], ME and DE are the guest's shadow only: they decide
//! what is delivered to it, and the hardware's never follow them.

use abi::vcpu::{LINE_CRITICAL, LINE_EXTERNAL, VcpuCounter, VcpuState};
use ppc440::msr;

use crate::timers::{DIE, DIS, FIE, FIS, WIE, WIS};

/// MSR: what the 440 keeps of it. FE0, DWE and FE1 are the bits without a name in [`ppc440::msr`].
pub(crate) const MSR: u32 = 0x0006_FF30;

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
    pub(crate) const EXTERNAL: Self = Self(4);
    pub(crate) const PROGRAM: Self = Self(6);
    pub(crate) const DECREMENTER: Self = Self(10);
    pub(crate) const FIXED_INTERVAL: Self = Self(11);
    pub(crate) const WATCHDOG: Self = Self(12);
    pub(crate) const DATA_TLB_ERROR: Self = Self(13);
    pub(crate) const DEBUG: Self = Self(15);

    /// The one of a monitor's number, of which four bits count.
    pub const fn from_number(number: u32) -> Self {
        Self(number & 15)
    }

    /// What counts it.
    const fn counter(self) -> Option<VcpuCounter> {
        match self.0 {
            2 | 3 => Some(VcpuCounter::Storage),
            5 => Some(VcpuCounter::Alignment),
            6 => Some(VcpuCounter::Program),
            8 => Some(VcpuCounter::SystemCall),
            10..=12 => Some(VcpuCounter::Timer),
            0 | 4 => Some(VcpuCounter::External),
            13 | 14 => Some(VcpuCounter::GuestMiss),
            _ => None,
        }
    }
}

/// Where an interrupt leaves what it interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// SRR0 and SRR1.
    Normal,
    /// CSRR0 and CSRR1.
    Critical,
    /// MCSRR0 and MCSRR1.
    MachineCheck,
}

fn saved(state: &mut VcpuState, level: Level) -> &mut [u32; 2] {
    match level {
        Level::Normal => &mut state.srr,
        Level::Critical => &mut state.csrr,
        Level::MachineCheck => &mut state.mcsrr,
    }
}

/// Enters an interrupt: the guest goes on in its handler.
pub(crate) fn enter(state: &mut VcpuState, interrupt: Interrupt) {
    let (level, kept) = match interrupt {
        Interrupt::MACHINE_CHECK => (Level::MachineCheck, 0),
        Interrupt::CRITICAL_INPUT | Interrupt::WATCHDOG | Interrupt::DEBUG => (Level::Critical, msr::ME),
        _ => (Level::Normal, msr::CE | msr::ME | msr::DE),
    };
    *saved(state, level) = [state.pc, state.msr & MSR];
    state.msr &= kept;
    let offset = state.ivor[interrupt.0 as usize & 15];
    state.pc = state.ivpr & 0xFFFF_0000 | offset & 0xFFF0;
    if let Some(counter) = interrupt.counter() {
        state.count(counter);
    }
}

/// Returns from an interrupt.
pub(crate) fn return_from(state: &mut VcpuState, level: Level) {
    let [pc, machine_state] = *saved(state, level);
    state.pc = pc & !3;
    state.msr = machine_state & MSR;
    state.count(VcpuCounter::Return);
}

/// Whether a timer asks for an interrupt.
const fn asks(state: &VcpuState, enable: u32, status: u32) -> bool {
    state.tcr & enable != 0 && state.tsr & status != 0
}

/// The interrupt to enter next, if the guest lets any in.
pub(crate) fn pending(state: &VcpuState) -> Option<Interrupt> {
    if state.dbsr & (COMPLETED | TRAPPED) != 0 && watches(state) {
        return Some(Interrupt::DEBUG);
    }
    if state.msr & msr::CE != 0 {
        if state.lines & LINE_CRITICAL != 0 {
            return Some(Interrupt::CRITICAL_INPUT);
        }
        if asks(state, WIE, WIS) {
            return Some(Interrupt::WATCHDOG);
        }
    }
    if state.msr & msr::EE != 0 {
        if state.lines & LINE_EXTERNAL != 0 {
            return Some(Interrupt::EXTERNAL);
        }
        if asks(state, FIE, FIS) {
            return Some(Interrupt::FIXED_INTERVAL);
        }
        if asks(state, DIE, DIS) {
            return Some(Interrupt::DECREMENTER);
        }
    }
    None
}

/// Whether an interrupt waits for MSR\[EE\], as [`VcpuState::waits`] says it.
pub(crate) fn waits(state: &VcpuState) -> u32 {
    let external = state.lines & LINE_EXTERNAL != 0;
    (external || asks(state, FIE, FIS) || asks(state, DIE, DIS)).into()
}

/// Whether the guest has debug interrupts on.
fn watches(state: &VcpuState) -> bool {
    state.msr & msr::DE != 0 && state.dbcr[0] & INTERNAL != 0
}

/// Whether the guest asks for one after each instruction.
pub(crate) fn steps_itself(state: &VcpuState) -> bool {
    watches(state) && state.dbcr[0] & COMPLETED != 0
}

/// An instruction has completed, and the guest had asked for that before.
pub(crate) fn note_step(state: &mut VcpuState) {
    state.dbsr |= COMPLETED;
}

/// Whether the guest has a debug interrupt in place of a trap. If so, it is noted.
pub(crate) fn watches_traps(state: &mut VcpuState) -> bool {
    let watches = watches(state) && state.dbcr[0] & TRAPPED != 0;
    if watches {
        state.dbsr |= TRAPPED;
    }
    watches
}
