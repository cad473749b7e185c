//! Interrupts of the guest that its own instructions cause. All others are the monitor's to deliver, and so are those that
//! save to other registers than SRR0 and SRR1.

use super::{Next, Run, VcpuMachine};
use abi::vcpu::{Exit, ExitReason, REQUEST_STEP, VcpuCounter};
use ppc440::msr;

/// MSR: what the 440 keeps of it. FE0, DWE and FE1 are the bits without a name in [`ppc440::msr`].
pub(super) const MSR: u32 = 0x0006_FF30;

/// An interrupt, by the number of its vector's offset register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupt(u32);

impl Interrupt {
    pub(crate) const DATA_STORAGE: Self = Self(2);
    pub(crate) const INSTRUCTION_STORAGE: Self = Self(3);
    pub(crate) const ALIGNMENT: Self = Self(5);
    pub(crate) const PROGRAM: Self = Self(6);
    pub(crate) const FLOAT_UNAVAILABLE: Self = Self(7);
    pub(crate) const DATA_TLB_ERROR: Self = Self(13);
    pub(crate) const INSTRUCTION_TLB_ERROR: Self = Self(14);
    pub(crate) const DEBUG: Self = Self(15);

    /// The one of a number, of which four bits count.
    pub const fn from_number(number: u32) -> Self {
        Self(number & 15)
    }

    /// The interrupt of instructions beside one of data: both pairs have adjacent numbers.
    pub(super) const fn of_instructions(self) -> Self {
        Self(self.0 + 1)
    }

    /// What counts it, if it is not counted elsewhere.
    const fn counter(self) -> Option<VcpuCounter> {
        match self.0 {
            2 | 3 => Some(VcpuCounter::Storage),
            5 => Some(VcpuCounter::Alignment),
            8 => Some(VcpuCounter::SystemCall),
            13 | 14 => Some(VcpuCounter::GuestMiss),
            _ => None,
        }
    }
}

impl<M: VcpuMachine> Run<'_, M> {
    /// Enters an interrupt: the guest goes on in its handler.
    pub(super) fn deliver(&mut self, interrupt: Interrupt) -> Next {
        let state = &mut *self.state;
        state.srr = [state.pc, state.msr & MSR];
        state.msr &= msr::CE | msr::ME | msr::DE;
        state.pc = state.ivpr & 0xFFFF_0000 | state.ivor[interrupt.0 as usize & 15] & 0xFFF0;
        if let Some(counter) = interrupt.counter() {
            state.count(counter);
        }
        self.finish(0)
    }

    /// One instruction of the guest is done, by an interrupt or `completed`.
    pub(super) fn finish(&mut self, completed: u32) -> Next {
        if self.state.requests & REQUEST_STEP == 0 {
            return self.prepare();
        }
        self.state.requests &= !REQUEST_STEP;
        self.exit(ExitReason::Step, Exit { detail: completed, ..Exit::default() })
    }

    /// Ends the run.
    pub(super) fn exit(&mut self, reason: ExitReason, exit: Exit) -> Next {
        self.state.exit = Exit { reason: reason as u32, ..exit };
        Next::Exit
    }
}
