//! What comes before a run: what the monitor asks for, timers that have come, interrupts by their priority, waiting.

use abi::vcpu::{
    Exit, ExitReason, REQUEST_FLOATS, REQUEST_INTERRUPT, REQUEST_RESET, REQUEST_STEP, VcpuCounter,
};
use ppc440::msr;
use runtime::Timer;
use runtime::vm::VirtualMachine;

use crate::interrupts::{self, Interrupt};
use crate::timers::{NEVER, Timers};
use crate::{Next, Processor};

impl<V: VirtualMachine, C: Timer> Processor<V, C> {
    /// Looks at all that may keep the guest from its next instruction.
    #[inline(never)]
    pub(crate) fn prepare(&mut self) -> Next {
        let now = self.clock.now();
        let state = self.vm.state();
        if state.requests & REQUEST_RESET != 0 {
            self.timers = Timers::after_reset(now);
        }
        if state.requests & REQUEST_INTERRUPT != 0 {
            state.requests &= !REQUEST_INTERRUPT;
            interrupts::enter(state, Interrupt::from_number(state.interrupt));
        }
        if state.requests & REQUEST_FLOATS != 0 {
            // The kernel's answer comes before the guest does anything.
            return Next::Run;
        }
        loop {
            self.has_news = false;
            self.settle();
            self.arm();
            if self.timers.reset != 0 {
                let detail = core::mem::take(&mut self.timers.reset) >> 28;
                return self.exit(ExitReason::Reset, Exit { detail, ..Exit::default() });
            }
            let state = self.vm.state();
            if let Some(interrupt) = interrupts::pending(state) {
                interrupts::enter(state, interrupt);
            }
            state.waits = interrupts::waits(state);
            if state.msr & msr::WE == 0 {
                return Next::Run;
            }
            state.count(VcpuCounter::Idle);
            let bits = self.vm.wait();
            if let Next::End(bits) = self.look_at(bits) {
                return Next::End(bits);
            }
        }
    }

    /// Brings the timers' status up to date.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        let state = self.vm.state();
        self.timers.settle(now, state.tcr, &mut state.tsr, state.decar);
    }

    /// Has the clock fire when the guest must learn of something. A deadline that is gone fires for nothing.
    fn arm(&mut self) {
        let deadline = self.timers.deadline;
        if deadline != NEVER && deadline != self.armed {
            self.clock.arm(deadline);
        }
        self.armed = deadline;
    }

    /// Has the kernel end the run after one instruction if the guest wants an interrupt after each. Whether it is for
    /// the guest alone.
    pub(crate) fn step(&mut self) -> bool {
        let state = self.vm.state();
        let steps = interrupts::steps_itself(state) && state.requests & REQUEST_STEP == 0;
        if steps {
            state.requests |= REQUEST_STEP;
        }
        steps
    }
}
